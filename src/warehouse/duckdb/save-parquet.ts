import type { ColumnBatch } from '../../dataset/batch.ts';
import type { SqlType } from '../warehouse.ts';
import { wholeFile } from '../whole-file.ts';
import { CATALOG } from './connections.ts';
import { identifier, literal } from './dialect.ts';
import { loadTable } from './load-table.ts';
import { DuckdbSession } from './session.ts';

const TABLE = 'rows';

/** Collects the rows in a database of its own, which goes to disk where it grows large, and writes them out at once. */
export async function saveParquet(file: string, types: Readonly<Record<string, SqlType>>, batches: AsyncIterable<ColumnBatch>): Promise<number> {
  const session = await DuckdbSession.open({ file: undefined, threads: 2, readOnly: false, waitSeconds: 0, isPassing: true });
  try {
    const rows = await session.attempt(file, () => session.connections.transaction((connection) => loadTable(connection, { catalog: CATALOG, name: TABLE, types }, batches)));
    await wholeFile(file, (temporary) => session.attempt(file, () => session.run(`COPY ${CATALOG}.main.${identifier(TABLE)} TO ${literal(temporary)} (FORMAT parquet)`)));
    return rows;
  } finally {
    session.close();
  }
}
