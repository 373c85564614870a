import { expectedCalibrationError } from './calibration.ts';
import { checkClasses, checkLengths, checkRange, probability } from './data-checks.ts';
import { weightedAuc, rank, tallier, type Ranked, type Tally } from './ranked.ts';
import { infoOf, once, ratio, readingOf, type EvaluationData, type Metric, type MetricValue, type TaskMetrics } from './task-metrics.ts';

/** Counts at the decision: true and false, positive and negative. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

interface BinaryView {
  readonly ranked: Ranked;
  readonly weights: Uint8Array;
  readonly tally: () => Tally;
  /** −ln of the clipped probability that each row's own class was given. */
  readonly losses: () => Float64Array;
  /** Undefined where no decision was given. */
  readonly confusion: () => Confusion | undefined;
  readonly cost: EvaluationData['cost'];
}

/** Probabilities are kept this far from 0 and 1 before their logarithm is taken, as scikit-learn does for float64. */
export const CLIP = 2 ** -52;

const metrics: readonly Metric<BinaryView>[] = [
  { name: 'auc', title: 'AUC', direction: 'higher', of: ({ ranked, weights }) => weightedAuc(ranked, weights) },
  { name: 'average_precision', title: 'average precision', direction: 'higher', of: ({ tally }) => averagePrecision(tally()) },
  { name: 'log_loss', title: 'log loss', direction: 'lower', of: logLoss },
  { name: 'brier', title: 'Brier score', direction: 'lower', of: ({ tally }) => brier(tally()) },
  { name: 'ece', title: 'calibration error', direction: 'lower', of: ({ tally }) => expectedCalibrationError(tally()) },
  { name: 'accuracy', title: 'accuracy', direction: 'higher', of: atDecision(({ tp, fp, fn, tn }) => ratio(tp + tn, tp + fp + fn + tn)) },
  { name: 'precision', title: 'precision', direction: 'higher', of: atDecision(({ tp, fp }) => ratio(tp, tp + fp)) },
  { name: 'recall', title: 'recall', direction: 'higher', of: atDecision(({ tp, fn }) => ratio(tp, tp + fn)) },
  { name: 'f1', title: 'F1', direction: 'higher', of: atDecision(({ tp, fp, fn }) => ratio(2 * tp, 2 * tp + fp + fn)) },
  { name: 'cost', title: 'cost a row', direction: 'lower', of: costOf },
  { name: 'lift_top_10', title: 'lift in the top tenth', direction: 'higher', of: ({ tally }) => liftOfTop(tally(), 0.1) },
  { name: 'base_rate', title: 'share of positives', direction: 'none', of: ({ tally }) => ratio(tally().totalPositives, tally().totalRows) },
  { name: 'rows', title: 'rows', direction: 'none', of: ({ tally }) => tally().totalRows },
  { name: 'positives', title: 'positives', direction: 'none', of: ({ tally }) => tally().totalPositives },
];

/**
 * The binary task. Accuracy, precision, recall and F1 are those at the decision, by the usual counts (van Rijsbergen,
 * "Information Retrieval", 1979, ch. 7; F1 = 2tp / (2tp + fp + fn)). Precision is null where nothing is decided positive,
 * recall where nothing is positive, F1 where neither is.
 */
export const binary: TaskMetrics = {
  info: infoOf(metrics),
  primary: 'auc',
  prepare(data) {
    checkLengths(data, 1);
    checkClasses(data.labels, 2);
    checkRange(data.predictions, { name: 'predicted probability', ...probability });
    const ranked = rank(data.predictions, (row) => data.labels[row] === 1);
    const tally = tallier(ranked);
    const losses = once(() => lossesOf(data));
    return (weights) => readingOf(metrics, { ranked, weights, tally: once(() => tally(weights)), losses, confusion: once(() => confusionOf(data, weights)), cost: data.cost });
  },
};

/**
 * Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores, falling, without interpolation. Null without a positive.
 * Source: scikit-learn, `average_precision_score`; Zhu, "Recall, precision and average precision", 2004.
 */
