import type Database from 'better-sqlite3';
import type { ColumnBatch } from '../../dataset/batch.ts';
import { loadedColumn, loadedNumber, loadedTexts, valueError } from '../load-column.ts';
import type { SqlType } from '../warehouse.ts';
import { identifier } from './dialect.ts';
import type { SqliteSession } from './session.ts';

const COLUMN_TYPES: Readonly<Record<SqlType, string>> = {
  integer: 'INTEGER',
  number: 'REAL',
  text: 'TEXT',
  boolean: 'INTEGER',
  date: 'TEXT',
  timestamp: 'TEXT',
};

export interface LoadTarget {
  /** The new table, as SQL text. */
  readonly table: string;
  readonly types: Readonly<Record<string, SqlType>>;
}

/** Makes a table and fills it. The caller holds the transaction. Returns the rows. */
export async function loadTable(session: SqliteSession, target: LoadTarget, batches: AsyncIterable<ColumnBatch>): Promise<number> {
  const names = Object.keys(target.types);
  const columns = names.map((name) => `${identifier(name)} ${COLUMN_TYPES[target.types[name]!]}`);
  session.db.exec(`CREATE TABLE ${target.table} (${columns.join(', ')})`);
  const insert = session.db.prepare(`INSERT INTO ${target.table} VALUES (${names.map(() => '?').join(', ')})`);
  let rows = 0;
  for await (const batch of batches) {
    insertBatch(insert, names.map((name) => columnOf(batch, name, target.types[name]!)), batch.rows);
    rows += batch.rows;
  }
  return rows;
}

function insertBatch(insert: Database.Statement, columns: readonly BoundColumn[], rows: number): void {
  const values: unknown[] = Array.from({ length: columns.length });
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns.length; i++) values[i] = columns[i]!(row);
    insert.run(values);
  }
}

/** The value of a column's row as it is bound. */
type BoundColumn = (row: number) => number | string | null;

function columnOf(batch: ColumnBatch, name: string, type: SqlType): BoundColumn {
  const column = loadedColumn(batch, name, type);
  if (column.storage === 'text') {
    const texts = loadedTexts(name, type, column);
    return (row) => texts[column.codes[row]!] ?? null;
  }
  return (row) => {
    const value = loadedNumber(name, type, column, row);
    // The engine would silently keep a NULL, and a missing value is something else.
    if (Number.isNaN(value)) throw valueError(name, type, 'NaN');
    return value;
  };
}
