import { canonicalJson, sha256 } from '../../shared/hash.ts';
import type { SavedTable } from '../warehouse.ts';
import { identifier } from './dialect.ts';
import type { DuckdbSession } from './session.ts';

/** The rows of a table, and a hash of them whatever their order. `from` is SQL text, `where` what the table is called. */
export async function hashRows(session: DuckdbSession, from: string, where: string): Promise<SavedTable> {
  const { columns } = await session.describe(`SELECT * FROM ${from}`, where);
  const names = columns.map(({ name }) => name);
  const sql = `SELECT count(*), sum(hash(${names.map(identifier).join(', ')})) FROM ${from}`;
  const [sums = []] = await session.attempt(where, async () => (await session.run(sql)).getRows());
  return { rows: Number(sums[0]), fingerprint: sha256(canonicalJson([names, sums.map(String)])) };
}
