import type { Task } from '../../dataset/contract.ts';
import { LEAST } from './exponential.ts';
import { softmax } from './gradients.ts';
import { spanOf, type Shape } from './shape.ts';
import type { Views } from './views.ts';

/** The loss of held-out rows, summed by block, of one thread's rows. */
export function fillHeldLosses(shape: Shape, views: Views, thread: number): void {
  const { from: first, to: last } = spanOf(shape.heldRows, shape, thread);
  const lossAt = losses[shape.task];
  const room = new Float64Array(shape.outputs);
  for (let from = first; from < last; from += shape.block) {
    let sum = 0;
    const to = Math.min(last, from + shape.block);
    for (let row = from; row < to; row++) sum += (shape.weighted ? views.heldWeights[row]! : 1) * lossAt(shape, views, row, room);
    views.heldLosses[from / shape.block] = sum;
  }
}

const losses: Readonly<Record<Task, (shape: Shape, views: Views, row: number, room: Float64Array) => number>> = {
  binary: (_, { heldLabels, heldScores }, row) => {
    const score = heldScores[row]!;
    return Math.log(1 + Math.exp(-Math.abs(score))) + Math.max(0, score) - heldLabels[row]! * score;
  },
  multiclass: ({ heldRows }, { heldLabels, heldScores }, row, room) => {
    softmax(heldScores, { at: row, stride: heldRows }, room);
    return -Math.log(Math.max(LEAST, room[heldLabels[row]!]!));
  },
  regression: (_, { heldLabels, heldScores }, row) => 0.5 * (heldScores[row]! - heldLabels[row]!) ** 2,
};
