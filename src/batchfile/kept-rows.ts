import { textCell } from './csv-text.ts';
import { rowText } from './batch-lines.ts';
import type { InputBatch } from './collector.ts';
import type { BatchFormat } from './format.ts';
import type { PlainRecord } from './take-cells.ts';

/** What of each accepted row is to come out again, in the output's form. */
export interface KeepOptions {
  readonly format: BatchFormat;
  readonly columns: 'all' | 'key';
}

/** The beginnings of output lines, one behind the other in UTF-8, and where each ends. */
export interface KeptLines {
  readonly data: Buffer;
  readonly ends: Int32Array;
}

const COMMA = 44;
const FIRST_BYTES = 1 << 20;

/** Cells of accepted rows as CSV, as they came: a cell is put into another form only where a reader or a spreadsheet would take it for something else. */
export class KeptCsv {
  /** Of each of the file's columns, whether it is kept and whether its cells are numbers, which no spreadsheet runs. */
  readonly #kept: readonly number[];
  readonly #isNumber: readonly boolean[];
  readonly #isWhole: boolean;
  readonly #ends: Int32Array;
  #data: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  #rows = 0;

  /** `kept`: places of the columns, in the output's order. */
  constructor({ kept, isNumber, capacity }: { readonly kept: readonly number[]; readonly isNumber: readonly boolean[]; readonly capacity: number }) {
    this.#kept = kept;
    this.#isNumber = isNumber;
    this.#isWhole = kept.length === isNumber.length && kept.every((at, i) => at === i);
    this.#ends = new Int32Array(capacity);
  }

  /** Keeps a row by its bytes: where no cell needs another form, they are copied as one. */
  plain({ data, start, ends, fields }: PlainRecord): void {
    const end = ends[fields - 1]!;
    if (this.#isWhole && data[ends[0]!] === COMMA && this.#isSafe(data, start, ends)) {
      this.#reserve(end - start);
      this.#length += data.copy(this.#data, this.#length, start, end);
      this.#end();
    } else this.#texts(this.#kept.map((at) => missing(data.toString('utf8', at === 0 ? start : ends[at - 1]! + 1, ends[at]))));
  }

  /** Keeps a CSV record by its texts. */
  record(cells: readonly string[]): void {
    this.#texts(this.#kept.map((at) => missing(cells[at]!)));
  }

  /** Keeps a record by its values, of which null is a missing one. */
  values(cells: readonly (string | null)[]): void {
    this.#texts(this.#kept.map((at) => cells[at]!));
  }

  /** The rows since the last time; they are there until the next is kept. */
  take(): KeptLines {
    const lines = { data: this.#data.subarray(0, this.#length), ends: this.#ends.subarray(0, this.#rows) };
    this.#length = 0;
    this.#rows = 0;
    return lines;
  }

  /** Plain cells have no quotes and no line ends; what is left is what a spreadsheet runs, and space at either end. */
  #isSafe(data: Buffer, start: number, ends: Int32Array): boolean {
    let from = start;
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i]!;
      if (end > from && (isSpace(data[from]!) || isSpace(data[end - 1]!) || (isMark(data[from]!) && !this.#isNumber[i]))) return false;
      from = end + 1;
    }
    return true;
  }

  #texts(cells: readonly (string | null)[]): void {
    const line = cells.map((cell) => (cell === null ? '' : textCell(cell))).join(',');
    this.#reserve(line.length * 3);
    this.#length += this.#data.write(line, this.#length, 'utf8');
    this.#end();
  }

  #end(): void {
    this.#ends[this.#rows] = this.#length;
    this.#rows += 1;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#data.length) return;
    const larger = Buffer.allocUnsafe((this.#length + bytes) * 2);
    this.#data.copy(larger, 0, 0, this.#length);
    this.#data = larger;
  }
}

/** Nothing between delimiters is a missing value. */
function missing(cell: string): string | null {
  return cell === '' ? null : cell;
}

/** `=`, `+`, `-`, `@`: what a spreadsheet may run. */
function isMark(byte: number): boolean {
  return byte === 61 || byte === 43 || byte === 45 || byte === 64;
}

/** Beyond ASCII there are further spaces: such cells are looked at as texts. */
function isSpace(byte: number): boolean {
  return byte <= 32 || byte > 127;
}

/** The rows of a batch as the beginnings of JSON objects. */
export function keptJson({ batch }: InputBatch, names: readonly string[]): KeptLines {
  const textOf = rowText(batch, names, 'jsonl');
  const lines = Array.from({ length: batch.rows }, (_, row) => Buffer.from(`{${textOf(row)}`));
  let length = 0;
  return { data: Buffer.concat(lines), ends: Int32Array.from(lines, (line) => (length += line.length)) };
}
