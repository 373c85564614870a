import { NumberBuilder, TextBuilder } from '../dataset/batch-builder.ts';
import type { Column } from '../dataset/batch.ts';
import { parseCell } from '../dataset/cell.ts';
import { storageOf } from '../dataset/sql-type.ts';
import type { BatchColumn, RejectReason } from './batch-column.ts';

const REASONS = { integer: 'not-a-number', number: 'not-a-number', boolean: 'not-a-boolean', date: 'bad-date', timestamp: 'bad-timestamp', text: 'invalid-text' } as const;

/** What is wrong with a cell. */
export interface Fault {
  readonly column: string;
  readonly value: string | null;
  readonly reason: RejectReason;
}

/** One column of a batch as rows are added to it. */
export class CheckedColumn {
  readonly column: BatchColumn;
  readonly isKey: boolean;
  readonly #numbers: NumberBuilder | undefined;
  readonly #texts: TextBuilder | undefined;

  constructor(column: BatchColumn, isKey: boolean, rows: number) {
    this.column = column;
    this.isKey = isKey;
    if (storageOf(column.type) === 'number') this.#numbers = new NumberBuilder(rows);
    else this.#texts = new TextBuilder(rows);
  }

  /** The value of a cell, where an empty text is a missing one; or what is wrong with it. */
  valueOf(text: string): number | string | null | Fault {
    const { name, type, nullable } = this.column;
    const fault = (reason: RejectReason): Fault => ({ column: name, value: text === '' ? null : text, reason });
    if (text === '') return nullable ? null : fault(this.isKey ? 'null-key' : 'missing-value');
    const value = parseCell(type === 'integer' ? wholeOf(text) : text, type);
    if (value === undefined) return fault(type === 'integer' && /^[+-]?\d+$/.test(text) ? 'integer-too-large' : REASONS[type]);
    return value === Infinity || value === -Infinity || !this.#isWithin(value) ? fault('out-of-range') : value;
  }

  put(row: number, value: number | string | null): void {
    if (value === null) (this.#numbers ?? this.#texts)?.setNull(row);
    else if (typeof value === 'number') this.#numbers?.set(row, value);
    else this.#texts?.set(row, value);
  }

  finish(rows: number): Column {
    return (this.#numbers ?? this.#texts!).finish(rows);
  }

  #isWithin(value: number | string): boolean {
    const { min, max } = this.column;
    return (min === undefined || value >= min) && (max === undefined || value <= max);
  }
}

/** `1.0` for `1`: a wider type that holds a whole number all the same. */
function wholeOf(text: string): string {
  return text.replace(/^([+-]?\d+)\.0+$/, '$1');
}
