import type { FeatureKind } from '../../dataset/contract.ts';
import type { SqlType } from '../../dataset/sql-type.ts';

/** The result's name in the plan; a model's folder keeps it as `features.json`. */
export const CONTRACT_RESULT = 'contract';

/** What a model may count on of its features, and what was seen of them: plain values. */
export interface FeatureContract {
  /** Rows that this was seen in: those of the training window, or all where rows have no time. */
  readonly rows: number;
  /** The first day of that window, and the day after its last; null where rows have no time. */
  readonly from: string | null;
  readonly until: string | null;
  /** In the model's order. */
  readonly features: readonly FeatureFacts[];
}

export interface FeatureFacts {
  readonly name: string;
  readonly kind: FeatureKind;
  readonly type: SqlType;
  /** As `units:` of pipeline.yaml says; null where it says nothing. */
  readonly unit: string | null;
  /** Whether any row lacked it. */
  readonly nullable: boolean;
  /** The share of rows that lacked it. */
  readonly missing: number;
  /** Of a sensitive column nothing is told of its values. */
  readonly sensitive: boolean;
  /** Of numbers: the least and the greatest; null where there is none that is finite. */
  readonly range: readonly [number, number] | null;
  /** Of categories: the values with their rows, the most frequent first; null where there are too many to tell an unusual one. */
  readonly categories: readonly Category[] | null;
}

export interface Category {
  readonly value: string;
  readonly rows: number;
}
