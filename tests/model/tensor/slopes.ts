import type { Random } from '../../../src/evaluation/random.ts';
import type { Batch, Learner } from '../../../src/model/tensor/learner.ts';

export interface Slope {
  readonly name: string;
  /** Length of the slot's gradient, which is how large a slope along a random direction usually is. */
  readonly size: number;
  readonly written: number;
  readonly measured: number;
}

/** Slopes of the mean loss along a random direction of each slot: by the written-out gradient, and by central differences. */
export function slopes(learner: Learner, batch: Batch, random: Random): Slope[] {
  const { parameters } = learner;
  // The rows of sparse tables are cleared by the optimizer, which is not here.
  parameters.gradients.fill(0);
  learner.gradient(batch);
  const gradients = parameters.gradients.slice();
  return parameters.slots.map((slot) => {
    const values = parameters.of(slot);
    const held = values.slice();
    const direction = Float64Array.from(values, () => random.normal());
    const written = direction.reduce((sum, step, i) => sum + step * gradients[slot.offset + i]!, 0);
    const lossAt = (distance: number): number => {
      for (let i = 0; i < values.length; i++) values[i] = held[i]! + distance * direction[i]!;
      const loss = learner.gradient(batch) / batch.rows;
      values.set(held);
      return loss;
    };
    // Small, so that hardly a unit's ReLU switches on the way.
    const distance = 3e-4;
    const size = Math.hypot(...gradients.subarray(slot.offset, slot.offset + values.length));
    return { name: slot.name, size, written, measured: (lossAt(distance) - lossAt(-distance)) / (2 * distance) };
  });
}
