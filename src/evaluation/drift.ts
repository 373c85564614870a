import type { BatchSource } from '../dataset/batch.ts';
import { type FeatureProfile, type Profile, binOf, columnNamed, readerOf } from './drift-profile.ts';

/** Rows of a batch in the bins of a profile, by feature; the last bin is for missing values and, of a category, the one before it for the rest. */
export interface BinCounts {
  readonly rows: number;
  readonly counts: Readonly<Record<string, readonly number[]>>;
}

/** `too few`: fewer than `DRIFT_ROWS` rows on one side. */
export type DriftVerdict = 'none' | 'warn' | 'block' | 'too few';

export interface FeatureDrift {
  readonly feature: string;
  /** The population stability index less what chance gives it; about 0 without drift, at any number of rows. Null with too few. */
  readonly drift: number | null;
  readonly verdict: DriftVerdict;
  /** The bin that moved most, with its shares before and now. Its name holds values of the feature: hide it where that is sensitive. */
  readonly moved: { readonly bin: string; readonly before: number; readonly now: number } | null;
}

/** The `drift` of the configuration. */
export interface DriftLimits {
  readonly warn: number;
  readonly block: 'off' | number;
}

/** With ten bins and 200 rows chance alone reaches a drift of 0.1 about once in 1,500 features; with fewer rows, often. */
export const DRIFT_ROWS = 200;

/** Counts a batch in the bins of a profile. Throws `drift-column-missing`. */
export async function countIn({ features }: Profile, source: BatchSource): Promise<BinCounts> {
  const names = Object.keys(features);
  const counts = names.map((name) => new Float64Array(sharesOf(features[name]!).length));
  const places = names.map((name) => placeIn(features[name]!));
  let rows = 0;
  for await (const batch of source()) {
    rows += batch.rows;
    names.forEach((name, i) => {
      const read = readerOf(columnNamed(batch.columns, name));
      const [own, place] = [counts[i]!, places[i]!];
      for (let row = 0; row < batch.rows; row++) own[place(read(row))]!++;
    });
  }
  return { rows, counts: Object.fromEntries(names.map((name, i) => [name, Array.from(counts[i]!)])) };
}

/**
 * How far each feature has moved from its profile: the population stability index Σ (now − before)·ln(now / before), less
 * (bins − 1)·(1/n + 1/m), which is what it is on average for n and m rows of one distribution. So its verdict depends on how far a feature
 * moved, and not on how many rows show it. Half a row is added to each bin, so that an empty one has a logarithm; bins that
 * are empty on both sides do not count.
 * Sources: Siddiqi, "Credit risk scorecards", 2006, ch. 9 (0.1 is a shift to look at, 0.25 a large one); Yurdakul and Naranjo,
 * "Statistical properties of the population stability index", Journal of Risk Model Validation 14 (2020), for its mean.
 */
export function driftOf(profile: Profile, batch: BinCounts, limits: DriftLimits): readonly FeatureDrift[] {
  return Object.entries(profile.features).map(([feature, own]) => {
    if (Math.min(profile.rows, batch.rows) < DRIFT_ROWS) return { feature, drift: null, verdict: 'too few', moved: null };
    const before = sharesOf(own).map((share) => Math.round(share * profile.rows));
    const { drift, largest } = indexOf(before, batch.counts[feature]!);
    const moved = { bin: binName(own, largest), before: before[largest]! / profile.rows, now: batch.counts[feature]![largest]! / batch.rows };
    return { feature, drift, verdict: verdictOf(drift, limits), moved };
  });
}

function verdictOf(drift: number, { warn, block }: DriftLimits): DriftVerdict {
  if (block !== 'off' && drift >= block) return 'block';
  return drift >= warn ? 'warn' : 'none';
}

function indexOf(before: readonly number[], now: readonly number[]): { readonly drift: number; readonly largest: number } {
  const bins = before.map((_count, bin) => bin).filter((bin) => before[bin]! + now[bin]! > 0);
  const [m, n] = [sum(before), sum(now)];
  const share = (count: number, rows: number): number => (count + 0.5) / (rows + bins.length / 2);
  const terms = bins.map((bin) => {
    const [p, q] = [share(now[bin]!, n), share(before[bin]!, m)];
    return (p - q) * Math.log(p / q);
  });
  return { drift: sum(terms) - (bins.length - 1) * (1 / n + 1 / m), largest: bins[terms.indexOf(Math.max(...terms))]! };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Shares of all bins. */
function sharesOf(profile: FeatureProfile): readonly number[] {
  return profile.kind === 'number' ? [...profile.shares, profile.missing] : [...profile.shares, profile.rest, profile.missing];
}

function placeIn(profile: FeatureProfile): (value: number | string | null) => number {
  const missing = sharesOf(profile).length - 1;
  if (profile.kind === 'number') return (value) => (typeof value === 'number' ? binOf(profile.edges, value) : missing);
  const places = new Map(profile.values.map((value, place) => [value, place]));
  return (value) => (value === null ? missing : (places.get(String(value)) ?? missing - 1));
}

function binName(profile: FeatureProfile, bin: number): string {
  const isMissing = bin === sharesOf(profile).length - 1;
  if (isMissing) return 'missing';
  if (profile.kind === 'category') return profile.values[bin] ?? 'other values';
  const { edges } = profile;
  if (bin === 0) return edges.length === 0 ? 'any number' : 'below the least';
  return bin === edges.length ? `above ${edges.at(-1)}` : `${edges[bin - 1]} to ${edges[bin]}`;
}
