import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NightshiftError } from '../shared/errors.ts';
import type { Warehouse } from './warehouse.ts';

const IN_MEMORY = ':memory:';

export type Waiting = (holder: string) => Promise<void>;

export interface OpenOptions {
  readonly kind: 'sqlite' | 'duckdb';
  /** The warehouse's file; made where missing, unless `readOnly`. `:memory:` is a warehouse that is gone when it is closed. */
  readonly file: string;
  /** How many threads the engine may use; two unless said. SQLite uses one. */
  readonly threads?: number;
  /** Opens an existing file and refuses to write. */
  readonly readOnly?: boolean;
  /** How many seconds to wait for another process that holds the file; 10 unless said. */
  readonly waitSeconds?: number;
  /** What is in the file is gone when it is closed: it is not kept safe against a crash, and little memory is taken for it. */
  readonly isPassing?: boolean;
  /** Where sources that have to be loaded stay when the warehouse is closed, for the next one that is given the same file. The caller removes it. */
  readonly loads?: string | undefined;
  /** Called before each further try at a file that another process holds; what it throws ends the waiting. */
  readonly waiting?: Waiting | undefined;
}

/**
 * Opens a warehouse; only the engine that is asked for is loaded. Throws `warehouse-locked`, `warehouse-missing`,
 * `warehouse-corrupt` or `not-writable`.
 */
export async function openWarehouse(options: OpenOptions): Promise<Warehouse> {
  const { kind, threads = 2, readOnly = false, waitSeconds = 10, isPassing = false, loads, waiting } = options;
  const file = options.file === IN_MEMORY ? IN_MEMORY : resolve(options.file);
  if (readOnly && !existsSync(file)) throw missing(file);
  if (kind === 'sqlite') {
    const { SqliteWarehouse } = await import('./sqlite/sqlite-warehouse.ts');
    return new SqliteWarehouse({ file, readOnly, waitSeconds, isPassing, loads, waiting });
  }
  const { openDuckdb } = await import('./duckdb/duckdb-warehouse.ts');
  return openDuckdb({ file: file === IN_MEMORY ? undefined : file, threads, readOnly, waitSeconds, isPassing, loads, waiting });
}

function missing(file: string): NightshiftError {
  return new NightshiftError({
    code: 'warehouse-missing',
    what: 'There is no warehouse yet',
    where: file,
    fix: 'run a night first',
  });
}
