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
  const at = (logT: number): Float64Array => tempered(held.predictions, { ...held, temperature: Math.exp(logT) });
  const lossAt = (logT: number): number => lossOf(held, held.levelled === true ? levelled(held, at(logT)) : at(logT));
  let [low, high] = [-2, 2];
  for (let step = 0; step < STEPS; step++) {
    const width = GOLDEN * (high - low);
    const [left, right] = [high - width, low + width];
    if (lossAt(left) < lossAt(right)) high = right;
    else low = left;
  }
  const logT = (low + high) / 2;
  return lossAt(logT) < lossAt(0) ? Math.exp(logT) : 1;
}

const LEVELLINGS = 5;

/** Probabilities whose means are the labels' shares of the classes, by scaling each class's odds: Deming and Stephan, "On a least squares adjustment of a sampled frequency table", 1940. */
function levelled({ task, labels, weights }: Held, predictions: Float64Array): Float64Array {
  const made = task === 'binary' ? withBoth(predictions) : predictions.slice();
  const outputs = made.length / labels.length;
  for (let time = 0; time < LEVELLINGS; time++) {
    const [found, wanted] = [new Float64Array(outputs), new Float64Array(outputs).fill(LEAST)];
    labels.forEach((label, row) => {
      const weight = weights?.[row] ?? 1;
      wanted[label]! += weight;
      for (let k = 0; k < outputs; k++) found[k]! += weight * made[row * outputs + k]!;
    });
    for (let i = 0; i < made.length; i++) made[i]! *= wanted[i % outputs]! / Math.max(LEAST, found[i % outputs]!);
    normalise(made, outputs);
  }
  return task === 'binary' ? made.filter((_p, i) => i % 2 === 1) : made;
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
