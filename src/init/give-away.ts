import type { Task } from '../dataset/contract.ts';
import { rank, auc } from '../evaluation/ranked.ts';

/** One column of a sample as groups: rows of one group have the same value, or numbers close to each other. */
export interface Groups {
  /** The group of each row, from 0. */
  readonly codes: Int32Array;
  readonly count: number;
}

/** Labels of the same rows: 0 and 1, indices of classes, or numbers. */
export interface SampleLabels {
  readonly task: Task;
  readonly values: Float64Array;
  readonly classes: number;
}

/** How well one column alone tells the label, and how well guessing does. Binary: AUC; multiclass: accuracy; regression: R². */
export interface Telling {
  readonly score: number;
  readonly base: number;
}

/** With this many rows in each at least, nearly every bin has rows to learn from. */
const BIN_ROWS = 20;
const MOST_BINS = 200;
/** Rows of either outcome that the judged half must have. */
const FEWEST = 10;

/** Numbers as groups: each value its own while there are few, otherwise bins of equally many rows. NaN is a group of its own. */
export function groupNumbers(values: Float64Array): Groups {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const bins = Math.max(2, Math.min(MOST_BINS, Math.floor(sorted.length / BIN_ROWS)));
  const distinct = new Set(sorted);
  const edges = distinct.size <= bins ? Float64Array.from(distinct) : Float64Array.from({ length: bins }, (_, i) => sorted[Math.floor((i * sorted.length) / bins)] ?? 0);
  return { codes: Int32Array.from(values, (value) => (Number.isNaN(value) ? edges.length : lastAtMost(edges, value))), count: edges.length + 1 };
}

/** The place of the last edge that is not above a value; 0 where all are. */
function lastAtMost(edges: Float64Array, value: number): number {
  let [low, high] = [0, edges.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * What a column alone tells of the label: each group's mean (or most frequent class) is learnt from every other row and
 * judged on the rest. Undefined where there are too few rows to judge.
 */
export function tellingOf(groups: Groups, labels: SampleLabels): Telling | undefined {
  if (labels.task === 'multiclass') return byClass(groups, labels);
  const learnt = learnMeans(groups, labels.values);
  const judged = Float64Array.from({ length: labels.values.length >> 1 }, (_, i) => labels.values[2 * i + 1] ?? 0);
  const guesses = Float64Array.from(judged, (_, i) => learnt[groups.codes[2 * i + 1] ?? 0] ?? 0);
  return labels.task === 'binary' ? aucOf(judged, guesses) : rSquared(judged, guesses);
}

/** Means of every other row by group, drawn to the mean of all as if by one row of it. */
function learnMeans({ codes, count }: Groups, values: Float64Array): Float64Array {
  const [sums, counts] = [new Float64Array(count), new Float64Array(count)];
  let total = 0;
  for (let row = 0; row < values.length; row += 2) {
    sums[codes[row] ?? 0]! += values[row] ?? 0;
    counts[codes[row] ?? 0]! += 1;
    total += values[row] ?? 0;
  }
  const mean = total / Math.max(1, Math.ceil(values.length / 2));
  return sums.map((sum, group) => ((counts[group] ?? 0) === 0 ? mean : (sum + 1e-3 * mean) / ((counts[group] ?? 0) + 1e-3)));
}

function aucOf(judged: Float64Array, guesses: Float64Array): Telling | undefined {
  const positives = judged.reduce((sum, label) => sum + label, 0);
  if (positives < FEWEST || judged.length - positives < FEWEST) return undefined;
  const ranked = rank(guesses, (row) => judged[row] === 1);
  const score = auc(ranked, new Uint8Array(judged.length).fill(1));
  return score === null ? undefined : { score, base: 0.5 };
}

function rSquared(judged: Float64Array, guesses: Float64Array): Telling | undefined {
  if (judged.length < 2 * FEWEST) return undefined;
  const mean = judged.reduce((sum, value) => sum + value, 0) / judged.length;
  const [left, all] = judged.reduce(([a, b], value, i) => [a + (value - (guesses[i] ?? 0)) ** 2, b + (value - mean) ** 2], [0, 0]);
  return all === 0 ? undefined : { score: 1 - left / all, base: 0 };
}

function byClass({ codes, count }: Groups, { values, classes }: SampleLabels): Telling | undefined {
  const seen = new Float64Array(count * classes);
  for (let row = 0; row < values.length; row += 2) seen[(codes[row] ?? 0) * classes + (values[row] ?? 0)]! += 1;
  const all = new Float64Array(classes);
  let [right, judged] = [0, 0];
  for (let row = 1; row < values.length; row += 2) {
    const at = (codes[row] ?? 0) * classes;
    const guess = indexOfMost(seen.subarray(at, at + classes));
    if (guess === values[row]) right += 1;
    all[values[row] ?? 0]! += 1;
    judged += 1;
  }
  return judged < 2 * FEWEST ? undefined : { score: right / judged, base: Math.max(...all) / judged };
}

function indexOfMost(counts: Float64Array): number {
  return counts.reduce((best, count, i) => (count > (counts[best] ?? 0) ? i : best), 0);
}

/** How well the order of numbers alone tells a binary label, whichever way round: AUC, over the rows that have one. */
export function orderTells(values: Float64Array, { values: labels }: SampleLabels): Telling | undefined {
  const rows = Uint32Array.from(values.keys()).filter((row) => Number.isFinite(values[row]));
  // A value that is often missing tells little by its order.
  if (rows.length < values.length / 2) return undefined;
  const told = aucOf(Float64Array.from(rows, (row) => labels[row] ?? 0), Float64Array.from(rows, (row) => values[row] ?? 0));
  return told === undefined ? undefined : { ...told, score: Math.max(told.score, 1 - told.score) };
}

/** The squared correlation of two columns, over the rows in which both have a value. */
export function squaredCorrelation(one: Float64Array, other: Float64Array): number {
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  const [a0, b0] = [one.find((value) => Number.isFinite(value)) ?? 0, other[0] ?? 0];
  one.forEach((value, row) => {
    const [a, b] = [value - a0, (other[row] ?? Number.NaN) - b0];
    if (!Number.isFinite(a) || !Number.isFinite(b)) return;
    n += 1;
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  });
  const [vx, vy, c] = [xx - (x * x) / n, yy - (y * y) / n, xy - (x * y) / n];
  return vx > 0 && vy > 0 ? (c * c) / (vx * vy) : 0;
}
