import { CLIP } from './binary.ts';
import { checkClasses, checkLengths, checkRange, invalid, probability } from './data-checks.ts';
import { auc, rank, type Ranked } from './ranked.ts';
import { infoOf, once, ratio, readingOf, type EvaluationData, type Metric, type MetricValue, type TaskMetrics } from './task-metrics.ts';

interface MulticlassView {
  readonly weights: Uint8Array;
  /** −ln of the clipped probability that each row's own class was given. */
  readonly losses: Float64Array;
  /** Row-major counts, label × prediction. */
  readonly confusion: () => Float64Array;
  readonly classes: number;
  /** 1 where a row's class is among its three most probable. */
  readonly amongThree: () => Uint8Array;
  /** Each class ranked against the rest. */
  readonly rankings: () => readonly Ranked[];
}

const metrics: readonly Metric<MulticlassView>[] = [
  { name: 'log_loss', title: 'log loss', direction: 'lower', of: logLoss },
  { name: 'accuracy', title: 'accuracy', direction: 'higher', of: accuracy },
  { name: 'balanced_accuracy', title: 'balanced accuracy', direction: 'higher', of: balancedAccuracy },
  { name: 'macro_f1', title: 'macro F1', direction: 'higher', of: macroF1 },
  { name: 'macro_auc', title: 'macro AUC', direction: 'higher', of: macroAuc },
  { name: 'top_3_accuracy', title: 'class among the three likeliest', direction: 'higher', of: topThree },
  { name: 'rows', title: 'rows', direction: 'none', of: ({ weights }) => sum(weights) },
];

/** The multiclass task. A row's class is its most probable one; of equal ones the first in the contract's order. */
export const multiclass: TaskMetrics = {
  info: infoOf(metrics),
  primary: 'log_loss',
  prepare(data) {
    const classes = classesOf(data);
    checkMulticlass(data, classes);
    const losses = lossesOf(data, classes);
    const predicted = mostProbable(data.predictions, classes);
    const amongThree = once(() => withinTop(data, classes, 3));
    const rankings = once(() => oneVersusRest(data, classes));
    return (weights) => {
      const confusion = () => confusionCounts({ labels: data.labels, predicted, classes, weights });
      return readingOf(metrics, { weights, losses, confusion, classes, rankings, amongThree });
    };
  },
};

/** The number of the most probable class of each row. */
export function mostProbable(predictions: Float64Array, classes: number): Int32Array {
  const best = new Int32Array(predictions.length / classes);
  for (let row = 0; row < best.length; row++) {
    for (let one = 1; one < classes; one++) {
      if (predictions[row * classes + one]! > predictions[row * classes + best[row]!]!) best[row] = one;
    }
  }
  return best;
}

/** How often each class was taken for each: row-major counts, label × prediction. */
export function confusionMatrix(data: EvaluationData): Float64Array {
  const classes = classesOf(data);
  checkMulticlass(data, classes);
  const weights = new Uint8Array(data.labels.length).fill(1);
  return confusionCounts({ labels: data.labels, predicted: mostProbable(data.predictions, classes), classes, weights });
}

/** Mean of −ln of the probability given to what happened, clipped to at least 2⁻⁵². Source: scikit-learn, `log_loss`. */
function logLoss({ weights, losses }: MulticlassView): MetricValue {
  let total = 0;
  for (let row = 0; row < losses.length; row++) total += weights[row]! * losses[row]!;
  return ratio(total, sum(weights));
}

/** The share of rows whose most probable class is theirs. */
function accuracy({ confusion, classes }: MulticlassView): MetricValue {
  const counts = confusion();
  let right = 0;
  for (let one = 0; one < classes; one++) right += counts[one * classes + one]!;
  return ratio(right, sum(counts));
}

/** The share of rows whose class is among their three most probable ones. Source: scikit-learn, `top_k_accuracy_score`. */
function topThree({ amongThree, weights }: MulticlassView): MetricValue {
  const within = amongThree();
  let right = 0;
  for (let row = 0; row < within.length; row++) right += weights[row]! * within[row]!;
  return ratio(right, sum(weights));
}

