import type { Task } from '../dataset/contract.ts';
import { type Judges, lossOf } from './loss.ts';

/** Labels and probabilities of rows that were held out, row-major; what each row counts for, where that differs. */
export interface Held extends Judges {
  readonly predictions: Float64Array;
  /** What the baseline predicts, an output each: where all probabilities go as the temperature rises. */
  readonly prior: readonly number[];
  /**
   * Whether the rows may be of another time than the model, with another share of each class. Then each temperature is judged by
   * probabilities that are first brought to the labels' shares: otherwise a week with many positives would look like a model that
   * is not sure enough.
   */
  readonly levelled?: boolean | undefined;
}

export interface Temperature {
  readonly task: Task;
  /** 1 changes nothing. */
  readonly temperature: number;
  readonly prior: readonly number[];
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const STEPS = 24;
/** No share is taken for less, so that a class of no rows does not become impossible. */
const LEAST = 1e-12;

/**
 * The temperature that gives probabilities the least log loss on held-out rows, between e⁻² and e²: above 1 they were too sure.
 * By golden-section search on its logarithm; 1 for a regression, and where there are no rows.
 */
export function fitTemperature(held: Held): number {
  if (held.task === 'regression' || held.labels.length === 0) return 1;
  const level = held.levelled === true ? levelling(held) : (predictions: Float64Array) => predictions;
  const lossAt = (logT: number): number => lossOf(held, level(tempered(held.predictions, { ...held, temperature: Math.exp(logT) })));
  let [low, high] = [-2, 2];
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [lossLeft, lossRight] = [lossAt(left), lossAt(right)];
  for (let step = 0; step < STEPS; step++) {
    if (lossLeft < lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - GOLDEN * (high - low);
      lossLeft = lossAt(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + GOLDEN * (high - low);
      lossRight = lossAt(right);
    }
  }
  const logT = (low + high) / 2;
  return lossAt(logT) < lossAt(0) ? Math.exp(logT) : 1;
}

const LEVELLINGS = 5;

/** Makes of probabilities such whose means are the labels' shares of the classes, by scaling each class's odds: Deming and Stephan, "On a least squares adjustment of a sampled frequency table", 1940. */
function levelling({ task, labels, weights }: Held): (predictions: Float64Array) => Float64Array {
  const wanted: number[] = [];
  for (const [row, label] of labels.entries()) wanted[label] = (wanted[label] ?? LEAST) + (weights?.[row] ?? 1);
  return (predictions) => {
    const made = task === 'binary' ? withBoth(predictions) : predictions.slice();
    const outputs = made.length / labels.length;
    for (let time = 0; time < LEVELLINGS; time++) {
      const found = totals(made, outputs, weights);
      scale(made, Float64Array.from(found, (total, k) => (wanted[k] ?? LEAST) / Math.max(LEAST, total)));
    }
    return task === 'binary' ? ofOne(made) : made;
  };
}

/** Of each output the sum over the rows. */
function totals(values: Float64Array, outputs: number, weights: Float64Array | undefined): Float64Array {
  const found = new Float64Array(outputs);
  for (let row = 0, at = 0; at < values.length; row++) {
    const weight = weights === undefined ? 1 : weights[row]!;
    for (let k = 0; k < outputs; k++, at++) found[k]! += weight * values[at]!;
  }
  return found;
}

/** Multiplies each output by its factor, and makes each row's values add up to 1. */
function scale(values: Float64Array, factors: Float64Array): void {
  const outputs = factors.length;
  for (let at = 0; at < values.length; at += outputs) for (let k = 0; k < outputs; k++) values[at + k]! *= factors[k]!;
  normalise(values, outputs);
}

/** Of each row the probabilities of 0 and of 1. */
function withBoth(predictions: Float64Array): Float64Array {
  const both = new Float64Array(predictions.length * 2);
  for (let row = 0; row < predictions.length; row++) {
    both[row * 2] = 1 - predictions[row]!;
    both[row * 2 + 1] = predictions[row]!;
  }
  return both;
}

/** Of each row the second of two. */
function ofOne(both: Float64Array): Float64Array {
  const ones = new Float64Array(both.length / 2);
  for (let row = 0; row < ones.length; row++) ones[row] = both[row * 2 + 1]!;
  return ones;
}

/** Makes each row's values add up to 1. */
function normalise(values: Float64Array, outputs: number): void {
  for (let at = 0; at < values.length; at += outputs) {
    let total = 0;
    for (let k = 0; k < outputs; k++) total += values[at + k]!;
    for (let k = 0; k < outputs; k++) values[at + k]! /= total;
  }
}

/**
 * Probabilities at another temperature: the logarithm of what each says beyond the prior is divided by it. Guo and others ("On
 * calibration of modern neural networks", ICML 2017) divide the whole logarithm, which draws rare classes towards an even
 * chance and moves the mean with them; measured from the prior it stays.
 */
export function tempered(predictions: Float64Array, { task, temperature, prior }: Temperature): Float64Array {
  if (temperature === 1 || task === 'regression') return predictions;
  const power = 1 / temperature;
  const shares = prior.map((share) => Math.min(1 - LEAST, Math.max(LEAST, share)));
  if (task === 'binary') {
    const odds = shares[0]! / (1 - shares[0]!);
    return predictions.map((p) => 1 / (1 + 1 / (odds * (p / (1 - p) / odds) ** power)));
  }
  const outputs = shares.length;
  const made = predictions.map((p, i) => shares[i % outputs]! * (p / shares[i % outputs]!) ** power);
  normalise(made, outputs);
  return made;
}
