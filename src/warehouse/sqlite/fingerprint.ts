import { canonicalJson, sha256 } from '../../shared/hash.ts';
import type { SavedTable } from '../warehouse.ts';
import { RecordHash } from './record-hash.ts';
import type { SqliteSession } from './session.ts';
import type { TablePages } from './table-pages.ts';

/** A hash of a table's rows, whatever their order. `from` is SQL text, `where` what the table is called. */
export function hashRows(session: SqliteSession, from: string, where: string): string {
  const sql = `SELECT * FROM ${from}`;
  const names = session.columns(sql, where).map(({ name }) => name);
  const spill = session.spill(sql, where);
  try {
    return hashPages(names, spill.pages).fingerprint;
  } finally {
    spill.close();
  }
}

/** The same of a table whose pages are at hand. */
export function hashPages(names: readonly string[], pages: TablePages): SavedTable {
  const hash = new RecordHash(names.length);
  let rows = 0;
  for (const payload of pages.payloads()) {
    hash.add(payload);
    rows += 1;
  }
  return { rows, fingerprint: sha256(canonicalJson([names, hash.digest()])) };
}
