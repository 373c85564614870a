import type { Task } from '../dataset/contract.ts';

/** How many rows change from one class to another. */
export interface Flip {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/** How far a feature of a row lies from the batch's median. */
export interface FeatureDistance {
  readonly feature: string;
  /** As text; a keyed hash where the column is sensitive, and then nothing else is told. */
  readonly value: string;
  readonly median: number | null;
  /** Robust standard units: by the median absolute deviation, scaled to the standard deviation of a normal distribution. */
  readonly units: number | null;
  /** For a category: the share of the batch's rows that have this value. */
  readonly share: number | null;
}

/** A row whose score moves a lot. */
export interface MovedRow {
  readonly key: readonly { readonly column: string; readonly value: string }[];
  readonly first: number;
  readonly second: number;
  readonly change: number;
  /** The class of each model; null where the task has none. */
  readonly classes: readonly [string, string] | null;
  readonly features: readonly FeatureDistance[];
}

/** The rows that share one value of a slice column. */
export interface MovedSlice {
  readonly column: string;
  readonly value: string;
  readonly rows: number;
  readonly flips: number;
  readonly meanChange: number;
}

/** Two models on one kept test batch: changes are the second's score less the first's. Plain JSON. */
export interface RowsComparison {
  readonly task: Task;
  readonly target: string;
  readonly first: string;
  readonly second: string;
  /** The run whose test batch it is. */
  readonly on: string;
  readonly rows: number;
  /** What the scores are, in words. */
  readonly score: string;
  /** Null where the task has no classes, or a model no decision. */
  readonly flips: readonly Flip[] | null;
  readonly change: { readonly mean: number; readonly meanAbsolute: number; readonly quantiles: readonly { readonly share: number; readonly value: number }[] };
  readonly slices: readonly MovedSlice[];
  readonly moved: readonly MovedRow[];
  readonly notes: readonly string[];
}
