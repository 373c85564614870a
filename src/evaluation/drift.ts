import type { BatchSource, Column, ColumnBatch } from '../dataset/batch.ts';
import { firstNotBelow } from '../dataset/floats.ts';
import { type FeatureProfile, type Profile, columnNamed, readerOf } from './drift-profile.ts';

/** Rows of a batch in the bins of a profile, by feature; the last bin is for missing values and, of a category, the one before it for the rest. */
export interface BinCounts {
  readonly rows: number;
  readonly counts: Readonly<Record<string, readonly number[]>>;
}

/** `too few`: fewer than `DRIFT_ROWS` rows on one side. */
export type DriftVerdict = 'none' | 'warn' | 'block' | 'too few';

export interface FeatureDrift {
  readonly feature: string;
  /** The population stability index less what chance gives it, and less what is usual; about 0 or below without drift, at any number of rows. Null with too few. */
  readonly psi: number | null;
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

/** How far a batch of the usual length lies from the profile by feature, on days like any other: one day has one date, and each place its one count of yesterday. */
export type Usual = Readonly<Record<string, number>>;

/** A part of the rows that is as long as a batch: so many rows, or so many days by a column of day numbers. */
export type PartSize = { readonly rows: number } | { readonly day: string; readonly days: number };

/** What is usual, from consecutive parts of the rows that the profile is of: the largest drift that any of them has. Of fewer than `DRIFT_ROWS` rows a part says nothing. */
export async function usualOf(profile: Profile, source: BatchSource, size: PartSize): Promise<Usual> {
  const usual: Record<string, number> = {};
  for await (const part of partsOf(source, size)) {
    const counted = await countIn(profile, async function* () {
      yield* part;
    });
    for (const { feature, psi } of driftOf(profile, counted, { warn: Infinity, block: 'off' })) if (psi !== null) usual[feature] = Math.max(usual[feature] ?? 0, psi);
  }
  return usual;
}

/** Consecutive rows; a last part that may be shorter is left out. */
async function* partsOf(source: BatchSource, size: PartSize): AsyncGenerator<readonly ColumnBatch[]> {
  let part: ColumnBatch[] = [];
  let isFull = fullBy(size);
  for await (const batch of source()) {
    let from = 0;
    for (let row = 0; row < batch.rows; row++) {
      if (!isFull(batch, row)) continue;
      if (row > from) part.push(slice(batch, from, row));
      yield part;
      [part, from, isFull] = [[], row, fullBy(size)];
      isFull(batch, row);
    }
    if (batch.rows > from) part.push(slice(batch, from, batch.rows));
  }
}

/** Tells of row after row whether it belongs to the next part. */
function fullBy(size: PartSize): (batch: ColumnBatch, row: number) => boolean {
  let first: number | undefined;
  let rows = 0;
  return (batch, row) => {
    if ('rows' in size) return rows++ >= Math.max(DRIFT_ROWS, size.rows);
    const column = columnNamed(batch.columns, size.day);
    const day = column.storage === 'number' ? column.values[row]! : 0;
    first ??= day;
    return day - first >= size.days;
  };
}

function slice({ columns }: ColumnBatch, from: number, to: number): ColumnBatch {
  const cut = (column: Column): Column => (column.storage === 'text' ? { ...column, codes: column.codes.subarray(from, to) } : { ...column, values: column.values.subarray(from, to), nulls: column.nulls?.subarray(from, to) });
  return { rows: to - from, columns: new Map([...columns].map(([name, column]) => [name, cut(column)])) };
}

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
export function driftOf(profile: Profile, batch: BinCounts, { usual, ...limits }: DriftLimits & { readonly usual?: Usual | undefined }): readonly FeatureDrift[] {
  return Object.entries(profile.features).map(([feature, own]) => {
    if (Math.min(profile.rows, batch.rows) < DRIFT_ROWS) return { feature, psi: null, verdict: 'too few', moved: null };
    const before = sharesOf(own).map((share) => Math.round(share * profile.rows));
    const { psi: plain, largest } = indexOf(before, batch.counts[feature]!);
    const psi = plain - (usual?.[feature] ?? 0);
    const moved = { bin: binName(own, largest), before: before[largest]! / profile.rows, now: batch.counts[feature]![largest]! / batch.rows };
    return { feature, psi, verdict: verdictOf(psi, limits), moved };
  });
}

function verdictOf(psi: number, { warn, block }: DriftLimits): DriftVerdict {
  if (block !== 'off' && psi >= block) return 'block';
  return psi >= warn ? 'warn' : 'none';
}

function indexOf(before: readonly number[], now: readonly number[]): { readonly psi: number; readonly largest: number } {
  const bins = before.map((_count, bin) => bin).filter((bin) => before[bin]! + now[bin]! > 0);
  const [m, n] = [sum(before), sum(now)];
  const share = (count: number, rows: number): number => (count + 0.5) / (rows + bins.length / 2);
  const terms = bins.map((bin) => {
    const [p, q] = [share(now[bin]!, n), share(before[bin]!, m)];
    return (p - q) * Math.log(p / q);
  });
  return { psi: sum(terms) - (bins.length - 1) * (1 / n + 1 / m), largest: bins[terms.indexOf(Math.max(...terms))]! };
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
  if (profile.kind === 'number') return (value) => (typeof value === 'number' ? firstNotBelow(profile.edges, value) : missing);
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
