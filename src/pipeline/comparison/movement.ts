import type { TextColumn } from '../../dataset/batch.ts';
import { bytewise } from '../../dataset/bytewise.ts';
import type { Flip, MovedSlice, RowsComparison } from '../../report/comparison-rows.ts';

/** What two models say of the same rows. */
export interface Movement {
  /** A score of each model a row, in the same unit. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** The class of each row by each model, as numbers of `names`; undefined where there are none. */
  readonly classes: { readonly first: Int32Array; readonly second: Int32Array; readonly names: readonly string[] } | undefined;
}

const QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1];

/** Mean, mean size and quantiles of the change of score; linear between order statistics. */
export function changeOf({ first, second }: Movement): RowsComparison['change'] {
  const changes = second.map((value, row) => value - first[row]!);
  const mean = sumOf(changes) / changes.length;
  const meanAbsolute = sumOf(changes.map(Math.abs)) / changes.length;
  changes.sort();
  return { mean, meanAbsolute, quantiles: QUANTILES.map((share) => ({ share, value: quantile(changes, share) })) };
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (above - below) * (place - Math.floor(place));
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Changes from class to class, the most frequent first; null where there are no classes. */
export function flipsOf({ classes }: Movement): readonly Flip[] | null {
  if (classes === undefined) return null;
  const { first, second, names } = classes;
  const counts = new Map<number, number>();
  // Both ways of a binary decision are told, also where nothing went that way.
  if (names.length === 2) for (const pair of [1, 2]) counts.set(pair, 0);
  for (let row = 0; row < first.length; row++) {
    if (first[row] === second[row]) continue;
    const pair = first[row]! * names.length + second[row]!;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  const flips = [...counts].map(([pair, rows]) => ({ from: names[Math.floor(pair / names.length)]!, to: names[pair % names.length]!, rows }));
  return flips.toSorted((a, b) => b.rows - a.rows || bytewise(a.from, b.from) || bytewise(a.to, b.to));
}

/** Flips and mean change by each value of a slice column, in bytewise order. */
export function slicesOf({ first, second, classes }: Movement, column: string, { codes, dictionary }: TextColumn): readonly (Omit<MovedSlice, 'value'> & { readonly value: string | null })[] {
  const [rows, flips, change] = [new Uint32Array(dictionary.length + 1), new Uint32Array(dictionary.length + 1), new Float64Array(dictionary.length + 1)];
  for (let row = 0; row < codes.length; row++) {
    const slot = codes[row]! + 1;
    rows[slot]!++;
    change[slot]! += second[row]! - first[row]!;
    if (classes !== undefined && classes.first[row] !== classes.second[row]) flips[slot]!++;
  }
  const slices = [null, ...dictionary].map((value, slot) => ({ column, value, rows: rows[slot]!, flips: flips[slot]!, meanChange: change[slot]! / rows[slot]! }));
  return slices.filter((slice) => slice.rows > 0).toSorted((a, b) => bytewise(a.value ?? '', b.value ?? ''));
}

/** The rows whose score moves most, farthest first; of equal ones the earlier. */
export function mostMoved({ first, second }: Movement, count: number): readonly number[] {
  const size = second.map((value, row) => Math.abs(value - first[row]!));
  let least = Infinity;
  let kept: number[] = [];
  for (let row = 0; row < size.length; row++) {
    if (kept.length >= count && size[row]! <= least) continue;
    kept = [...kept, row].sort((a, b) => size[b]! - size[a]! || a - b).slice(0, count);
    least = size[kept.at(-1)!]!;
  }
  return kept;
}
