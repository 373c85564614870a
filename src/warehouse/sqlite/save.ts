import { closeSync, openSync } from 'node:fs';
import type { SavedTable } from '../warehouse.ts';
import { identifier, literal } from './dialect.ts';
import { hashPages } from './fingerprint.ts';
import type { SqliteSession } from './session.ts';
import { PAGE_BYTES, TablePages } from './table-pages.ts';

const CATALOG = 'saved';

/** A table of the file: its columns, and the page at which it begins. */
interface Written {
  readonly names: readonly string[];
  readonly root: number;
}

/** Writes tables to a new file. It takes its name only when it is whole, so that no journal is needed. */
export function saveTables(session: SqliteSession, file: string, queries: Readonly<Record<string, string>>): Readonly<Record<string, SavedTable>> {
  const written = writeAll(session, file, queries);
  const handle = openSync(file, 'r');
  try {
    return Object.fromEntries(written.map(([name, { names, root }]) => [name, hashPages(names, new TablePages(handle, root))]));
  } finally {
    closeSync(handle);
  }
}

function writeAll(session: SqliteSession, file: string, queries: Readonly<Record<string, string>>): readonly (readonly [string, Written])[] {
  const { db } = session;
  db.exec(`ATTACH ${literal(file)} AS ${CATALOG}`);
  try {
    db.exec(`PRAGMA ${CATALOG}.page_size = ${PAGE_BYTES}; PRAGMA ${CATALOG}.journal_mode = OFF; PRAGMA ${CATALOG}.synchronous = OFF`);
    return Object.entries(queries).map(([name, sql]) => [name, write(session, name, sql)]);
  } finally {
    db.exec(`DETACH ${CATALOG}`);
  }
}

function write(session: SqliteSession, name: string, sql: string): Written {
  const names = session.columns(sql, name).map((column) => column.name);
  const query = session.query(sql, name).source;
  session.attempt(query, name, () => session.db.exec(`CREATE TABLE ${CATALOG}.${identifier(name)} AS\n${query}`));
  const root = session.db.prepare<[string], number>(`SELECT rootpage FROM ${CATALOG}.sqlite_schema WHERE name = ?`).pluck().get(name) ?? 0;
  return { names, root };
}
