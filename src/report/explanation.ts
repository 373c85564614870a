import type { Task } from '../dataset/contract.ts';
import type { Decision } from '../evaluation/decision.ts';
import type { EncodedInput } from '../model/family.ts';

/** A value as it may be shown: a keyed hash where its column is sensitive, null where it is missing. */
export type ShownValue = string | number | null;

export interface ExplainedFeature {
  readonly feature: string;
  readonly value: ShownValue;
  /** The training median of a number, the most frequent value of a category. */
  readonly median: ShownValue;
  /** In the unit of the score; those of all features add up to `score − base`. */
  readonly contribution: number;
  /** Its standard error by the orders that were drawn; 0 where it is exact. */
  readonly error: number;
  /** The SQL files that made it, below `sqlFolder`: the one that gives it, then those that it takes it from. */
  readonly sql: readonly string[];
  /** Null where the column is sensitive. */
  readonly encoded: readonly Omit<EncodedInput, 'feature'>[] | null;
}

/** A feature that the sources give otherwise today. */
export interface ChangedFeature {
  readonly feature: string;
  readonly before: ShownValue;
  readonly now: ShownValue;
}

/** What the sources say of the row today, through the same SQL. */
export type Since =
  | { readonly state: 'equal' }
  | { readonly state: 'changed'; readonly changes: readonly ChangedFeature[] }
  /** The row is no longer there. */
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly why: string };

/** Why a row was scored as it was. Plain JSON. */
export interface Explanation {
  readonly task: Task;
  readonly target: string;
  readonly key: readonly { readonly column: string; readonly value: ShownValue }[];
  readonly asOf: string;
  readonly runId: string;
  readonly published: boolean;
  readonly modelRun: string;
  readonly family: string;
  readonly score: number;
  /** What the score is, in words. */
  readonly unit: string;
  readonly rank: number;
  readonly rows: number;
  /** Null for a regression. */
  readonly class: string | null;
  /** How a probability becomes a class; null where nothing has to be decided. */
  readonly decision: Decision | null;
  /** What the model gives where every feature has its median. */
  readonly base: number;
  readonly features: readonly ExplainedFeature[];
  /** Below the state folder. */
  readonly sqlFolder: string;
  readonly method: { readonly exact: boolean; readonly predictions: number; readonly orders: number | null; readonly seed: number };
  readonly since: Since;
  readonly notes: readonly string[];
}
