import type { Column } from '../../dataset/batch.ts';
import type { Task } from '../../dataset/contract.ts';
import { type Decision, positivesOf, ranksOf } from '../../evaluation/decision.ts';
import type { PredictionInterval } from '../../evaluation/interval.ts';

/** What a model says of some rows: predictions row-major, rows × outputs. */
export interface Predicted {
  readonly rows: number;
  readonly outputs: number;
  readonly classes: readonly string[];
  readonly predictions: Float64Array;
  readonly decision: Decision | null;
  /** Of a regression: how far around a prediction its label is expected, where the model says. */
  readonly interval: PredictionInterval | null;
}

/** The columns that a table of scores has beside its key. */
export interface ResultColumns {
  readonly score: Float64Array;
  readonly label: (from: number, to: number) => Column;
  /** Made when it is asked for: it takes a sort. */
  readonly rank: () => Int32Array;
  /** `score_<class>` for each class, or a regression's `score_low` and `score_high`. */
  readonly further: (from: number, to: number) => ReadonlyMap<string, Column>;
}

/** Binary: the probability, the decision's class, the rank. Multiclass: the winning class and its probability. Regression: the prediction, no class. */
export function resultColumns(task: Task, predicted: Predicted): ResultColumns {
  const { outputs, classes, predictions, decision } = predicted;
  const further = (from: number, to: number): ReadonlyMap<string, Column> => (task === 'regression' ? bounds(predicted, { from, to }) : perClass(predicted, { from, to }));
  const score = scoresOf(predictions, outputs);
  const rank = once(() => ranksOf(score));
  if (decision !== null) {
    const isPositive = positivesOf(decision, score, rank);
    return { score, rank, label: (from, to) => numbers(Float64Array.from({ length: to - from }, (_, i) => (isPositive(from + i) ? 1 : 0))), further };
  }
  const bestIn = (from: number, to: number): Int32Array => (classes.length > 0 ? bestOf(predictions.subarray(from * outputs, to * outputs), outputs) : new Int32Array(to - from).fill(-1));
  return { score, rank, label: (from, to) => ({ storage: 'text', codes: bestIn(from, to), dictionary: classes }), further };
}

/** Makes something when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** One score a row: the probability or prediction, of several classes that of the likeliest. */
export function scoresOf(predictions: Float64Array, outputs: number): Float64Array {
  if (outputs <= 1) return predictions;
  return Float64Array.from(bestOf(predictions, outputs), (k, row) => predictions[row * outputs + k] ?? Number.NaN);
}

function bestOf(predictions: Float64Array, outputs: number): Int32Array {
  return Int32Array.from({ length: predictions.length / outputs }, (_, row) => indexOfHighest(predictions.subarray(row * outputs, (row + 1) * outputs)));
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function perClass({ classes, predictions, outputs }: Predicted, { from, to }: Range): ReadonlyMap<string, Column> {
  return new Map(classes.map((name, k) => [`score_${name}`, numbers(Float64Array.from({ length: to - from }, (_, row) => predictions[(from + row) * outputs + k] ?? Number.NaN))]));
}

function bounds({ predictions, interval }: Predicted, { from, to }: Range): ReadonlyMap<string, Column> {
  return new Map([['score_low', bound(predictions.subarray(from, to), -1, interval)], ['score_high', bound(predictions.subarray(from, to), 1, interval)]]);
}

/** One end of the interval around each score; missing where the model knows none. */
function bound(score: Float64Array, sign: number, interval: PredictionInterval | null): Column {
  if (interval === null) return { storage: 'number', values: new Float64Array(score.length).fill(Number.NaN), nulls: new Uint8Array(score.length).fill(1) };
  return numbers(score.map((value) => value + sign * interval.margin));
}

function indexOfHighest(values: Float64Array): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? Number.NEGATIVE_INFINITY) ? i : best), 0);
}

export function numbers(values: Float64Array): Column {
  return { storage: 'number', values, nulls: undefined };
}
