import type { SqliteSession } from './session.ts';
import { identifier, literal } from './dialect.ts';

const CATALOG = 'saved';

/** Writes tables to a new file. It takes its name only when it is whole, so that no journal is needed. */
export function saveTables(session: SqliteSession, file: string, queries: Readonly<Record<string, string>>): Readonly<Record<string, number>> {
  const { db } = session;
  db.exec(`ATTACH ${literal(file)} AS ${CATALOG}`);
  try {
    db.pragma(`${CATALOG}.journal_mode = OFF`);
    db.pragma(`${CATALOG}.synchronous = OFF`);
    return Object.fromEntries(Object.entries(queries).map(([name, sql]) => [name, save(session, name, sql)]));
  } finally {
    db.exec(`DETACH ${CATALOG}`);
  }
}

function save(session: SqliteSession, name: string, sql: string): number {
  const table = `${CATALOG}.${identifier(name)}`;
  const query = session.query(sql, name).source;
  return session.attempt(query, name, () => {
    session.db.exec(`CREATE TABLE ${table} AS\n${query}`);
    return session.db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  });
}
