import type { ColumnBatch, TextColumn } from '../../dataset/batch.ts';
import { columnOf } from './streams.ts';

/** One slice column over all batches, with a dictionary of its own. A numeric feature slices by its value's text. */
export class SliceColumn {
  readonly #name: string;
  readonly #codes: Int32Array[] = [];
  readonly #dictionary = new Map<string, number>();

  constructor(name: string) {
    this.#name = name;
  }

  add(batch: ColumnBatch): void {
    const column = columnOf(batch, this.#name);
    if (column.storage === 'text') this.#codes.push(column.codes.map((code) => (code < 0 ? -1 : this.#codeOf(column.dictionary[code] ?? ''))));
    else this.#codes.push(Int32Array.from(column.values, (value, row) => (column.nulls?.[row] === 1 ? -1 : this.#codeOf(String(value)))));
  }

  column(): TextColumn {
    const codes = new Int32Array(this.#codes.reduce((rows, some) => rows + some.length, 0));
    let at = 0;
    for (const some of this.#codes) {
      codes.set(some, at);
      at += some.length;
    }
    return { storage: 'text', codes, dictionary: [...this.#dictionary.keys()] };
  }

  #codeOf(value: string): number {
    const known = this.#dictionary.get(value);
    if (known !== undefined) return known;
    this.#dictionary.set(value, this.#dictionary.size);
    return this.#dictionary.size - 1;
  }
}
