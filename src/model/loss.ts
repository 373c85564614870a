import type { Task } from '../dataset/contract.ts';
import { CLIP } from '../evaluation/binary.ts';

/** Rows that predictions are judged by. */
export interface Judges {
  readonly task: Task;
  readonly labels: Float64Array;
  /** What each row counts for; undefined: 1. */
  readonly weights?: Float64Array | undefined;
}

/** The loss of predictions, row-major rows × outputs: mean log loss in nats, or mean squared error; NaN of no rows. */
export function lossOf({ task, labels, weights }: Judges, predictions: Float64Array): number {
  const outputs = predictions.length / Math.max(1, labels.length);
  let sum = 0;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights?.[row] ?? 1;
    sum += weight * rowLoss({ task, label: labels[row]! }, predictions, row * outputs);
    total += weight;
  }
  return sum / total;
}

/** `at` is where the row's predictions begin. */
function rowLoss({ task, label }: { readonly task: Task; readonly label: number }, predictions: Float64Array, at: number): number {
  if (task === 'regression') return (predictions[at]! - label) ** 2;
  const chance = task === 'multiclass' ? predictions[at + label]! : label === 1 ? predictions[at]! : 1 - predictions[at]!;
  return -Math.log(Math.max(chance, CLIP));
}
