/**
 * Why a row was rejected: words that stay, since people filter by them. A code is the word's place; 0 is a value that holds.
 * docs/score.md says of each what it means.
 */
export const REJECT_REASONS = [
  'too-few-fields',
  'too-many-fields',
  'invalid-utf-8',
  'lone-surrogate',
  'nul-character',
  'cell-too-large',
  'missing-value',
  'not-a-number',
  'not-an-integer',
  'decimal-comma',
  'integer-too-large',
  'number-too-large',
  'out-of-range',
  'not-a-boolean',
  'bad-date',
  'bad-timestamp',
  'null-key',
  'duplicate-key',
  'not-json',
  'not-an-object',
  'duplicate-name',
  'unknown-field',
  'no-features',
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];

/** A row that was put aside. */
export interface Reject {
  /** The line of the file, from 1, on which the record begins. */
  readonly line: number;
  /** The number of the record, from 1; the header is none. Null for a row that was rejected after it had been read. */
  readonly row: number | null;
  /** The column at fault; null where the record is, not a cell. */
  readonly column: string | null;
  /** The cell as it came, its first characters if it is long; for a wrong number of fields, how many there are. */
  readonly value: string | null;
  readonly reason: RejectReason;
}

const SHOWN_CHARACTERS = 200;

/** A value short enough for a line of the rejects file. */
export function shortened(value: string): string {
  return value.length <= SHOWN_CHARACTERS ? value : `${value.slice(0, SHOWN_CHARACTERS)}…`;
}
