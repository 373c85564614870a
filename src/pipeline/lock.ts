import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, NightshiftError, codeOf } from '../shared/errors.ts';
import { fileError, makeFolder, readJsonFile, writeFileWhole } from '../shared/files.ts';

/** Who looks whether a lock is held has it for less than this; nobody is refused for that. */
const GLANCE_MS = 200;

export interface Lock {
  release(): void;
}

/**
 * Takes a lock of a state folder: an exclusive SQLite transaction, which the system lets go of when its holder dies.
 * Waits `waitSeconds`; then throws `locked` (exit code 5), which names the holder.
 */
export async function takeLock(folder: string, name: string, waitSeconds: number): Promise<Lock> {
  const { default: Database } = await import('better-sqlite3');
  makeFolder(folder);
  const file = join(folder, `${name}.lock`);
  const holder = `${file}.json`;
  try {
    const database = new Database(file, { timeout: Math.max(GLANCE_MS, waitSeconds * 1000) });
    try {
      database.exec('BEGIN EXCLUSIVE');
      writeFileWhole(holder, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }));
    } catch (cause) {
      database.close();
      throw cause;
    }
    return { release: () => database.close() };
  } catch (cause) {
    if (codeOf(cause) !== 'SQLITE_BUSY') throw cause instanceof NightshiftError ? cause : fileError(file, cause);
    throw locked(file, readJsonFile(holder), cause);
  }
}

/** Whether a process holds a lock of a state folder. Only looks; does not wait, and makes nothing. */
export async function isHeld(folder: string, name: string): Promise<boolean> {
  const file = join(folder, `${name}.lock`);
  if (!existsSync(file)) return false;
  const { default: Database } = await import('better-sqlite3');
  try {
    const database = new Database(file, { readonly: true, timeout: 0 });
    try {
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      return false;
    } finally {
      database.close();
    }
  } catch (cause) {
    if (codeOf(cause) === 'SQLITE_BUSY') return true;
    throw fileError(file, cause);
  }
}

/** Since when the holder of a lock has held it, an ISO instant in UTC; undefined where nobody does. */
export async function heldSince(folder: string, name: string): Promise<string | undefined> {
  if (!(await isHeld(folder, name))) return undefined;
  return (readJsonFile(join(folder, `${name}.lock.json`)) as { since?: string } | undefined)?.since;
}

function locked(file: string, holder: unknown, cause: unknown): NightshiftError {
  const { pid, since } = (holder ?? {}) as { pid?: number; since?: string };
  return new NightshiftError({
    code: 'locked',
    what: 'Another run is at work here',
    where: file,
    found: pid === undefined ? 'held by another process' : `held by process ${pid} since ${since}`,
    fix: 'wait for it to end; the lock goes with the process',
    exitCode: ExitCode.locked,
    cause,
  });
}
