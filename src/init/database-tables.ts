import { bytewise } from '../dataset/bytewise.ts';
import { DuckdbSession } from '../warehouse/duckdb/session.ts';
import { fileKind } from '../warehouse/file-kind.ts';
import { SqliteSession } from '../warehouse/sqlite/session.ts';

/** Names of the tables and views of a SQLite or DuckDB file, bytewise sorted. The file is only read. */
export async function tablesOf(file: string): Promise<readonly string[]> {
  const kind = fileKind({ name: 'data', location: { kind: 'database', file, table: '' }, types: {} }, file);
  const tables = kind === 'sqlite' ? sqliteTables(file) : await duckdbTables(file);
  return tables.toSorted(bytewise);
}

function sqliteTables(file: string): readonly string[] {
  const session = new SqliteSession({ file, readOnly: true, waitSeconds: 10 });
  try {
    return session.db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").pluck().all();
  } finally {
    session.db.close();
  }
}

async function duckdbTables(file: string): Promise<readonly string[]> {
  const session = await DuckdbSession.open({ file: undefined, threads: 2, readOnly: false, waitSeconds: 10 });
  try {
    await session.attachFile(file, 'asked', true);
    const result = await session.run("SELECT table_name FROM information_schema.tables WHERE table_catalog = 'asked' AND table_schema = 'main'");
    return (await result.getRows()).map(([name]) => String(name));
  } finally {
    session.close();
  }
}
