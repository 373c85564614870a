import { checkLengths, checkRange, finite } from './data-checks.ts';
import { descendingOrder } from './order.ts';
import { infoOf, once, ratio, readingOf, type EvaluationData, type Metric, type MetricValue, type TaskMetrics } from './task-metrics.ts';

/** Per row, in its order: what the metrics are sums of. */
interface Rows {
  readonly labels: Float64Array;
  readonly absolute: Float64Array;
  readonly squared: Float64Array;
  /** |error / label|; not finite where the label is 0. */
  readonly relative: Float64Array;
  /** Labels less the mean of all labels, so that little is lost when their squares are added. */
  readonly centred: Float64Array;
  readonly centredSquared: Float64Array;
  /** Row numbers by falling absolute error. */
  readonly worstFirst: () => Uint32Array;
  readonly margin: EvaluationData['margin'];
}

interface RegressionView extends Rows {
  readonly weights: Uint8Array;
  /** How many rows the weights count. */
  readonly total: number;
}

const metrics: readonly Metric<RegressionView>[] = [
  { name: 'rmse', title: 'RMSE', direction: 'lower', of: rmse },
  { name: 'mae', title: 'mean absolute error', direction: 'lower', of: mae },
  { name: 'r2', title: 'R²', direction: 'higher', of: r2 },
  { name: 'median_absolute_error', title: 'median absolute error', direction: 'lower', of: medianAbsoluteError },
  { name: 'mape', title: 'mean absolute percentage error', direction: 'lower', of: mape },
  { name: 'coverage', title: 'labels within the interval', direction: 'none', of: coverage },
  { name: 'rows', title: 'rows', direction: 'none', of: ({ total }) => total },
];

/** The regression task; all errors are in the label's unit. Formulas as in scikit-learn's `metrics`, where not said otherwise. */
export const regression: TaskMetrics = {
  info: infoOf(metrics),
  primary: 'rmse',
  prepare(data) {
    checkLengths(data, 1);
    checkRange(data.labels, { name: 'label', ...finite });
    checkRange(data.predictions, { name: 'prediction', ...finite });
    const rows = rowsOf(data);
    return (weights) => readingOf(metrics, { ...rows, weights, total: total(weights) });
  },
};

function rowsOf({ labels, predictions, margin }: EvaluationData): Rows {
  const absolute = predictions.map((prediction, row) => Math.abs(prediction - labels[row]!));
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const centred = labels.map((label) => label - mean);
  return {
    labels,
    absolute,
    squared: absolute.map((error) => error ** 2),
    relative: absolute.map((error, row) => error / Math.abs(labels[row]!)),
    centred,
    centredSquared: centred.map((label) => label ** 2),
    worstFirst: once(() => descendingOrder(absolute)),
    margin,
  };
}

/** The share of labels that lie within the prediction interval; null where there is none. */
function coverage({ absolute, weights, total, margin }: RegressionView): MetricValue {
  if (margin === undefined) return null;
  return ratio(weighted(absolute.map((error, row) => (error <= (typeof margin === 'number' ? margin : margin[row]!) ? 1 : 0)), weights), total);
}

/** √(mean of squared errors). */
function rmse({ squared, weights, total }: RegressionView): MetricValue {
  return total === 0 ? null : Math.sqrt(weighted(squared, weights) / total);
}

/** The mean of absolute errors. */
function mae({ absolute, weights, total }: RegressionView): MetricValue {
  return ratio(weighted(absolute, weights), total);
}

/**
 * 1 − squared errors / squared distances from the labels' own mean; null where all labels are equal.
 * Source: Kvålseth, "Cautionary note about R²", The American Statistician 39 (1985), R²₁.
 */
function r2({ labels, squared, centred, centredSquared, weights, total }: RegressionView): MetricValue {
  if (allEqual(labels, weights)) return null;
  const spread = weighted(centredSquared, weights) - weighted(centred, weights) ** 2 / total;
  return 1 - weighted(squared, weights) / spread;
}

/** The median of absolute errors; of an even number of rows the mean of the middle two. */
function medianAbsoluteError({ absolute, weights, total, worstFirst }: RegressionView): MetricValue {
  const order = worstFirst();
  let seen = 0;
  let upper: number | undefined;
  for (let place = 0; place < order.length; place++) {
    const row = order[place]!;
    seen += weights[row]!;
    if (weights[row] !== 0 && upper === undefined && seen >= total / 2) upper = absolute[row]!;
    if (upper !== undefined && seen > total / 2) return (upper + absolute[row]!) / 2;
  }
  return null;
}

/** The mean of |error / label|, as a share (0.1 is 10%); null where a label is 0, for which it has no meaning. */
function mape({ labels, relative, weights, total }: RegressionView): MetricValue {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    if (weights[row] === 0) continue;
    if (labels[row] === 0) return null;
    sum += weights[row]! * relative[row]!;
  }
  return ratio(sum, total);
}

/** Σ weight · value. */
function weighted(values: Float64Array, weights: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += weights[row]! * values[row]!;
  return sum;
}

function total(weights: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < weights.length; row++) sum += weights[row]!;
  return sum;
}

/** Asked of the labels themselves: sums of what was rounded need not come to 0. True where there are none. */
function allEqual(labels: Float64Array, weights: Uint8Array): boolean {
  let first: number | undefined;
  for (let row = 0; row < labels.length; row++) {
    if (weights[row] === 0) continue;
    first ??= labels[row]!;
    if (labels[row] !== first) return false;
  }
  return true;
}
