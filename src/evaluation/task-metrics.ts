/** Labels and predictions of the same rows, in the same order. */
export interface EvaluationData {
  /** Binary: 0 or 1. Multiclass: the number of the class, from 0, in the contract's order. Regression: the label itself. */
  readonly labels: Float64Array;
  /** Row-major, rows × outputs, as a model predicts them: probabilities, or for regression the label's unit. */
  readonly predictions: Float64Array;
  /** Multiclass: the classes' names in the contract's order. */
  readonly classes?: readonly string[] | undefined;
  /** Binary: the class that the decision gave each row, 0 or 1. Without it the metrics at the decision are null. */
  readonly decided?: Uint8Array | undefined;
  /** Binary: what a false positive and a false negative cost. Without it the cost is null. */
  readonly cost?: { readonly fp: number; readonly fn: number } | undefined;
  /** Regression: how far around a prediction its label is expected, the same for all rows or one a row. Without it the coverage is null. */
  readonly margin?: number | Float64Array | undefined;
}

/** Which way is better; `none` for what only describes the rows. */
export type Direction = 'higher' | 'lower' | 'none';

export interface MetricInfo {
  readonly name: string;
  /** A few words for the console and for reports. */
  readonly title: string;
  readonly direction: Direction;
}

/** A metric that the rows do not define (AUC of one class, precision with nothing predicted positive) is null. */
export type MetricValue = number | null;

/** Gives a metric's value by its name. */
export type Reading = (metric: string) => MetricValue;

/**
 * Measures again with row i counted `weights[i]` times, which is what a bootstrap resample is. It may reuse its memory, so
 * a reading is stale once the same function is called again.
 */
export type Reweigh = (weights: Uint8Array) => Reading;

/** All that evaluation knows of one task. */
export interface TaskMetrics {
  readonly info: readonly MetricInfo[];
  /** The metric that stands for the model where none is named. */
  readonly primary: string;
  /** Checks the data (`predictions-invalid`) and does once what no reweighing changes, such as sorting. */
  readonly prepare: (data: EvaluationData) => Reweigh;
}

/** A metric and its formula over some view `T` of weighted rows. */
export interface Metric<T> extends MetricInfo {
  readonly of: (view: T) => MetricValue;
}

/** A quotient, or null where nothing divides. */
export function ratio(numerator: number, denominator: number): MetricValue {
  return denominator === 0 ? null : numerator / denominator;
}

/** A reading of metrics over one view; the name has been checked before. */
export function readingOf<T>(metrics: readonly Metric<T>[], view: T): Reading {
  return (name) => metrics.find((metric) => metric.name === name)?.of(view) ?? null;
}

/** The descriptors without their formulas. */
export function infoOf<T>(metrics: readonly Metric<T>[]): readonly MetricInfo[] {
  return metrics.map(({ name, title, direction }) => ({ name, title, direction }));
}

/** Computes a value when it is first asked for. */
export function once<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => (kept ??= { value: compute() }).value;
}
