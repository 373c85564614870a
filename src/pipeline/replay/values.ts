import type { BatchSource, ColumnBatch } from '../../dataset/batch.ts';
import { sampleRows } from '../job/row-sample.ts';
import { columnOf } from '../job/streams.ts';

export type Value = number | string | null;

/** Values of some rows, in a batch that may lack some of them. */
export class Values {
  readonly #batch: ColumnBatch;
  /** Where each row is in the batch; −1 where it is not. */
  readonly #places: Int32Array;

  constructor(batch: ColumnBatch, places: Int32Array) {
    this.#batch = batch;
    this.#places = places;
  }

  has(row: number): boolean {
    return (this.#places[row] ?? -1) >= 0;
  }

  /** The value of a row; undefined where the row or the column is not there. */
  at(row: number, name: string): Value | undefined {
    if (!this.has(row) || !this.#batch.columns.has(name)) return undefined;
    const column = columnOf(this.#batch, name);
    const place = this.#places[row]!;
    if (column.storage === 'text') return column.dictionary[column.codes[place]!] ?? null;
    return column.nulls?.[place] === 1 ? null : column.values[place]!;
  }
}

/** A stream's rows as one batch. */
export function wholeOf(source: BatchSource): Promise<ColumnBatch> {
  return sampleRows(source, { wanted: 0, total: 0 });
}
