import type { NumberColumn } from '../dataset/batch.ts';

/** Collects the numbers of one column. Unlike a NumberBuilder it takes a row back: the next one is set over it. */
export class NumberCells {
  readonly #capacity: number;
  #values: Float64Array;
  #nulls: Uint8Array | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#values = new Float64Array(capacity);
  }

  set(row: number, value: number): void {
    this.#values[row] = value;
    if (this.#nulls !== undefined) this.#nulls[row] = 0;
  }

  setNull(row: number): void {
    this.#values[row] = Number.NaN;
    this.#nulls ??= new Uint8Array(this.#capacity);
    this.#nulls[row] = 1;
  }

  /** The column of the first `rows` values. It begins again with arrays of its own. */
  finish(rows: number): NumberColumn {
    const nulls = this.#nulls?.subarray(0, rows);
    const values = rows === this.#capacity ? this.#values : this.#values.slice(0, rows);
    if (rows === this.#capacity) this.#values = new Float64Array(this.#capacity);
    this.#nulls = undefined;
    return { storage: 'number', values, nulls: nulls?.includes(1) === true ? nulls : undefined };
  }
}
