import { pickFloats } from '../../dataset/pick.ts';
import { type Judges, lossOf } from '../loss.ts';

/** Rows that were held out, and what each member predicted of them: row-major, rows × outputs. */
export interface Candidates extends Judges {
  readonly predictions: readonly Float64Array[];
}

const PICKS = 40;
/** Stretches of days, at most, and rows of one, at least. */
const STRETCHES = 10;
const STRETCH_ROWS = 500;
/** A share that is not worth a further model. */
const LEAST_SHARE = 0.05;

/**
 * Weights of the members, which add up to 1. Where rows are of `days`, those of one day share its luck: then each of up to ten stretches of
 * days selects a blend of its own, and the weights are the mean of those. What is best on every stretch has all, and where they do not agree
 * the weights come out even, which on days that nobody has seen is better than what was best on the whole by a little.
 */
export function blendWeights(candidates: Candidates, days?: Float64Array): Float64Array {
  const stretches = days === undefined ? [] : stretchesOf(days);
  if (stretches.length < 2) return selected(candidates);
  const mean = new Float64Array(candidates.predictions.length);
  for (const rows of stretches) selected(rowsOf(candidates, rows)).forEach((weight, member) => (mean[member]! += weight / stretches.length));
  const least = Math.min(LEAST_SHARE, Math.max(...mean));
  const kept = mean.map((weight) => (weight < least ? 0 : weight));
  const total = kept.reduce((sum, weight) => sum + weight, 0);
  return kept.map((weight) => weight / total);
}

/**
 * Greedy ensemble selection with replacement (Caruana and others, "Ensemble selection from libraries of models", ICML 2004): adds,
 * again and again, the member with which the mean of all picked ones has the least loss on held-out rows, and keeps the
 * shortest list of picks that was best. Weights are the shares of the picks and add up to 1.
 */
function selected(candidates: Candidates): Float64Array {
  const { predictions } = candidates;
  const counts = predictions.map(() => 0);
  const sum = new Float64Array(predictions[0]?.length ?? 0);
  const mean = new Float64Array(sum.length);
  const withOne = (one: Float64Array, picks: number): Float64Array => {
    for (let i = 0; i < sum.length; i++) mean[i] = (sum[i]! + one[i]!) / picks;
    return mean;
  };
  let best = { loss: Infinity, counts: [...counts] };
  for (let picks = 1; picks <= PICKS; picks++) {
    const losses = predictions.map((one) => lossOf(candidates, withOne(one, picks)));
    const chosen = losses.indexOf(Math.min(...losses));
    if (chosen < 0) break;
    counts[chosen]!++;
    const picked = predictions[chosen]!;
    for (let i = 0; i < sum.length; i++) sum[i]! += picked[i]!;
    if (losses[chosen]! < best.loss) best = { loss: losses[chosen]!, counts: [...counts] };
  }
  const picked = best.counts.reduce((total, count) => total + count, 0);
  // No row that counts was held out: nothing can be chosen.
  if (picked === 0) return new Float64Array(predictions.length).fill(1 / predictions.length);
  return Float64Array.from(best.counts, (count) => count / picked);
}

/** The rows of each stretch of days; stretches are of as many days each, give or take one. */
function stretchesOf(days: Float64Array): readonly Uint32Array[] {
  const known = [...new Set(days)].sort((a, b) => a - b);
  const count = Math.min(STRETCHES, known.length, Math.floor(days.length / STRETCH_ROWS));
  const stretch = new Map(known.map((day, i) => [day, Math.floor((i * count) / known.length)]));
  const rows = Array.from({ length: count }, (): number[] => []);
  days.forEach((day, row) => rows[stretch.get(day)!]?.push(row));
  return rows.map((one) => Uint32Array.from(one));
}

function rowsOf({ task, labels, predictions, weights }: Candidates, rows: Uint32Array): Candidates {
  const outputs = (predictions[0]?.length ?? 0) / labels.length;
  const cells = Uint32Array.from({ length: rows.length * outputs }, (_, i) => rows[Math.floor(i / outputs)]! * outputs + (i % outputs));
  return { task, labels: pickFloats(labels, rows), predictions: predictions.map((one) => pickFloats(one, cells)), weights: weights && pickFloats(weights, rows) };
}

/** Σ weight · prediction, value by value. */
export function blend(predictions: readonly Float64Array[], weights: Float64Array): Float64Array {
  const blended = new Float64Array(predictions[0]?.length ?? 0);
  predictions.forEach((one, member) => {
    const weight = weights[member]!;
    for (let i = 0; i < blended.length; i++) blended[i]! += weight * one[i]!;
  });
  return blended;
}
