import type { BatchSource, ColumnBatch } from '../dataset/batch.ts';
import { pickRows } from '../dataset/pick.ts';
import { streamOf, shuffle } from '../model/tensor/stream.ts';

export interface HeldOutRows {
  readonly train: BatchSource;
  /** Undefined where nothing is held out. */
  readonly validation: BatchSource | undefined;
}

/** Draws `share` of the `rows` of a stream by the seed and holds them out; both parts keep the stream's order. */
export function holdOut(source: BatchSource, { rows, share, seed }: { readonly rows: number; readonly share: number; readonly seed: number }): HeldOutRows {
  const held = Math.min(rows - 1, Math.round(rows * share));
  if (held === 0) return { train: source, validation: undefined };
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  shuffle(order, streamOf(seed, 'bench/hold-out'));
  const isHeld = new Uint8Array(rows);
  for (const row of order.subarray(0, held)) isHeld[row] = 1;
  return { train: () => rowsWhere(source, isHeld, 0), validation: () => rowsWhere(source, isHeld, 1) };
}

async function* rowsWhere(source: BatchSource, flags: Uint8Array, wanted: number): AsyncGenerator<ColumnBatch> {
  let from = 0;
  for await (const batch of source()) {
    const rows = Array.from({ length: batch.rows }, (_, row) => row).filter((row) => flags[from + row] === wanted);
    from += batch.rows;
    if (rows.length > 0) yield pickRows(batch, rows);
  }
}
