import { CELL_FORMS } from '../../dataset/cell.ts';
import { typeFault } from '../source-errors.ts';
import type { SqlType } from '../warehouse.ts';
import type { AttachedSource } from './attach.ts';
import { identifier } from './dialect.ts';
import type { SqliteSession } from './session.ts';
import { timestampOf } from './source-view.ts';

/** Throws `source-type` for the first column whose values are not of the declared type. One scan of the table, and two more where there are any. */
export function checkTypes(session: SqliteSession, attached: AttachedSource): void {
  const columns = Object.entries(attached.source.types).filter(([, type]) => type !== 'text');
  if (attached.checked || columns.length === 0) return;
  const faults = columns.map(([name, type]) => isWrong(identifier(name), type));
  // One condition costs half of what a sum for each column does, and nearly always it is all that is asked.
  if (session.db.prepare(`SELECT 1 FROM ${attached.table} WHERE ${anyOf(faults)} LIMIT 1`).get() === undefined) return;
  const counts = faults.map((fault) => `sum(${fault})`);
  const wrong = session.db.prepare<[], (number | null)[]>(`SELECT ${counts.join(', ')} FROM ${attached.table}`).raw(true).get() ?? [];
  for (const [i, [name, type]] of columns.entries()) {
    const rows = wrong[i] ?? 0;
    if (rows > 0) throw typeFault(attached.source, { column: name, expected: CELL_FORMS[type], rows, ...first(session, attached, name, type) });
  }
}

/** Halves within halves: SQLite takes no expression of more than a thousand levels, and a table may have two thousand columns. */
function anyOf(conditions: readonly string[]): string {
  const half = conditions.length >> 1;
  return half === 0 ? conditions[0]! : `(${anyOf(conditions.slice(0, half))} OR ${anyOf(conditions.slice(half))})`;
}

/** 1 where a value is not of the type, else 0; never NULL. */
function isWrong(column: string, type: SqlType): string {
  const held = `typeof(${column})`;
  switch (type) {
    case 'integer':
      return `(${held} <> 'integer' AND ${column} IS NOT NULL AND (${held} <> 'real' OR ${column} <> CAST(${column} AS INTEGER)))`;
    case 'number':
      return `(${held} <> 'real' AND ${held} <> 'integer' AND ${column} IS NOT NULL)`;
    case 'boolean':
      return `(${column} IS NOT NULL AND ${column} NOT IN (0, 1))`;
    case 'date':
      return `(${column} IS NOT NULL AND date(${column}) IS NOT ${column})`;
    case 'timestamp':
      return `(${column} IS NOT NULL AND datetime(${column}) IS NOT substr(${timestampOf(column)}, 1, 19))`;
    case 'text':
      return '0';
  }
}

function first(session: SqliteSession, attached: AttachedSource, name: string, type: SqlType) {
  const column = identifier(name);
  const sql = `SELECT ${column} AS value, typeof(${column}) AS held FROM ${attached.table} WHERE ${isWrong(column, type)} LIMIT 1`;
  const row = session.db.prepare<[], { value: unknown; held: string }>(sql).get();
  return { value: `${JSON.stringify(String(row?.value))} (${row?.held ?? 'gone'})` };
}
