import type { RoundsOnAll } from '../refit.ts';

/** Rounds times learning rate of the plans that this was measured with. More trees than that are a ceiling, and no plan. */
const PLANNED = 10;

/**
 * As many as were best on held-out rows, and where those are the latest days, half way, by ratio, from there to what was planned. A few days
 * stop a training by their own weather, mostly too early: they are further from what it was trained on than the days to be told are from all
 * rows.
 */
export const roundsOnAll: RoundsOnAll = (best, { options: { trees, learning_rate: rate }, inTime }) => {
  const planned = Math.min(Number(trees), PLANNED / Number(rate));
  return inTime && planned > best ? Math.round(Math.sqrt(best * planned)) : best;
};
