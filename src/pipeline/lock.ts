import { join } from 'node:path';
import { ExitCode, NightshiftError, codeOf } from '../shared/errors.ts';
import { fileError, makeFolder, readJsonFile, writeFileWhole } from '../shared/files.ts';

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
    const database = new Database(file, { timeout: waitSeconds * 1000 });
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
