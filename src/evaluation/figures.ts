import type { Task } from '../dataset/contract.ts';
import { type CalibrationBin, type Histogram, type PredictedBin, calibrationBins, histogram, predictedBins, quantile } from './bins.ts';
import { type Point, type RocCurve, precisionRecall, rocCurve, tallyOf } from './curves.ts';
import { confusionMatrix, mostProbable } from './multiclass.ts';
import type { EvaluationData } from './task-metrics.ts';

/** How often each class was taken for each. */
export interface ConfusionFigure {
  readonly classes: readonly string[];
  /** Label × prediction; null where there are too many classes to be looked at. */
  readonly counts: readonly (readonly number[])[] | null;
  /** The most frequent mistakes first. */
  readonly mistakes: readonly { readonly label: string; readonly taken: string; readonly rows: number }[];
}

/** By how much the primary metric gets worse where a feature's values are dealt among the rows at random. */
export interface ImportanceFigure {
  readonly metric: string;
  readonly rows: number;
  readonly repeats: number;
  /** Above 0 where the model needs the feature; the mean over the repeats, the least and the most of them. */
  readonly features: readonly { readonly feature: string; readonly drop: number; readonly low: number; readonly high: number }[];
}

/** What a model did on its test batch, in numbers to be drawn. Plain JSON; what a task does not have is missing. */
export interface Figures {
  readonly task: Task;
  readonly rows: number;
  readonly roc?: readonly RocCurve[] | undefined;
  readonly precisionRecall?: readonly Point[] | undefined;
  readonly calibration?: readonly CalibrationBin[] | undefined;
  /** Binary: of probabilities, by label. Multiclass: of the likeliest class's probability, by whether it was right. */
  readonly scores?: Histogram | undefined;
  readonly confusion?: ConfusionFigure | undefined;
  /** Regression: labels less predictions. */
  readonly residuals?: Histogram | undefined;
  readonly predicted?: readonly PredictedBin[] | undefined;
  readonly importance?: ImportanceFigure | undefined;
}

const POINTS = 200;
const BINS = 24;
/** Curves of more classes cannot be told apart; those with the most rows are drawn. */
const CURVES = 8;
const MOST_CLASSES = 30;
const MISTAKES = 20;

/** The figures of a task, without importance. The data has been checked: metrics were measured on it. */
export function figuresOf(task: Task, data: EvaluationData): Figures {
  const about = { task, rows: data.labels.length };
  if (data.labels.length === 0) return about;
  return { ...about, ...figured[task](data) };
}

const figured: Readonly<Record<Task, (data: EvaluationData) => Partial<Figures>>> = {
  binary(data) {
    const tally = tallyOf(data.predictions, (row) => data.labels[row] === 1);
    const of = (label: number): Float64Array => data.predictions.filter((_, row) => data.labels[row] === label);
    const scores = histogram({ positive: of(1), negative: of(0) }, { bins: BINS, ...rangeOf(data.predictions) });
    return { roc: [rocCurve('', tally, POINTS)], precisionRecall: precisionRecall(tally, POINTS), calibration: calibrationBins(tally), scores, confusion: decidedConfusion(data) };
  },
  multiclass(data) {
    const classes = data.classes ?? [];
    const best = mostProbable(data.predictions, classes.length);
    const of = (isRight: boolean): Float64Array => Float64Array.from([...best.keys()].filter((row) => (best[row] === data.labels[row]) === isRight), (row) => data.predictions[row * classes.length + best[row]!]!);
    return { roc: oneAgainstRest(data, classes), scores: histogram({ right: of(true), wrong: of(false) }, { bins: BINS, from: 0, to: 1 }), confusion: confusionFigure(classes, confusionMatrix(data)) };
  },
  regression({ labels, predictions }) {
    const residuals = labels.map((label, row) => label - predictions[row]!);
    const sorted = residuals.toSorted();
    return { residuals: histogram({ rows: residuals }, { bins: BINS, from: quantile(sorted, 0.005), to: quantile(sorted, 0.995) }), predicted: predictedBins(labels, predictions, BINS) };
  },
};

function rangeOf(values: Float64Array): { readonly from: number; readonly to: number } {
  return { from: values.reduce((least, value) => Math.min(least, value), Infinity), to: values.reduce((most, value) => Math.max(most, value), -Infinity) };
}

function oneAgainstRest({ labels, predictions }: EvaluationData, classes: readonly string[]): readonly RocCurve[] {
  const rows = classes.map((_, one) => labels.reduce((count, label) => count + (label === one ? 1 : 0), 0));
  const drawn = [...classes.keys()].sort((a, b) => rows[b]! - rows[a]! || a - b).slice(0, CURVES);
  const limit = Math.floor(POINTS / Math.min(4, drawn.length));
  return drawn.sort((a, b) => a - b).map((one) => rocCurve(classes[one]!, tallyOf(labels.map((_, row) => predictions[row * classes.length + one]!), (row) => labels[row] === one), limit));
}

function decidedConfusion({ labels, decided }: EvaluationData): ConfusionFigure | undefined {
  if (decided === undefined) return undefined;
  const counts = new Float64Array(4);
  for (const [row, label] of labels.entries()) counts[label * 2 + decided[row]!]!++;
  return confusionFigure(['0', '1'], counts);
}

function confusionFigure(classes: readonly string[], counts: Float64Array): ConfusionFigure {
  const table = classes.map((_, i) => [...counts.subarray(i * classes.length, (i + 1) * classes.length)]);
  const cells = table.flatMap((row, i) => row.map((rows, j) => ({ label: classes[i]!, taken: classes[j]!, rows })));
  const mistakes = cells.filter(({ label, taken, rows }) => label !== taken && rows > 0).sort((a, b) => b.rows - a.rows).slice(0, MISTAKES);
  return { classes: classes.length > MOST_CLASSES ? [] : classes, counts: classes.length > MOST_CLASSES ? null : table, mistakes };
}
