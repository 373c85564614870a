import type { NumberColumn } from '../../dataset/batch.ts';
import type { NightshiftError } from '../../shared/errors.ts';
import { featureNotFinite } from '../row-errors.ts';

/** After scaling, values are held within ± this many standard deviations, so that one outlier cannot steer a step. */
const LIMIT = 8;
/** Median and bounds come from an even sample of this size at most: sorting millions of values for them buys nothing. */
const SAMPLE = 32_768;

export interface NumberEncoding {
  readonly name: string;
  readonly kind: 'number';
  /** Whether the scaled value is an input, and whether a flag for missing is: constant ones are not. */
  readonly value: boolean;
  readonly flag: boolean;
  readonly mean: number;
  readonly deviation: number;
  /** Stands in for a missing value. */
  readonly median: number;
  /** Standard deviations that scaled values are drawn in towards: z / √(1 + (z / limit)²). Without it they are held within ± 8. */
  readonly soft_limit?: number | undefined;
}

/** A view of every `stride`-th place of a row-major matrix. */
export interface Place<T> {
  readonly values: T;
  readonly offset: number;
  readonly stride: number;
}

/**
 * Learns centre, scale and median of a column. Mean and deviation are taken of values held within the 0.1% and 99.9% quantiles
 * widened by their distance, so that single wild values do not flatten the rest.
 * Infinities and NaN are `feature-not-finite`: nothing sensible can be learned of them.
 */
export function fitNumber(name: string, columns: readonly NumberColumn[], softLimit?: number): NumberEncoding {
  requireFinite(name, columns);
  const sampled = evenSample(columns);
  const { sample, present, missing } = sampled;
  const median = sample[sample.length >> 1] ?? 0;
  const { mean, deviation } = present === 0 ? { mean: 0, deviation: 0 } : moments(columns, sampled, median);
  const value = deviation > 0 && Number.isFinite(deviation) && Number.isFinite(mean);
  return { name, kind: 'number', value, flag: missing > 0 && present > 0, mean, deviation, median, ...(softLimit === undefined ? {} : { soft_limit: softLimit }) };
}

/** Scaled values, and missing flags beside them, into their places. */
export function writeNumbers(encoding: NumberEncoding, column: NumberColumn, place: Place<Float32Array>): void {
  const { values, nulls } = column;
  const { mean, deviation, median, soft_limit: softLimit } = encoding;
  const scaled = softLimit === undefined ? heldIn : (z: number): number => drawnIn(z, softLimit);
  const fill = encoding.value ? scaled((median - mean) / deviation) : 0;
  const flagAt = encoding.flag ? (encoding.value ? 1 : 0) : -1;
  let at = place.offset;
  for (let i = 0; i < values.length; i++, at += place.stride) {
    const missing = nulls !== undefined && nulls[i] === 1;
    const value = values[i]!;
    // Any difference of an infinity or NaN with itself is NaN.
    if (!missing && value - value !== 0) throw notFinite(encoding.name, [column]);
    if (encoding.value) place.values[at] = missing ? fill : scaled((value - mean) / deviation);
    if (flagAt >= 0) place.values[at + flagAt] = missing ? 1 : 0;
  }
}

/** Held within a range first whose squares are numbers. */
function drawnIn(z: number, limit: number): number {
  const far = Math.min(1e6, Math.max(-1e6, z));
  return far / Math.sqrt(1 + (far / limit) * (far / limit));
}

function heldIn(z: number): number {
  return z > LIMIT ? LIMIT : z < -LIMIT ? -LIMIT : z;
}

export function requireFinite(name: string, columns: readonly NumberColumn[]): void {
  if (columns.some((column) => countNotFinite(column) > 0)) throw notFinite(name, columns);
}

function countNotFinite({ values, nulls }: NumberColumn): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! - values[i]! !== 0 && (nulls === undefined || nulls[i] === 0)) count++;
  }
  return count;
}

export interface EvenSample {
  /** Sorted. */
  readonly sample: Float64Array;
  readonly present: number;
  readonly missing: number;
}

export function evenSample(columns: readonly NumberColumn[]): EvenSample {
  const rows = columns.reduce((sum, column) => sum + column.values.length, 0);
  const missing = columns.reduce((sum, { nulls }) => sum + (nulls?.reduce((count, flag) => count + flag, 0) ?? 0), 0);
  const step = Math.max(1, Math.ceil((rows - missing) / SAMPLE));
  const sample = new Float64Array(Math.ceil((rows - missing) / step));
  let seen = 0;
  for (const { values, nulls } of columns) {
    for (let i = 0; i < values.length; i++) {
      if (nulls !== undefined && nulls[i] === 1) continue;
      if (seen % step === 0) sample[seen / step] = values[i]!;
      seen++;
    }
  }
  return { sample: sample.sort(), present: rows - missing, missing };
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

function bounds(sample: Float64Array): Bounds {
  const low = sample[Math.floor((sample.length - 1) * 0.001)]!;
  const high = sample[Math.ceil((sample.length - 1) * 0.999)]!;
  // Nearly every value is the same: what differs is all there is to learn.
  if (low === high) return { low: -Infinity, high: Infinity };
  return { low: low - (high - low), high: high + (high - low) };
}

/** Sums are of differences from `origin`, which are exactly 0 in a constant column, however its value rounds. */
function moments(columns: readonly NumberColumn[], { sample, present }: EvenSample, origin: number): { mean: number; deviation: number } {
  const held = bounds(sample);
  const shift = total(columns, held, (value) => value - origin) / present;
  const mean = origin + shift;
  const variance = total(columns, held, (value) => (value - mean) * (value - mean)) / present;
  return { mean, deviation: Math.sqrt(variance) };
}

function total(columns: readonly NumberColumn[], { low, high }: Bounds, term: (value: number) => number): number {
  let sum = 0;
  for (const { values, nulls } of columns) {
    for (let i = 0; i < values.length; i++) {
      if (nulls !== undefined && nulls[i] === 1) continue;
      sum += term(Math.min(high, Math.max(low, values[i]!)));
    }
  }
  return sum;
}

export function notFinite(name: string, columns: readonly NumberColumn[]): NightshiftError {
  const count = columns.reduce((sum, column) => sum + countNotFinite(column), 0);
  return featureNotFinite(name, count, columns.reduce((sum, column) => sum + column.values.length, 0));
}
