import type { Estimated } from './promise.ts';
import type { MetricValue } from './task-metrics.ts';

/** A metric of rows that vary as a whole, such as those of a day. */
export interface Part {
  readonly value: MetricValue;
  readonly rows: number;
}

/** Of fewer parts nobody can say how much they differ. */
export const LEAST_PARTS = 3;

/**
 * The mean over parts, each by its rows, with the standard error that the parts' own differences give it: what rows of one part have in common
 * (a day has one weather) is in it. A part that does not define the metric is left out; of fewer than three there is no error.
 * Source: the ratio estimator in Cochran, "Sampling Techniques", 1977, eq. 6.13, without a finite population.
 */
export function meanOfParts(parts: readonly Part[]): Estimated {
  const known = parts.filter(({ value }) => value !== null);
  const rows = known.reduce((sum, part) => sum + part.rows, 0);
  if (rows === 0) return { value: null, error: null };
  const mean = known.reduce((sum, { value, rows: own }) => sum + (value! * own) / rows, 0);
  const spread = known.reduce((sum, { value, rows: own }) => sum + ((own / rows) * (value! - mean)) ** 2, 0);
  return { value: mean, error: known.length < LEAST_PARTS ? null : Math.sqrt((spread * known.length) / (known.length - 1)) };
}
