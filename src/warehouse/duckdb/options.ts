import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Waiting } from '../open.ts';

export interface DuckdbOptions {
  /** The file; undefined for a database that is in memory only. */
  readonly file: string | undefined;
  readonly threads: number;
  readonly readOnly: boolean;
  /** How long to wait for another process that holds the file. */
  readonly waitSeconds: number;
  /** Little memory is taken for what nobody needs for long. */
  readonly isPassing?: boolean;
  readonly loads?: string | undefined;
  readonly waiting?: Waiting | undefined;
}

/**
 * What is beyond it goes to disk. Three million rows of 35 columns made, sorted and streamed take the same time with 512 MB,
 * 768 MB and 1 GB; the process then takes 0.8, 1.2 and 1.3 GB.
 */
export const MEMORY_LIMIT = '768MB';
/** Enough for what ten million narrow rows or three million wide ones need; a query that needs more gets it. */
const PASSING_LIMIT = '160MB';

export function settingsOf({ file, threads, isPassing = false }: DuckdbOptions): Record<string, string> {
  return {
    threads: String(threads),
    memory_limit: isPassing ? PASSING_LIMIT : MEMORY_LIMIT,
    // Nothing is fetched from anywhere.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    temp_directory: spillFolder(file),
  };
}

/** Where the engine puts what does not fit into its memory. */
export function spillFolder(file: string | undefined): string {
  return file === undefined ? join(tmpdir(), `nightshift-duckdb-${process.pid}`) : `${file}.tmp`;
}
