import type { BatchSource, Column } from '../dataset/batch.ts';
import type { Feature } from '../dataset/contract.ts';
import { NightshiftError } from '../shared/errors.ts';
import { Random } from './random.ts';

/** How a feature was distributed where it was learned from; plain values, kept with the model. */
export type FeatureProfile = NumberProfile | CategoryProfile;

export interface NumberProfile {
  readonly kind: 'number';
  /** Rising; a value on an edge belongs to the bin below it. The outer two let values below the least and above the largest be seen. */
  readonly edges: readonly number[];
  /** Shares of all rows, one more than edges. */
  readonly shares: readonly number[];
  readonly missing: number;
  /** At `QUANTILES`, of the values that are there; empty where none is. */
  readonly quantiles: readonly number[];
}

export interface CategoryProfile {
  readonly kind: 'category';
  /** The most frequent values, each of at least a hundredth of the rows, most frequent first. */
  readonly values: readonly string[];
  readonly shares: readonly number[];
  /** The most frequent value, however rare; null where none is there. */
  readonly usual: string | null;
  /** The share of all other values. */
  readonly rest: number;
  readonly missing: number;
}

export interface Profile {
  /** The rows that the shares are of: all, or a sample of them. */
  readonly rows: number;
  readonly features: Readonly<Record<string, FeatureProfile>>;
}

/** The quantiles that a profile keeps. */
export const QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1] as const;
/** So many rows tell shares of a tenth to within half a hundredth of themselves; forty features of them are 16 MB. */
const SAMPLE = 50_000;
const BINS = 10;
/** A rarer value belongs to the rest: in a small batch it would come or stay away by chance. */
const RAREST = 0.01;
const MOST_VALUES = 30;

/**
 * The profile of some columns over a stream, from a uniform sample of its rows where they are many.
 * Source of the sample: Vitter, "Random sampling with a reservoir", ACM TOMS 11 (1985), algorithm R.
 * Throws `drift-column-missing`.
 */
export async function profileOf(source: BatchSource, features: readonly Feature[], seed: number): Promise<Profile> {
  const samples = features.map(({ kind }) => (kind === 'number' ? new NumberSample() : new CategorySample()));
  const random = new Random(seed);
  let rows = 0;
  for await (const batch of source()) {
    const slots = new Int32Array(batch.rows);
    for (let row = 0; row < batch.rows; row++, rows++) slots[row] = rows < SAMPLE ? rows : random.below(rows + 1);
    const kept = Math.min(rows, SAMPLE);
    features.forEach(({ name }, i) => samples[i]!.put(columnNamed(batch.columns, name), slots, kept));
  }
  return { rows: Math.min(rows, SAMPLE), features: Object.fromEntries(features.map(({ name }, i) => [name, samples[i]!.profile()])) };
}

/** The numbers of the rows in the sample; NaN where one is missing, or is none. */
class NumberSample {
  #values = new Float64Array(0);

  /** Puts each row of a column into its slot of `kept`; rows whose slot lies beyond are not in the sample. */
  put(column: Column, slots: Int32Array, kept: number): void {
    const values = this.#grown(kept);
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row]!;
      if (slot < kept) values[slot] = column.storage === 'text' || column.nulls?.[row] === 1 ? NaN : column.values[row]!;
    }
  }

  #grown(kept: number): Float64Array {
    if (kept === this.#values.length) return this.#values;
    const values = new Float64Array(kept);
    values.set(this.#values);
    this.#values = values;
    return values;
  }

  profile(): NumberProfile {
    return numberProfile(this.#values);
  }
}

/** The categories of the rows in the sample; null where one is missing. */
class CategorySample {
  readonly #values: (string | null)[] = [];

  put(column: Column, slots: Int32Array, kept: number): void {
    const read = readerOf(column);
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row]!;
      if (slot >= kept) continue;
      const value = read(row);
      this.#values[slot] = value === null ? null : String(value);
    }
  }

  profile(): CategoryProfile {
    return categoryProfile(this.#values);
  }
}

/** The column of a batch; throws `drift-column-missing`. */
export function columnNamed(columns: ReadonlyMap<string, Column>, name: string): Column {
  const column = columns.get(name);
  if (column !== undefined) return column;
  throw new NightshiftError({ code: 'drift-column-missing', what: 'A column whose drift is asked for is not there', found: [...columns.keys()].join(', '), expected: name });
}

/** The value in a row; null where it is missing or, of a number, not one. */
export function readerOf(column: Column): (row: number) => number | string | null {
  if (column.storage === 'text') return (row) => column.dictionary[column.codes[row]!] ?? null;
  return (row) => {
    const value = column.values[row]!;
    return column.nulls?.[row] === 1 || Number.isNaN(value) ? null : value;
  };
}

function numberProfile(kept: Float64Array): NumberProfile {
  const values = kept.filter((value) => !Number.isNaN(value)).sort();
  const edges = values.length === 0 ? [] : edgesOf(values);
  const counts = new Float64Array(edges.length + 1);
  let bin = 0;
  for (const value of values) {
    while (bin < edges.length && edges[bin]! < value) bin++;
    counts[bin]!++;
  }
  const share = (count: number): number => (kept.length === 0 ? 0 : count / kept.length);
  return { kind: 'number', edges, shares: Array.from(counts, share), missing: share(kept.length - values.length), quantiles: values.length === 0 ? [] : QUANTILES.map((one) => quantile(values, one)) };
}

/** Just below the least value, the inner deciles, and the largest value, each once. */
function edgesOf(sorted: Float64Array): readonly number[] {
  const least = sorted[0]!;
  const below = least - Math.max(Math.abs(least) * Number.EPSILON, Number.MIN_VALUE);
  const inner = Array.from({ length: BINS - 1 }, (_, i) => quantile(sorted, (i + 1) / BINS));
  return [...new Set([below, ...inner, sorted.at(-1)!])];
}

/** The value at that share of the rows, which is one of them. */
function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.round((sorted.length - 1) * share)]!;
}

function categoryProfile(kept: readonly (string | null)[]): CategoryProfile {
  const counts = new Map<string, number>();
  for (const one of kept) if (one !== null) counts.set(one, (counts.get(one) ?? 0) + 1);
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const frequent = sorted.filter(([, count]) => count >= RAREST * kept.length).slice(0, MOST_VALUES);
  const share = (count: number): number => (kept.length === 0 ? 0 : count / kept.length);
  const known = [...counts.values()].reduce((total, count) => total + count, 0);
  const named = frequent.reduce((total, [, count]) => total + count, 0);
  return { kind: 'category', values: frequent.map(([value]) => value), usual: sorted[0]?.[0] ?? null, shares: frequent.map(([, count]) => share(count)), rest: share(known - named), missing: share(kept.length - known) };
}
