import type { NumberColumn, TextColumn } from '../../dataset/batch.ts';
import { CHUNK, type BinSearch } from './bin-search.ts';
import { MISSING, OTHER } from './bins.ts';

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

/** Writes bins of numbers; gives how many were neither finite nor marked missing. */
export function writeNumbers({ search, feature }: { readonly search: BinSearch; readonly feature: number }, { values, nulls }: NumberColumn, { cells, offset, stride }: Cells): number {
  let bad = 0;
  for (let from = 0; from < values.length; from += CHUNK) {
    const chunk = values.subarray(from, from + CHUNK);
    const found = search.find(feature, chunk);
    bad += found.notFinite;
    for (let row = 0, at = offset + from * stride; row < chunk.length; row++, at += stride) cells[at] = found.cells[row]!;
  }
  if (nulls !== undefined) for (let row = 0; row < nulls.length; row++) bad -= nulls[row]!;
  return bad;
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
