import { DuckDBDataChunk, DuckDBDateValue, DuckDBTimestampValue, BIGINT, DATE, DOUBLE, INTEGER, TIMESTAMP, VARCHAR } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { ColumnBatch } from '../../dataset/batch.ts';
import { dayNumber, timestampMicros } from '../../dataset/iso.ts';
import { loadedColumn, loadedNumber, loadedTexts } from '../load-column.ts';
import type { SqlType } from '../warehouse.ts';
import { identifier } from './dialect.ts';

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
      const values = Object.entries(types).map(([column, type]) => valuesOf(batch, column, type));
      for (let from = 0; from < batch.rows; from += CHUNK_ROWS) {
        fill(chunk, values, from, Math.min(CHUNK_ROWS, batch.rows - from));
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

type ValueAt = (row: number) => DuckDBValue;

function fill(chunk: DuckDBDataChunk, columns: readonly ValueAt[], from: number, count: number): void {
  chunk.reset();
  chunk.rowCount = count;
  for (const [i, valueAt] of columns.entries()) {
    chunk.setColumnValues(i, Array.from({ length: count }, (_, row) => valueAt(from + row)));
  }
}

function valuesOf(batch: ColumnBatch, name: string, type: SqlType): ValueAt {
  const column = loadedColumn(batch, name, type);
  if (column.storage === 'text') {
    const values = loadedTexts(name, type, column).map((text) => textValue(text, type));
    return (row) => values[column.codes[row]!] ?? null;
  }
  if (type !== 'integer') return (row) => loadedNumber(name, type, column, row);
  return (row) => {
    const value = loadedNumber(name, type, column, row);
    return value === null ? null : BigInt(value);
  };
}

function textValue(text: string, type: SqlType): DuckDBValue {
  if (type === 'date') return new DuckDBDateValue(dayNumber(text) ?? 0);
  return type === 'timestamp' ? new DuckDBTimestampValue(timestampMicros(text)) : text;
}
