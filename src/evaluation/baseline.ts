import type { Task } from '../dataset/contract.ts';
import { NightshiftError } from '../shared/errors.ts';
import type { EvaluationData } from './task-metrics.ts';

/** What a baseline has to know of the training labels; SQL can count it as well as `summariseLabels`. */
export type LabelSummary =
  | { readonly task: 'binary'; readonly rows: number; readonly positives: number }
  /** `counts`: rows of each class, in the contract's order. */
  | { readonly task: 'multiclass'; readonly counts: readonly number[] }
  | { readonly task: 'regression'; readonly rows: number; readonly sum: number };

/** The naive model: it predicts the same for every row. Plain values, to be kept with the run. */
export interface Baseline {
  readonly task: Task;
  /** Binary: the training base rate. Multiclass: each class's share of the training rows. Regression: the training mean. */
  readonly outputs: readonly number[];
}

/** Summarises training labels, numbered as in `EvaluationData`; `classes` is how many a multiclass task has. */
export function summariseLabels(task: Task, labels: Float64Array, classes = 0): LabelSummary {
  const sum = () => labels.reduce((total, label) => total + label, 0);
  switch (task) {
    case 'binary':
      return { task, rows: labels.length, positives: sum() };
    case 'regression':
      return { task, rows: labels.length, sum: sum() };
    case 'multiclass': {
      const counts = Array.from({ length: classes }, () => 0);
      for (const label of labels) counts[label]!++;
      return { task, counts };
    }
  }
}

/** The best constant prediction under log loss or squared error, from training labels alone. Throws `labels-empty`. */
export function baselineOf(summary: LabelSummary): Baseline {
  const rows = summary.task === 'multiclass' ? summary.counts.reduce((total, count) => total + count, 0) : summary.rows;
  if (rows === 0) {
    throw new NightshiftError({
      code: 'labels-empty',
      what: 'A baseline needs training labels',
      found: 'no row with a label',
      expected: 'at least one',
    });
  }
  return { task: summary.task, outputs: countsOf(summary).map((count) => count / rows) };
}

/** What the baseline predicts for `rows` rows: row-major, rows × outputs. */
export function predictBaseline(baseline: Baseline, rows: number): Float64Array {
  const { outputs } = baseline;
  return new Float64Array(rows * outputs.length).map((_zero, i) => outputs[i % outputs.length]!);
}

/**
 * The baseline on the rows of a candidate, to be held against it. Binary: it decides for the likelier class, where errors have costs for the
 * cheaper one, and so has an accuracy and a cost of its own.
 */
export function baselineData(baseline: Baseline, { labels, classes, cost }: EvaluationData): EvaluationData {
  const predictions = predictBaseline(baseline, labels.length);
  if (baseline.task !== 'binary') return { labels, predictions, classes };
  const threshold = cost === undefined ? 0.5 : cost.fp / (cost.fp + cost.fn);
  return { labels, predictions, decided: new Uint8Array(labels.length).fill(baseline.outputs[0]! >= threshold ? 1 : 0), cost };
}

function countsOf(summary: LabelSummary): readonly number[] {
  switch (summary.task) {
    case 'binary':
      return [summary.positives];
    case 'multiclass':
      return summary.counts;
    case 'regression':
      return [summary.sum];
  }
}
