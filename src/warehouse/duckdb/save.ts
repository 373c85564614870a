import type { SavedTable } from '../warehouse.ts';
import { identifier } from './dialect.ts';
import { hashRows } from './fingerprint.ts';
import { narrowed } from './narrowed.ts';
import type { DuckdbSession } from './session.ts';

const SAVED = 'saved';

/** Writes tables to a new file. */
export async function saveTables(session: DuckdbSession, file: string, queries: Readonly<Record<string, string>>): Promise<Readonly<Record<string, SavedTable>>> {
  await session.attachFile(file, SAVED, false);
  try {
    const saved: [string, SavedTable][] = [];
    for (const [name, sql] of Object.entries(queries)) {
      const table = `${SAVED}.main.${identifier(name)}`;
      const query = narrowed(await session.describe(sql, name));
      await session.attempt({ where: name, linesBefore: 1 }, () => session.run(`CREATE TABLE ${table} AS${query}`));
      saved.push([name, await hashRows(session, table, name)]);
    }
    return Object.fromEntries(saved);
  } finally {
    await session.run(`DETACH ${SAVED}`);
  }
}
