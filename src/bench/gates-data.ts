import type { TextColumn } from '../dataset/batch.ts';
import { auc, rank } from '../evaluation/ranked.ts';
import { Random } from '../evaluation/random.ts';
import type { EvaluationData } from '../evaluation/task-metrics.ts';

/** A population of rows, and how well a champion and a candidate know it. */
export interface Planted {
  readonly positives: number;
  /** The noise on each model's logit: the larger, the worse. */
  readonly champion: number;
  readonly candidate: number;
}

export interface PlantedNight {
  readonly candidate: EvaluationData;
  readonly champion: EvaluationData;
  /** Ten slices, the largest with 28% of the rows, the smallest with 1%. */
  readonly slice: TextColumn;
}

/** How far the logit swings with what can be known: an AUC of about 0.75 without noise. */
const SIGNAL = 1.2;
/** What the champion's logit is blurred by. */
export const CHAMPION_NOISE = 0.6;
const SLICES = [28, 20, 15, 11, 8, 6, 5, 4, 2, 1];
const LARGE = 400_000;

/** A night's test batch: both models see the same truth, each blurred in its own way. */
export function plantNight({ positives, champion, candidate }: Planted, rows: number, seed: number): PlantedNight {
  const random = new Random(seed);
  const base = baseOf(positives);
  const known = new Float64Array(rows).map(() => random.normal());
  const labels = known.map((one) => (random.uniform() < logistic(base + SIGNAL * one) ? 1 : 0));
  const blurred = (noise: number): EvaluationData => ({ labels, predictions: known.map((one) => logistic(base + (SIGNAL * (one + noise * random.normal())) / (1 + noise ** 2))) });
  return { champion: blurred(champion), candidate: blurred(candidate), slice: { storage: 'text', codes: Int32Array.from(labels, () => sliceOf(100 * random.uniform())), dictionary: SLICES.map((_share, i) => `slice ${i}`) } };
}

/** The AUC in truth of a model with this noise: on so many rows that little is left of chance. */
export function trueAuc(positives: number, noise: number): number {
  const { candidate } = plantNight({ positives, champion: 0, candidate: noise }, LARGE, 7);
  return auc(rank(candidate.predictions, (row) => candidate.labels[row] === 1), new Uint8Array(LARGE).fill(1))!;
}

/** The noise that costs a candidate this much AUC against the champion, by bisection. */
export function noiseFor(positives: number, loss: number): number {
  if (loss === 0) return CHAMPION_NOISE;
  const wanted = trueAuc(positives, CHAMPION_NOISE) - loss;
  let [low, high] = [CHAMPION_NOISE, 4];
  for (let i = 0; i < 10; i++) {
    const middle = (low + high) / 2;
    if (trueAuc(positives, middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function sliceOf(percent: number): number {
  let left = percent;
  return Math.max(0, SLICES.findIndex((share) => (left -= share) < 0));
}

/** The intercept that gives this share of positives, by bisection over the normal distribution of what is known. */
function baseOf(positives: number): number {
  let [low, high] = [-12, 12];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (meanOver((one) => logistic(middle + SIGNAL * one)) < positives) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The mean of a function of a standard normal number, by the trapezoidal rule. */
function meanOver(of: (one: number) => number): number {
  let [total, weights] = [0, 0];
  for (let one = -8; one <= 8; one += 0.05) {
    const weight = Math.exp(-(one ** 2) / 2);
    total += weight * of(one);
    weights += weight;
  }
  return total / weights;
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
