import type { Column } from '../dataset/batch.ts';
import type { DateOrder } from '../shared/date-order.ts';
import { DECIMAL_MARKS, type DecimalMark, signsOf } from './amounts.ts';
import { type Cell, PERSONAL, type Personal, readCell } from './cells.ts';

/** As many different values of a column are counted one by one; of more, only their number is asked of the engine. */
export const MOST_VALUES = 2000;
const REMEMBERED = 20_000;
const STRAYS = 20;

const COUNTED = ['integer', 'date', 'timestamp', 'boolean', 'marker', 'code'] as const;
type Counted = (typeof COUNTED)[number];

/** What a column holds as numbers. */
export interface Numbers {
  /** Rows that have one. */
  readonly numbers: number;
  readonly min: number;
  readonly max: number;
  /** Whether every one is whole. */
  readonly whole: boolean;
}

class NumbersTally implements Numbers {
  numbers = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  whole = true;
  /** Signs around the digits, as `Written` has them. */
  readonly signs = new Set<string>();
  /** Rows of cells that are no plain numbers, and one of these. */
  unusual = 0;
  example = '';

  add(value: number, rows: number): void {
    this.numbers += rows;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (!Number.isInteger(value)) this.whole = false;
  }
}

/** Counts of a column, as its rows go by. */
export class Tally {
  filled = 0;
  infinite = 0;
  /** Numbers as programs write them, */
  readonly plain = new NumbersTally();
  /** and as people do, plain ones among them, by the mark before a fraction. */
  readonly written: Readonly<Record<DecimalMark, NumbersTally>> = { point: new NumbersTally(), comma: new NumbersTally() };
  length = 0;
  longest = 0;
  readonly counts: Record<Counted, number> = { integer: 0, date: 0, timestamp: 0, boolean: 0, marker: 0, code: 0 };
  /** Dates and timestamps in each order that is not ISO's, and how many of them are days. */
  readonly dated: Readonly<Record<DateOrder, { dates: number; timestamps: number }>> = { ymd: { dates: 0, timestamps: 0 }, dmy: { dates: 0, timestamps: 0 }, mdy: { dates: 0, timestamps: 0 } };
  readonly personal = Object.fromEntries(PERSONAL.map((kind) => [kind, 0])) as Record<Personal, number>;
  /** Rows by value, while there are few enough of them. */
  readonly values = new Map<string, number>();
  overflow = false;
  /** Texts that are no numbers, and their rows: the first ones that came. */
  readonly strays = new Map<string, number>();
  readonly #read = new Map<string, Cell>();

  add(column: Column, rows: number): void {
    if (column.storage === 'number') {
      for (let row = 0; row < rows; row++) if (column.nulls?.[row] !== 1) this.#number(column.values[row] ?? Number.NaN);
      return;
    }
    const counts = new Int32Array(column.dictionary.length);
    for (const code of column.codes) if (code >= 0) counts[code]! += 1;
    column.dictionary.forEach((text, code) => {
      const found = counts[code] ?? 0;
      if (found > 0) this.#text(text, found);
    });
  }

  #number(value: number): void {
    this.filled += 1;
    this.#value(String(value), 1);
    if (!Number.isFinite(value)) this.infinite += 1;
    else this.plain.add(value, 1);
    if (Number.isSafeInteger(value)) this.counts.integer += 1;
  }

  #text(text: string, rows: number): void {
    this.filled += rows;
    this.length += text.length * rows;
    this.longest = Math.max(this.longest, text.length);
    this.#value(text, rows);
    const cell = this.#cell(text);
    for (const kind of COUNTED) if (cell[kind]) this.counts[kind] += rows;
    for (const order of cell.orders) {
      this.dated[order].timestamps += rows;
      if (cell.isDay) this.dated[order].dates += rows;
    }
    if (cell.personal !== undefined) this.personal[cell.personal] += rows;
    if (cell.number !== undefined) this.plain.add(cell.number, rows);
    for (const mark of DECIMAL_MARKS) this.#amount(mark, { text, rows, cell });
    if (cell.number !== undefined) return;
    if (this.strays.size < STRAYS || this.strays.has(text)) this.strays.set(text, (this.strays.get(text) ?? 0) + rows);
  }

  #amount(mark: DecimalMark, { text, rows, cell }: { readonly text: string; readonly rows: number; readonly cell: Cell }): void {
    const value = cell.amounts[mark];
    if (value === undefined) return;
    this.written[mark].add(value, rows);
    const isPlain = cell.number !== undefined;
    if (!isPlain || (mark === 'comma' && text.includes('.'))) for (const sign of signsOf(text, mark)) this.written[mark].signs.add(sign);
    if (isPlain) return;
    this.written[mark].unusual += rows;
    this.written[mark].example ||= text;
  }

  #value(text: string, rows: number): void {
    if (this.overflow) return;
    this.values.set(text, (this.values.get(text) ?? 0) + rows);
    if (this.values.size <= MOST_VALUES) return;
    this.overflow = true;
    this.values.clear();
  }

  #cell(text: string): Cell {
    const known = this.#read.get(text);
    if (known !== undefined) return known;
    const cell = readCell(text);
    if (this.#read.size < REMEMBERED) this.#read.set(text, cell);
    return cell;
  }
}
