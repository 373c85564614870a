import type { SqlType } from '../dataset/sql-type.ts';

/** A column that a batch has to have. */
export interface BatchColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** The closed range that values lie in: numbers, or ISO dates. */
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
}

export type RejectReason =
  | 'not-a-number' | 'integer-too-large' | 'not-a-boolean' | 'bad-date' | 'bad-timestamp' | 'out-of-range' | 'missing-value' | 'null-key' | 'duplicate-key'
  | 'too-few-fields' | 'too-many-fields' | 'invalid-text' | 'not-json' | 'no-features';

/** A row that breaks the contract, and is not scored. */
export interface Reject {
  /** The line of the file on which its record begins, from 1. */
  readonly line: number;
  /** The number of the record, from 1; the header is none. */
  readonly row: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: RejectReason;
}

/** How large a batch's parts may be. */
export interface Limits {
  readonly row_bytes: number;
  readonly columns: number;
}
