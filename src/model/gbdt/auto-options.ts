import type { GbdtOptions } from '../gbdt-family.ts';
import type { Trained } from './rounds.ts';
import type { Shape } from './shape.ts';

/** Rows up to which `auto` draws nothing: few rows are all needed. Of many, in time as a rule, a share is better, and faster. */
const ALL_ROWS = 100_000;
const DRAWN = 0.8;
const RATE = 0.1;
const FASTER = 0.2;
/** Rows up to which a second training is cheap. */
const FEW_ROWS = 200_000;
/** Share of the planned rounds in the last of which a best round means that there were too few. */
const LATE = 0.9;

export interface Shares {
  readonly columns: number;
  readonly rows: number;
}

/** The shares of columns and rows that each tree is made of. */
export function drawnShares({ columns, rows }: Pick<GbdtOptions, 'columns' | 'rows'>, trainingRows: number): Shares {
  const auto = trainingRows > ALL_ROWS ? DRAWN : 1;
  return { columns: columns === 'auto' ? auto : columns, rows: rows === 'auto' ? auto : rows };
}

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
