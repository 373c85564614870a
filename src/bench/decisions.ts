import type { Task } from '../dataset/contract.ts';

/** Accuracy and the like of a binary task need a decision; a bench, which knows no costs, takes the likelier class. */
export function decisions(task: Task, predictions: Float64Array): Uint8Array | undefined {
  return task === 'binary' ? Uint8Array.from(predictions, (probability) => (probability > 0.5 ? 1 : 0)) : undefined;
}
