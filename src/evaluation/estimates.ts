import { DEFINED_AT_LEAST, type Interval } from './bootstrap.ts';
import { normalQuantile } from './normal.ts';
import type { Replicates } from './replicates.ts';
import { type CriticalOptions, criticalValue } from './simultaneous.ts';
import type { MetricValue } from './task-metrics.ts';

/** A difference of two metrics, and how it swings from resample to resample. */
export interface Estimate {
  readonly value: MetricValue;
  /** The standard error; null where too few resamples define the difference, or the rows do not. */
  readonly error: number | null;
  /** Deviations of the resamples from their mean; 0 where a resample defines no difference. */
  readonly deviations: Float64Array;
  readonly defined: number;
}

/** metric(a) − metric(b) on the same resamples. `beyond` is the variance that resampling cannot see. */
export function differenceOf(a: Replicates, b: Replicates, beyond: number): Estimate {
  const deviations = a.resampled.map((value, i) => value - b.resampled[i]!);
  const known = deviations.filter((one) => !Number.isNaN(one));
  const defined = known.length;
  const mean = sum(known) / defined;
  for (let i = 0; i < deviations.length; i++) deviations[i] = Number.isNaN(deviations[i]!) ? 0 : deviations[i]! - mean;
  const value = a.value === null || b.value === null ? null : a.value - b.value;
  const isKnown = value !== null && defined > 1 && defined >= DEFINED_AT_LEAST * deviations.length;
  const error = isKnown ? Math.sqrt(sum(known.map((one) => (one - mean) ** 2)) / (defined - 1) + beyond) : null;
  return { value, error, deviations, defined };
}

/**
 * The intervals of some estimates: value ± critical value × standard error. Those of `judged` estimates hold all at once with
 * the chance `level`; each other one by itself. What has no standard error has no bounds.
 */
export function intervalsOf(estimates: readonly Estimate[], judged: readonly boolean[], options: CriticalOptions): readonly Interval[] {
  const family = estimates.filter(({ error }, i) => judged[i] === true && error !== null);
  const together = criticalValue(correlationsOf(family), options);
  const single = normalQuantile((1 + options.level) / 2);
  return estimates.map((one, i) => intervalOf(one, judged[i] === true ? together : single, options.level));
}

function intervalOf({ value, error, deviations, defined }: Estimate, critical: number, level: number): Interval {
  const reach = error === null ? null : critical * error;
  const bounds = value === null || reach === null ? { low: null, high: null } : { low: value - reach, high: value + reach };
  return { value, ...bounds, level, resamples: deviations.length, defined };
}

/**
 * Correlations, row-major. What resampling cannot see counts as independent from one estimate to the next, which makes intervals
 * wider, never narrower (Slepian, "The one-sided barrier problem for Gaussian noise", 1962; Šidák 1967). An estimate that never
 * swings correlates with nothing.
 */
function correlationsOf(estimates: readonly Estimate[]): Float64Array {
  const size = estimates.length;
  const correlations = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    correlations[i * size + i] = 1;
    for (let j = 0; j < i; j++) {
      const one = correlation(estimates[i]!, estimates[j]!);
      correlations[i * size + j] = one;
      correlations[j * size + i] = one;
    }
  }
  return correlations;
}

function correlation(a: Estimate, b: Estimate): number {
  let product = 0;
  for (let i = 0; i < a.deviations.length; i++) product += a.deviations[i]! * b.deviations[i]!;
  const scale = a.error! * b.error! * (Math.sqrt(a.defined - 1) * Math.sqrt(b.defined - 1));
  return scale === 0 ? 0 : Math.min(Math.max(product / scale, -1), 1);
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