function averagePrecision({ rows, positives, totalPositives }: Tally): MetricValue {
  let seenRows = 0;
  let seenPositives = 0;
  let sum = 0;
  for (let group = 0; group < rows.length; group++) {
    const here = positives[group]!;
    seenRows += rows[group]!;
    seenPositives += here;
    if (here > 0) sum += here * (seenPositives / seenRows);
  }
  return ratio(sum, totalPositives);
}

/**
 * Log loss in nats: the mean of −ln p of what happened, p clipped to [2⁻⁵², 1 − 2⁻⁵²]: a certainty that was wrong costs 36.
 * Source: Good, "Rational decisions", JRSS B 14 (1952); clipping as scikit-learn, `log_loss`.
 */
function logLoss({ losses: ofRows, weights }: BinaryView): MetricValue {
  const losses = ofRows();
  let sum = 0;
  let rows = 0;
  for (let row = 0; row < losses.length; row++) {
    sum += weights[row]! * losses[row]!;
    rows += weights[row]!;
  }
  return ratio(sum, rows);
}

/** Brier score: the mean of (p − y)². Source: Brier, Monthly Weather Review 78 (1950), in its form for one event. */
function brier({ scores, rows, positives, totalRows }: Tally): MetricValue {
  let sum = 0;
  for (let group = 0; group < scores.length; group++) {
    const score = scores[group]!;
    const here = positives[group]!;
    sum += here * (1 - score) ** 2 + (rows[group]! - here) * score ** 2;
  }
  return ratio(sum, totalRows);
}

/**
 * Lift: the share of positives among the best-scored `share` of the rows over the share among all. Where the cut falls
 * within equal scores they count in proportion, so the order of rows plays no part and a constant score has a lift of 1.
 * Source: the gains curve of Ling and Li, "Data mining for direct marketing", KDD 1998, interpolated linearly.
 */
function liftOfTop({ rows, positives, totalRows, totalPositives }: Tally, share: number): MetricValue {
  const wanted = totalRows * share;
  let taken = 0;
  let found = 0;
  for (let group = 0; group < rows.length && taken < wanted; group++) {
    const here = rows[group]!;
    if (here === 0) continue;
    const part = Math.min(here, wanted - taken);
    found += positives[group]! * (part / here);
    taken += part;
  }
  return ratio(found, totalPositives * share);
}

function atDecision(of: (counts: Confusion) => MetricValue): (view: BinaryView) => MetricValue {
  return ({ confusion }) => {
    const counts = confusion();
    return counts === undefined ? null : of(counts);
  };
}

/** What wrong decisions cost, over all rows; null where no costs were given. */
function costOf({ confusion, cost }: BinaryView): MetricValue {
  const counts = confusion();
  if (counts === undefined || cost === undefined) return null;
  return ratio(cost.fp * counts.fp + cost.fn * counts.fn, counts.tp + counts.fp + counts.fn + counts.tn);
}

/** The counts at the decision, rows weighted; undefined where the data carry no decision. */
export function confusionOf({ labels, decided }: EvaluationData, weights: Uint8Array = new Uint8Array(labels.length).fill(1)): Confusion | undefined {
  if (decided === undefined) return undefined;
  let tp = 0;
  let predicted = 0;
  let positives = 0;
  let rows = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights[row]!;
    const label = labels[row]!;
    const yes = weight * decided[row]!;
    rows += weight;
    predicted += yes;
    tp += yes * label;
    positives += weight * label;
  }
  return { tp, fp: predicted - tp, fn: positives - tp, tn: rows - predicted - positives + tp };
}

function lossesOf({ labels, predictions }: EvaluationData): Float64Array {
  return predictions.map((score, row) => {
    const clipped = Math.min(Math.max(score, CLIP), 1 - CLIP);
    return -Math.log(labels[row] === 1 ? clipped : 1 - clipped);
  });
}
