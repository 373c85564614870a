import type { Storage } from '../../dataset/batch.ts';
import { storageOf } from '../../dataset/sql-type.ts';
import type { SqlType } from '../../dataset/sql-type.ts';
import { declaredType } from '../day-columns.ts';
import type { Source } from '../warehouse.ts';
import { Attachments } from './attach.ts';
import type { Content } from './attach.ts';
import { checkTypes } from './check-types.ts';
import { identifier } from './dialect.ts';
import { readStream } from './read-stream.ts';
import { DuckdbSession } from './session.ts';
import { sqlTypeOf } from './source-view.ts';

/** A Parquet source, or a table of a DuckDB file, as batches for an engine that cannot read it itself. */
export async function readThroughDuckdb(source: Source): Promise<Content> {
  const session = await DuckdbSession.open({ file: undefined, threads: 2, readOnly: false, waitSeconds: 10 });
  try {
    const attached = await new Attachments(session).attach(source);
    await checkTypes(session, attached);
    const types: Record<string, SqlType> = Object.fromEntries(
      attached.columns.map(({ name, type }) => [name, declaredType(source, name) ?? sqlTypeOf(type)]),
    );
    const columns: Record<string, Storage> = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, storageOf(type)]));
    const batches = readStream(session, `SELECT ${Object.keys(types).map(identifier).join(', ')} FROM (${attached.view})`, { columns });
    return { types, batches, close: async () => session.close() };
  } catch (error) {
    session.close();
    throw error;
  }
}
