import type { Task } from '../dataset/contract.ts';
import { invalid } from './data-checks.ts';
import { drawsOf } from './draws.ts';
import { metricNamed, metricsFor } from './metrics.ts';
import type { EvaluationData, MetricValue, Reading } from './task-metrics.ts';

/** A value with the interval that bootstrap resamples of its rows give it. */
export interface Interval {
  /** On the rows themselves. */
  readonly value: MetricValue;
  /** Null where the value is, or where more than a tenth of the resamples define none (too few positives, for one). */
  readonly low: MetricValue;
  readonly high: MetricValue;
  readonly level: number;
  readonly resamples: number;
  /** In how many of the resamples the metric was defined; the bounds come from these. */
  readonly defined: number;
}

export interface BootstrapOptions {
  readonly task: Task;
  readonly metric: string;
  readonly seed: number;
  /** How many resamples; 1,000 unless said. */
  readonly resamples?: number | undefined;
  /** The interval's nominal coverage, between 0 and 1; 0.95 unless said. */
  readonly level?: number | undefined;
  /** For each row the number of its cluster, as in `DrawOptions`; rows are drawn one by one unless given. */
  readonly clusters?: Int32Array | undefined;
}

/** The share of resamples in which a metric has to be defined for an interval. */
export const DEFINED_AT_LEAST = 0.9;

/**
 * A metric's percentile bootstrap interval. Every resample draws as many rows as there are, with replacement, and measures
 * the metric on them exactly: no binning, no approximation of the draw. Unless clusters are given, rows are drawn one by one, as if
 * independent.
 * A calibration error grows with noise, and a resample has more of it than its rows: that interval leans upwards.
 * Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, ch. 13; order statistics at (B + 1)·p as in
 * Davison and Hinkley, "Bootstrap methods and their application", 1997, eq. 5.6.
 * Throws `predictions-invalid` as `metricsOf` does, and `config-invalid` for a metric that the task does not have.
 */
export function bootstrapInterval(data: EvaluationData, options: BootstrapOptions): Interval {
  return bootstrapIntervals(data, { ...options, metrics: [options.metric] }).get(options.metric)!;
}

/** The same for several metrics, measured on the same resamples. */
export function bootstrapIntervals(data: EvaluationData, { metrics, ...options }: Omit<BootstrapOptions, 'metric'> & { readonly metrics: readonly string[] }): ReadonlyMap<string, Interval> {
  const weigh = metricsFor(options.task).prepare(data);
  return resample((weights) => weigh(weights), data.labels.length, { ...options, metrics });
}

/**
 * The interval of metric(a) − metric(b), two predictions of the same rows: every resample draws the same rows for both, so
 * what makes rows hard for both cancels out. Equal predictions differ by exactly 0. Otherwise as `bootstrapInterval`.
 */
export function bootstrapDifference(a: EvaluationData, b: EvaluationData, options: BootstrapOptions): Interval {
  checkSameRows(a, b);
  const { prepare } = metricsFor(options.task);
  const weighA = prepare(a);
  const weighB = prepare(b);
  const difference = (weights: Uint8Array): Reading => {
    const readA = weighA(weights);
    const readB = weighB(weights);
    return (metric) => minus(readA(metric), readB(metric));
  };
  return resample(difference, a.labels.length, { ...options, metrics: [options.metric] }).get(options.metric)!;
}

type ResampleOptions = Omit<BootstrapOptions, 'metric'> & { readonly metrics: readonly string[] };

function resample(weigh: (weights: Uint8Array) => Reading, rows: number, { task, metrics, seed, resamples = 1000, level = 0.95, clusters }: ResampleOptions): ReadonlyMap<string, Interval> {
  for (const metric of metrics) metricNamed(task, metric, 'metric');
  const reading = weigh(new Uint8Array(rows).fill(1));
  const values = metrics.map((metric) => reading(metric));
  const draw = drawsOf({ rows, seed, clusters });
  const found = metrics.map((): number[] => []);
  for (let i = 0; i < resamples; i++) {
    const read = weigh(draw());
    metrics.forEach((metric, k) => {
      const one = read(metric);
      if (one !== null) found[k]!.push(one);
    });
  }
  return new Map(metrics.map((metric, k) => [metric, intervalOf(values[k]!, Float64Array.from(found[k]!), { level, resamples })]));
}

function intervalOf(value: MetricValue, found: Float64Array, { level, resamples }: Pick<Interval, 'level' | 'resamples'>): Interval {
  const defined = found.length;
  const known = value !== null && defined > 0 && defined >= DEFINED_AT_LEAST * resamples;
  const sorted = found.sort();
  const bound = (share: number) => (known ? orderStatistic(sorted, share) : null);
  return { value, low: bound((1 - level) / 2), high: bound((1 + level) / 2), level, resamples, defined };
}

/** The value at rank (B + 1)·share of sorted values, between two by linear interpolation, at most the outermost. */
function orderStatistic(sorted: Float64Array, share: number): number {
  const place = Math.min(Math.max((sorted.length + 1) * share - 1, 0), sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

function minus(a: MetricValue, b: MetricValue): MetricValue {
  return a === null || b === null ? null : a - b;
}

/** Throws `predictions-invalid` unless both hold the same labels in the same order. */
export function checkSameRows(a: EvaluationData, b: EvaluationData): void {
  if (a.labels.length !== b.labels.length) {
    throw invalid('Two models can only be compared on the same rows', `${a.labels.length} and ${b.labels.length} rows`, 'the same rows in the same order');
  }
  const differs = a.labels.findIndex((label, row) => label !== b.labels[row]);
  if (differs >= 0) throw invalid('Two models can only be compared on the same rows', `other labels from row ${differs} on`, 'the same rows in the same order');
}
