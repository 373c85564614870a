import type { Warehouse } from './warehouse.ts';

export interface OpenOptions {
  readonly kind: 'sqlite' | 'duckdb';
  /** The warehouse's file; made where missing, unless `readOnly`. */
  readonly file: string;
  /** How many threads the engine may use; two unless said. SQLite uses one. */
  readonly threads?: number;
  /** Opens an existing file for reading only. */
  readonly readOnly?: boolean;
  /** How many seconds to wait for another process that holds the file; 10 unless said. */
  readonly waitSeconds?: number;
}

/**
 * Opens a warehouse; only the engine that is asked for is loaded. Throws `warehouse-locked`, `not-writable` or
 * `warehouse-corrupt`.
 */
export async function openWarehouse(options: OpenOptions): Promise<Warehouse> {
  const { kind, file, threads = 2, readOnly = false, waitSeconds = 10 } = options;
  if (kind === 'sqlite') {
    const { SqliteWarehouse } = await import('./sqlite/sqlite-warehouse.ts');
    return new SqliteWarehouse({ file, readOnly, waitSeconds });
  }
  const { openDuckdb } = await import('./duckdb/duckdb-warehouse.ts');
  return openDuckdb({ file, threads, readOnly, waitSeconds });
}
