import { canonicalJson, sha256 } from '../../shared/hash.ts';
import { RowHash } from './row-hash.ts';
import type { SqliteSession } from './session.ts';

/** A hash of a table's rows, whatever their order. `from` is SQL text. */
export function hashRows(session: SqliteSession, from: string): string {
  const statement = session.db.prepare(`SELECT * FROM ${from}`);
  const names = statement.columns().map(({ name }) => name);
  const hash = new RowHash();
  const rows: Iterable<unknown> = statement.raw(true).iterate();
  for (const row of rows) hash.add(row as readonly unknown[]);
  return sha256(canonicalJson([names, hash.digest()]));
}
