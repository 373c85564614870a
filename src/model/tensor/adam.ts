import type { Learner } from './learner.ts';
import type { Slot } from './parameters.ts';

const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;

/**
 * AdamW (Kingma and Ba, 2015; decoupled decay after Loshchilov and Hutter, 2019). Sparse slots are updated only in the rows that
 * a batch touched: a table of ten thousand categories costs no more than the few hundred in the batch.
 */
export class Adam {
  private readonly means: Float32Array;
  private readonly squares: Float32Array;
  private readonly learner: Learner;
  private readonly decay: number;
  private steps = 0;

  constructor(learner: Learner, decay: number) {
    this.learner = learner;
    this.decay = decay;
    this.means = new Float32Array(learner.parameters.values.length);
    this.squares = new Float32Array(learner.parameters.values.length);
  }

  /** Moves the parameters against the gradient and clears the sparse gradients for the next batch. */
  step(rate: number): void {
    this.steps += 1;
    const corrected = (rate * Math.sqrt(1 - SQUARE_DECAY ** this.steps)) / (1 - MEAN_DECAY ** this.steps);
    const { slots } = this.learner.parameters;
    for (const slot of slots) if (!slot.sparse) this.dense(slot, corrected, slot.decays ? rate * this.decay : 0);
    const { touched } = this.learner;
    for (let i = 0; i < touched.length; i += 2) {
      const slot = slots[touched[i]!]!;
      const from = slot.offset + touched[i + 1]! * slot.columns;
      this.update(from, from + slot.columns, corrected);
      this.learner.parameters.gradients.fill(0, from, from + slot.columns);
    }
  }

  private dense(slot: Slot, corrected: number, shrink: number): void {
    const to = slot.offset + slot.rows * slot.columns;
    const { values } = this.learner.parameters;
    if (shrink > 0) for (let i = slot.offset; i < to; i++) values[i]! *= 1 - shrink;
    this.update(slot.offset, to, corrected);
  }

  private update(from: number, to: number, corrected: number): void {
    const { values, gradients } = this.learner.parameters;
    const { means, squares } = this;
    for (let i = from; i < to; i++) {
      const gradient = gradients[i]!;
      const mean = (means[i]! * MEAN_DECAY + gradient * (1 - MEAN_DECAY));
      const square = (squares[i]! * SQUARE_DECAY + gradient * gradient * (1 - SQUARE_DECAY));
      means[i] = mean;
      squares[i] = square;
      values[i]! -= (corrected * mean) / (Math.sqrt(square) + EPSILON);
    }
  }
}
