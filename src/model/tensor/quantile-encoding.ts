import type { NumberColumn } from '../../dataset/batch.ts';
import { evenSample, notFinite, requireFinite, type Place } from './number-encoding.ts';

/** Points of the map at most; between them it is linear. */
const KNOTS = 256;

/** How a column of numbers is turned into normal scores; plain JSON. */
export interface QuantileEncoding {
  readonly name: string;
  readonly kind: 'quantile';
  /** Whether the score is an input, and whether a flag for missing is: constant ones are not. */
  readonly value: boolean;
  readonly flag: boolean;
  /** Some of the column's values, rising, and the score of each. */
  readonly knots: readonly number[];
  readonly scores: readonly number[];
  /** Stands in for a missing value. */
  readonly median: number;
}

/**
 * Learns the map of a column onto a standard normal by its ranks. Equal values share the middle of their ranks: what noise added
 * while fitting would spread about that place, without drawing any. Infinities and NaN are `feature-not-finite`.
 */
export function fitQuantiles(name: string, columns: readonly NumberColumn[]): QuantileEncoding {
  requireFinite(name, columns);
  const { sample, present, missing } = evenSample(columns);
  const { values, middles } = distinct(sample);
  const picked = pickKnots(values, middles);
  return {
    name,
    kind: 'quantile',
    value: values.length > 1,
    flag: missing > 0 && present > 0,
    knots: picked.map((at) => values[at]!),
    scores: picked.map((at) => normalQuantile(middles[at]!)),
    median: sample[sample.length >> 1] ?? 0,
  };
}

/** Scores, and missing flags beside them, into their places. Beyond the outermost knots the score stays theirs. */
export function writeQuantiles(encoding: QuantileEncoding, column: NumberColumn, place: Place<Float32Array>): void {
  const { values, nulls } = column;
  const knots = Float64Array.from(encoding.knots);
  const scores = Float64Array.from(encoding.scores);
  const fill = encoding.value ? interpolate(knots, scores, encoding.median) : 0;
  const flagAt = encoding.flag ? (encoding.value ? 1 : 0) : -1;
  let at = place.offset;
  for (let i = 0; i < values.length; i++, at += place.stride) {
    const missing = nulls !== undefined && nulls[i] === 1;
    const value = values[i]!;
    // Any difference of an infinity or NaN with itself is NaN.
    if (!missing && value - value !== 0) throw notFinite(encoding.name, [column]);
    if (encoding.value) place.values[at] = missing ? fill : interpolate(knots, scores, value);
    if (flagAt >= 0) place.values[at + flagAt] = missing ? 1 : 0;
  }
}

function interpolate(knots: Float64Array, scores: Float64Array, value: number): number {
  const last = knots.length - 1;
  if (value <= knots[0]!) return scores[0]!;
  if (value >= knots[last]!) return scores[last]!;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle]! <= value) low = middle;
    else high = middle;
  }
  const share = (value - knots[low]!) / (knots[high]! - knots[low]!);
  return scores[low]! + share * (scores[high]! - scores[low]!);
}

/** The distinct values of a sorted sample, and the middle of each one's ranks as a share of all. */
function distinct(sorted: Float64Array): { values: number[]; middles: number[] } {
  const values: number[] = [];
  const middles: number[] = [];
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    values.push(sorted[from]!);
    middles.push((from + to) / 2 / sorted.length);
    from = to;
  }
  return { values, middles };
}

/** Indices of up to `KNOTS` distinct values, evenly spread over the rows; the smallest and the largest among them. */
function pickKnots(values: readonly number[], middles: readonly number[]): number[] {
  if (values.length <= KNOTS) return values.map((_, at) => at);
  const picked = new Set([0, values.length - 1]);
  let at = 0;
  for (let knot = 1; knot < KNOTS - 1; knot++) {
    while (middles[at]! < knot / (KNOTS - 1)) at++;
    picked.add(Math.min(at, values.length - 1));
  }
  return [...picked].sort((a, b) => a - b);
}

const A = [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239];
const B = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1];
const C = [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
const D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];
const TAIL = 0.02425;

/** The standard normal quantile, to nine digits. Source: Acklam, An algorithm for computing the inverse normal cumulative distribution function (2003). */
export function normalQuantile(p: number): number {
  if (p > 1 - TAIL) return -normalQuantile(1 - p);
  if (p < TAIL) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(C, q) / polynomial(D, q);
  }
  const q = p - 0.5;
  return (q * polynomial(A, q * q)) / polynomial(B, q * q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
