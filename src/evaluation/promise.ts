import { normalQuantile } from './normal.ts';
import type { Direction, MetricValue } from './task-metrics.ts';

/** A metric on some rows, with its interval. */
export interface Figure {
  readonly value: MetricValue;
  readonly low: MetricValue;
  readonly high: MetricValue;
}

/** `unclear`: there is too little to tell. */
export type Verdict = 'kept' | 'broken' | 'unclear';

/** What became true less what was promised, and whether that is worse by more than noise. */
export interface Kept extends Figure {
  readonly verdict: Verdict;
}

/** A metric with its standard error; null where it is not known. */
export interface Estimated {
  readonly value: MetricValue;
  readonly error: number | null;
}

export interface Promised {
  readonly real: Estimated;
  readonly promised: Estimated;
  /** How many standard errors are still noise. */
  readonly critical: number;
  readonly direction: Direction;
}

/**
 * Holds a metric of rows whose labels came later against that of the test batch. Their rows are others, so the errors add up as those of
 * independent samples do: √(error² + error²). Broken is what lies on the worse side by more than that allows.
 */
export function holdPromise({ real, promised, critical, direction }: Promised): Kept {
  const value = real.value === null || promised.value === null ? null : real.value - promised.value;
  if (value === null || real.error === null || promised.error === null || direction === 'none') return { value, low: null, high: null, verdict: 'unclear' };
  const reach = critical * Math.hypot(real.error, promised.error);
  const isBroken = direction === 'higher' ? value + reach < 0 : value - reach > 0;
  return { value, low: value - reach, high: value + reach, verdict: isBroken ? 'broken' : 'kept' };
}

/** The standard error that an interval of a coverage tells of: half of it over its normal quantile. */
export function errorOfInterval({ low, high }: Pick<Figure, 'low' | 'high'>, level: number): number | null {
  return low === null || high === null ? null : (high - low) / (2 * normalQuantile((1 + level) / 2));
}

/**
 * Student's t quantile of a probability, to a few thousandths from three degrees of freedom on; at two it is 4.17 for 4.30.
 * Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, eq. 26.7.5.
 */
export function studentQuantile(probability: number, freedom: number): number {
  const x = normalQuantile(probability);
  const first = (x ** 3 + x) / 4;
  const second = (5 * x ** 5 + 16 * x ** 3 + 3 * x) / 96;
  const third = (3 * x ** 7 + 19 * x ** 5 + 17 * x ** 3 - 15 * x) / 384;
  return x + first / freedom + second / freedom ** 2 + third / freedom ** 3;
}

/** What several promises come to together, each by its share of the rows; none where one of them is not known. Their test batches may share rows, so that their errors do not cancel out. */
export function togetherOf(figures: readonly { readonly figure: Figure; readonly rows: number }[]): Figure {
  const rows = figures.reduce((sum, one) => sum + one.rows, 0);
  const mean = (of: (figure: Figure) => MetricValue): MetricValue => {
    const values = figures.map(({ figure }) => of(figure));
    return rows === 0 || values.includes(null) ? null : figures.reduce((sum, one) => sum + (of(one.figure)! * one.rows) / rows, 0);
  };
  return { value: mean(({ value }) => value), low: mean(({ low }) => low), high: mean(({ high }) => high) };
}
