import type { NumberColumn, TextColumn } from '../../dataset/batch.ts';

/** The bin of missing values, in every feature. */
export const MISSING = 0;
/** The bin of values of a category that are rare or were never seen. */
export const OTHER = 1;
/** Bins of a feature at most: a cell is a byte. */
export const MOST_BINS = 256;

/** How a column of numbers becomes bins: 0 is missing, bin i holds what lies above edge i − 2 and not above edge i − 1. */
export interface NumberBins {
  readonly kind: 'number';
  readonly name: string;
  /** Constant features are not. */
  readonly used: boolean;
  readonly edges: readonly number[];
}

/** How a column of text becomes bins: 0 is missing, 1 any value that is not listed, i + 2 is `values[i]`. */
export interface CategoryBins {
  readonly kind: 'category';
  readonly name: string;
  readonly used: boolean;
  readonly values: readonly string[];
  /** Distinct values of the training rows that are not listed. */
  readonly folded: number;
}

export type FeatureBins = NumberBins | CategoryBins;

export function binCount(feature: FeatureBins): number {
  return feature.kind === 'number' ? feature.edges.length + 2 : feature.values.length + 2;
}

/** Where a column's bins go: every `stride`-th cell of `cells` from `offset` on. */
export interface Cells {
  readonly cells: Uint8Array;
  readonly offset: number;
  readonly stride: number;
}

/** Writes bins of numbers; gives how many values were neither finite nor marked missing. `edges` are padded to 255 by infinity. */
export function writeNumbers(edges: Float64Array, { values, nulls }: NumberColumn, { cells, offset, stride }: Cells): number {
  let bad = 0;
  for (let row = 0, at = offset; row < values.length; row++, at += stride) {
    const value = values[row]!;
    if (nulls !== undefined && nulls[row] === 1) cells[at] = MISSING;
    else if (value - value !== 0) bad++;
    else cells[at] = binOf(edges, value) + 1;
  }
  return bad;
}

/** How many of 255 edges lie below the value, in eight steps. */
function binOf(edges: Float64Array, value: number): number {
  let at = 0;
  for (let step = 128; step > 0; step >>= 1) if (edges[at + step - 1]! < value) at += step;
  return at;
}

export function paddedEdges(feature: NumberBins): Float64Array {
  const padded = new Float64Array(MOST_BINS - 1).fill(Infinity);
  padded.set(feature.edges);
  return padded;
}

export function writeCategories(known: ReadonlyMap<string, number>, { codes, dictionary }: TextColumn, { cells, offset, stride }: Cells): void {
  const bins = Uint8Array.from(dictionary, (value) => known.get(value) ?? OTHER);
  for (let row = 0, at = offset; row < codes.length; row++, at += stride) {
    const code = codes[row]!;
    cells[at] = code < 0 ? MISSING : bins[code]!;
  }
}

export function vocabularyOf(feature: CategoryBins): ReadonlyMap<string, number> {
  return new Map(feature.values.map((value, index) => [value, index + 2]));
}
