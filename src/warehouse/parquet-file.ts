import type { ColumnBatch } from '../dataset/batch.ts';
import type { SqlType } from './warehouse.ts';

/** Writes rows to a Parquet file in their order, whole or not at all; DuckDB does it, whatever the warehouse is. Returns the rows. */
export async function writeParquet(file: string, types: Readonly<Record<string, SqlType>>, batches: AsyncIterable<ColumnBatch>): Promise<number> {
  const { saveParquet } = await import('./duckdb/save-parquet.ts');
  return saveParquet(file, types, batches);
}
