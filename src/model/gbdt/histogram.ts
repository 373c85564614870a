/** Cells of a histogram begin, feature by feature, at `offsets`; bins are rows × width, row-major. */
export interface HistogramTable {
  readonly bins: Uint8Array;
  readonly offsets: Int32Array;
  readonly width: number;
}

/** Adds the packed gradients of the rows that `index` lists to the cells of their bins. The plain form of what `kernel.ts` emits. */
export function addRows(histogram: Float64Array, { bins, offsets, width }: HistogramTable, { index, packed }: { readonly index: Uint32Array; readonly packed: Float64Array }): void {
  for (const row of index) {
    const value = packed[row]!;
    for (let feature = 0, at = row * width; feature < width; feature++, at++) histogram[offsets[feature]! + bins[at]!]! += value;
  }
}