/** 1 where fewer than `k` classes come before the row's own: more probable ones, and equally probable ones earlier in the contract's order. */
function withinTop({ labels, predictions }: EvaluationData, classes: number, k: number): Uint8Array {
  return Uint8Array.from(labels, (label, row) => {
    const own = predictions[row * classes + label]!;
    let before = 0;
    for (let one = 0; one < classes; one++) {
      const other = predictions[row * classes + one]!;
      if (other > own || (other === own && one < label)) before++;
    }
    return before < k ? 1 : 0;
  });
}

/**
 * The mean of the classes' recalls, over the classes that occur.
 * Source: Brodersen and others, "The balanced accuracy and its posterior distribution", ICPR 2010; scikit-learn.
 */
function balancedAccuracy({ confusion, classes }: MulticlassView): MetricValue {
  const counts = confusion();
  return meanOfDefined(classes, (one) => ratio(counts[one * classes + one]!, inRow(counts, classes, one)));
}

/**
 * The mean of the classes' F1, over the classes that occur or are predicted.
 * Source: Opitz and Burst, "Macro F1 and macro F1", 2019, the mean of F1 scores; scikit-learn, `f1_score(average='macro')`.
 */
function macroF1({ confusion, classes }: MulticlassView): MetricValue {
  const counts = confusion();
  return meanOfDefined(classes, (one) => ratio(2 * counts[one * classes + one]!, inRow(counts, classes, one) + inColumn(counts, classes, one)));
}

/**
 * The mean of the classes' one-versus-rest AUC, unweighted, over the classes for which it is defined.
 * Source: Provost and Domingos, "Well-trained PETs", 2000, unweighted; scikit-learn, `roc_auc_score(multi_class='ovr')`.
 */
function macroAuc({ rankings, weights, classes }: MulticlassView): MetricValue {
  const all = rankings();
  return meanOfDefined(classes, (one) => auc(all[one]!, weights));
}

function classesOf({ classes }: EvaluationData): number {
  if (classes === undefined || classes.length < 2) throw invalid('The classes are not known', `${classes?.length ?? 0} classes`, 'two or more');
  return classes.length;
}

function checkMulticlass(data: EvaluationData, classes: number): void {
  checkLengths(data, classes);
  checkClasses(data.labels, classes);
  checkRange(data.predictions, { name: 'predicted probability', ...probability });
}

function lossesOf({ labels, predictions }: EvaluationData, classes: number): Float64Array {
  return labels.map((label, row) => -Math.log(Math.min(Math.max(predictions[row * classes + label]!, CLIP), 1 - CLIP)));
}

function oneVersusRest({ labels, predictions }: EvaluationData, classes: number): readonly Ranked[] {
  return Array.from({ length: classes }, (_, one) => {
    const scores = labels.map((_label, row) => predictions[row * classes + one]!);
    return rank(scores, (row) => labels[row] === one);
  });
}

interface Counted {
  readonly labels: Float64Array;
  readonly predicted: Int32Array;
  readonly classes: number;
  readonly weights: Uint8Array;
}

function confusionCounts({ labels, predicted, classes, weights }: Counted): Float64Array {
  const counts = new Float64Array(classes * classes);
  for (let row = 0; row < labels.length; row++) counts[labels[row]! * classes + predicted[row]!]! += weights[row]!;
  return counts;
}

function inRow(counts: Float64Array, classes: number, one: number): number {
  return sum(counts.subarray(one * classes, (one + 1) * classes));
}

function inColumn(counts: Float64Array, classes: number, one: number): number {
  let total = 0;
  for (let row = 0; row < classes; row++) total += counts[row * classes + one]!;
  return total;
}

function sum(values: Float64Array | Uint8Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

function meanOfDefined(classes: number, of: (one: number) => MetricValue): MetricValue {
  let total = 0;
  let defined = 0;
  for (let one = 0; one < classes; one++) {
    const value = of(one);
    if (value === null) continue;
    total += value;
    defined++;
  }
  return ratio(total, defined);
}
