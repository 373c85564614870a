import type { SqlType } from '../dataset/sql-type.ts';
import type { DateOrder } from '../shared/date-order.ts';

/** What a column of a batch must hold. */
export interface BatchColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** How its dates are written that are not ISO. */
  readonly dates?: DateOrder | undefined;
  /** The least and the most that a value may be: numbers, or ISO dates for dates and timestamps (whose whole last day is in). */
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
}

/** What a batch must hold: columns by name, and what names a row. */
export interface BatchContract {
  readonly columns: readonly BatchColumn[];
  readonly key: readonly string[];
}

/** How a column of the file is read. */
export interface ColumnPlan extends BatchColumn {
  readonly role: 'key' | 'contract' | 'other';
  /** Whether the column is the whole key, so that no text of it comes twice. */
  readonly isUnique: boolean;
  /** Whether a key is held as its type says; otherwise it is held as the text that it was. */
  readonly isTyped: boolean;
}

/** How each column of a file is read, in the file's order: those that the contract does not name pass through as text. */
export function columnPlans(header: readonly string[], { columns, key }: BatchContract, isTyped = false): readonly ColumnPlan[] {
  const named = new Map(columns.map((column) => [column.name, column]));
  return header.map((name) => {
    const column = named.get(name) ?? { name, type: 'text', nullable: true };
    const role = key.includes(name) ? 'key' : named.has(name) ? 'contract' : 'other';
    return { ...column, role, isUnique: role === 'key' && key.length === 1, isTyped };
  });
}

/** The order of the columns of a batch: the contract's, then the key's that it does not name, then the others as the file has them. */
export function batchOrder(header: readonly string[], { columns, key }: BatchContract): readonly string[] {
  return [...new Set([...columns.map(({ name }) => name), ...key, ...header])];
}
