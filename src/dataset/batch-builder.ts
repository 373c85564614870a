import type { NumberColumn, TextColumn } from './batch.ts';

/** Collects the numbers of one column, batch after batch. `set` what is there, `setNull` what is missing, then `finish`. */
export class NumberBuilder {
  readonly capacity: number;
  values: Float64Array;
  #nulls: Uint8Array | undefined;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.values = new Float64Array(capacity);
  }

  set(row: number, value: number): void {
    this.values[row] = value;
  }

  setNull(row: number): void {
    this.values[row] = Number.NaN;
    this.#nulls ??= new Uint8Array(this.capacity);
    this.#nulls[row] = 1;
  }

  /** The column of the first `rows` values. The builder begins again with arrays of its own. */
  finish(rows: number): NumberColumn {
    const column: NumberColumn = {
      storage: 'number',
      values: rows === this.capacity ? this.values : this.values.slice(0, rows),
      nulls: this.#nulls?.subarray(0, rows),
    };
    if (rows === this.capacity) this.values = new Float64Array(this.capacity);
    this.#nulls = undefined;
    return column;
  }
}

/** Collects the strings of one column, batch after batch, giving each distinct one a code. */
export class TextBuilder {
  readonly capacity: number;
  #codes: Int32Array;
  #index = new Map<string, number>();
  #dictionary: string[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#codes = new Int32Array(capacity);
  }

  set(row: number, value: string): void {
    this.#codes[row] = this.code(value);
  }

  setNull(row: number): void {
    this.#codes[row] = -1;
  }

  /** The code of a string in the batch that is being collected. */
  code(value: string): number {
    const known = this.#index.get(value);
    if (known !== undefined) return known;
    const code = this.#dictionary.length;
    this.#index.set(value, code);
    this.#dictionary.push(value);
    return code;
  }

  /** Sets a value by a code that `code` gave for this batch. */
  setCode(row: number, code: number): void {
    this.#codes[row] = code;
  }

  /** The column of the first `rows` values. The builder begins again with a dictionary of its own. */
  finish(rows: number): TextColumn {
    const codes = rows === this.capacity ? this.#codes : this.#codes.slice(0, rows);
    const column: TextColumn = { storage: 'text', codes, dictionary: this.#dictionary };
    if (rows === this.capacity) this.#codes = new Int32Array(this.capacity);
    this.#index = new Map();
    this.#dictionary = [];
    return column;
  }
}
