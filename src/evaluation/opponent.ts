import type { Interval } from './bootstrap.ts';

/**
 * What a candidate is compared with, on the same rows: the naive baseline, the linear model trained beside it, the user's
 * own rule, the champion of the as-of date, or a pinned reference.
 */
export type Opponent = 'baseline' | 'linear' | 'rule' | 'champion' | 'reference';

/** Who is tested in a training of its own, and so differs by the seed as well. */
export const TRAINED: ReadonlySet<Opponent> = new Set(['linear', 'champion', 'reference']);

export interface ComparisonOf {
  readonly opponent: Opponent;
  readonly metric: string;
  /** The slice column for each of whose values the two are compared; on the whole batch unless said. */
  readonly slices?: string | undefined;
  /** True where no gate judges by it: its interval then stands alone, and makes no other wider. */
  readonly alone?: boolean | undefined;
}

/** One value of a slice column. */
export interface SliceName {
  readonly column: string;
  /** As it may be shown; null for the rows without a value. */
  readonly value: string | null;
}

export interface Comparison {
  readonly opponent: Opponent;
  readonly metric: string;
  /** Undefined for the whole batch. */
  readonly slice?: SliceName | undefined;
  readonly rows: number;
  /** metric(candidate) − metric(opponent), with bounds that hold for all judged comparisons of the night at once. */
  readonly difference: Interval;
  /** What there is too little of to say anything, such as `12 positives`; null where there is enough. Then there are no bounds. */
  readonly tooFew: string | null;
}
