/** Cells of a histogram begin, feature by feature, at `offsets`; bins are rows × width, row-major. */
export interface HistogramTable {
  readonly bins: Uint8Array;
  readonly offsets: Int32Array;
  readonly width: number;
}

/** Adds the packed gradients of the rows that `index` lists to the cells of their bins. The plain form of `Kernel.add`. */
export function addRows(histogram: Float64Array, { bins, offsets, width }: HistogramTable, { index, packed }: { readonly index: Uint32Array; readonly packed: Float64Array }): void {
  for (let at = 0; at < index.length; at++) {
    const row = index[at]!;
    const value = packed[row]!;
    for (let feature = 0, cell = row * width; feature < width; feature++, cell++) histogram[offsets[feature]! + bins[cell]!]! += value;
  }
}

/** A feature's place in a table of bins, and by bin whether it goes right. */
export interface Division {
  readonly bins: Uint8Array;
  readonly width: number;
  readonly feature: number;
  readonly right: Uint8Array;
}

/** Puts the rows that go right behind the others, both in their order; gives how many stay. The plain form of `Kernel.divide`. */
export function divideRows(index: Uint32Array, spare: Uint32Array, { bins, width, feature, right }: Division): number {
  let kept = 0;
  let moved = 0;
  // Both places are written and one of them counts: which way a row goes cannot be foreseen, and a branch would be.
  for (let at = 0; at < index.length; at++) {
    const row = index[at]!;
    const goes = right[bins[row * width + feature]!]!;
    index[kept] = row;
    spare[moved] = row;
    kept += 1 - goes;
    moved += goes;
  }
  for (let at = 0; at < moved; at++) index[kept + at] = spare[at]!;
  return kept;
}
