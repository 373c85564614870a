import { BIGINT, DATE, DOUBLE, INTEGER, DuckDBDataChunk, TIMESTAMP, VARCHAR } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import type { ColumnBatch } from '../../dataset/batch.ts';
import type { SqlType } from '../warehouse.ts';
import { identifier } from './dialect.ts';
import { putColumn } from './encode.ts';
import type { PutColumn } from './encode.ts';

const CHUNK_ROWS = 2048;

/** Booleans are integers here as well, so that a script may add them up in any engine. */
const COLUMN_TYPES: Readonly<Record<SqlType, DuckDBType>> = {
  integer: BIGINT,
  number: DOUBLE,
  text: VARCHAR,
  boolean: INTEGER,
  date: DATE,
  timestamp: TIMESTAMP,
};

export interface LoadTarget {
  readonly catalog: string;
  readonly name: string;
  readonly types: Readonly<Record<string, SqlType>>;
}

/** Makes a table, replacing one of its name, and fills it. The caller holds the transaction. Returns the rows. */
export async function loadTable(connection: DuckDBConnection, target: LoadTarget, batches: AsyncIterable<ColumnBatch>): Promise<number> {
  const { catalog, name, types } = target;
  const columns = Object.entries(types).map(([column, type]) => `${identifier(column)} ${String(COLUMN_TYPES[type])}`);
  await connection.run(`CREATE OR REPLACE TABLE ${catalog}.main.${identifier(name)} (${columns.join(', ')})`);
  const appender = await connection.createAppender(name, 'main', catalog);
  const chunk = DuckDBDataChunk.create(Object.values(types).map((type) => COLUMN_TYPES[type]));
  let rows = 0;
  try {
    for await (const batch of batches) {
      const columns = Object.entries(types).map(([column, type]) => putColumn(batch, column, type));
      for (let from = 0; from < batch.rows; from += CHUNK_ROWS) {
        fill(chunk, columns, from, Math.min(CHUNK_ROWS, batch.rows - from));
        appender.appendDataChunk(chunk);
      }
      rows += batch.rows;
    }
    appender.flushSync();
    return rows;
  } catch (error) {
    // What is not flushed goes with the transaction; closing would try once more and hide why.
    appender.clear();
    throw error;
  } finally {
    appender.closeSync();
  }
}

function fill(chunk: DuckDBDataChunk, columns: readonly PutColumn[], from: number, count: number): void {
  chunk.reset();
  chunk.rowCount = count;
  for (const [i, put] of columns.entries()) put(chunk.getColumnVector(i), from, count);
}
