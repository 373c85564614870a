import type { GbdtOptions } from '../gbdt-family.ts';
import type { Trained } from './rounds.ts';
import type { Shape } from './shape.ts';

const RATE = 0.1;
const FASTER = 0.2;
/** Rows up to which a second training is cheap. */
const FEW_ROWS = 200_000;
/** Share of the planned rounds in the last of which a best round means that there were too few. */
const LATE = 0.9;

/**
 * The learning rate, and one to try if that turns out too slow for so many rounds: `auto` has one where rows are held out to tell and
 * not too many. Noisy tables are over after a third of the rounds and better off with the lower one, smooth ones are not done at the end.
 */
export function ratesFor({ learning_rate, trees }: GbdtOptions, { rows, heldRows }: Shape, rounds: number | undefined): readonly [number, number | undefined] {
  if (learning_rate !== 'auto') return [learning_rate, undefined];
  const whole = rounds === undefined || rounds >= trees;
  return [RATE, whole && heldRows > 0 && rows <= FEW_ROWS ? FASTER : undefined];
}

/** Whether the best round was so late that more would have been better. */
export function isSlow({ bestRound }: Trained, { trees }: GbdtOptions): boolean {
  return bestRound > LATE * trees;
}

/** The loss of the best round on held-out rows. */
export function lossOf({ curve, bestRound }: Trained): number {
  return curve[bestRound - 1]?.validationLoss ?? Infinity;
}
