import type { Task } from '../dataset/contract.ts';
import { drawsOf } from './draws.ts';
import { metricsFor } from './metrics.ts';
import { only } from './slices.ts';
import type { EvaluationData, MetricValue, Reading } from './task-metrics.ts';

/** Some rows of the batch and what is to be measured on them. */
export interface Part {
  /** All rows where undefined. */
  readonly rows: Uint32Array | undefined;
  readonly metrics: readonly string[];
}

/** A metric on some rows, and on every resample of them; NaN where a resample does not define it. */
export interface Replicates {
  readonly value: MetricValue;
  readonly resampled: Float64Array;
}

export interface ReplicateOptions {
  readonly task: Task;
  readonly seed: number;
  readonly resamples: number;
  readonly clusters?: Int32Array | undefined;
}

/**
 * One model's metrics on parts of the batch, all on the same resamples of the whole: by part, in order, and by metric. What
 * does not change between resamples, sorting above all, is done once a part; another model with the same options
 * meets the same resamples. One model at a time, so that memory holds the ranking of one.
 */
export function replicatesOf(data: EvaluationData, parts: readonly Part[], { task, seed, resamples, clusters }: ReplicateOptions): readonly ReadonlyMap<string, Replicates>[] {
  const measures = parts.map((part) => measureOf(data, part, task));
  const whole = new Uint8Array(data.labels.length).fill(1);
  const found = measures.map(({ metrics, weigh }) => {
    const reading = weigh(whole);
    return new Map(metrics.map((metric) => [metric, { value: reading(metric), resampled: new Float64Array(resamples) }]));
  });
  const draw = drawsOf({ rows: data.labels.length, seed, clusters });
  for (let i = 0; i < resamples; i++) {
    const weights = draw();
    measures.forEach(({ weigh }, part) => {
      const reading = weigh(weights);
      for (const [metric, { resampled }] of found[part]!) resampled[i] = reading(metric) ?? Number.NaN;
    });
  }
  return found;
}

interface Measure {
  readonly metrics: readonly string[];
  /** Takes the weights of the whole batch. */
  readonly weigh: (weights: Uint8Array) => Reading;
}

function measureOf(data: EvaluationData, { rows, metrics }: Part, task: Task): Measure {
  const { prepare } = metricsFor(task);
  if (rows === undefined) return { metrics, weigh: prepare(data) };
  const reweigh = prepare(only(data, rows));
  const own = new Uint8Array(rows.length);
  const weigh = (weights: Uint8Array): Reading => {
    for (let i = 0; i < rows.length; i++) own[i] = weights[rows[i]!]!;
    return reweigh(own);
  };
  return { metrics, weigh };
}
