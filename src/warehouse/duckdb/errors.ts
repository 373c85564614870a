import { NightshiftError, messageOf } from '../../shared/errors.ts';
import { sqlInvalid } from '../sql-errors.ts';

const LINE = /\n+LINE (\d+):[^\n]*\n?\s*\^?\s*$/;

/** An error that concerns the file or the machine and not the statement; undefined if it is neither. */
export function systemError(file: string, cause: unknown): NightshiftError | undefined {
  const found = messageOf(cause);
  if (isLocked(cause)) return lockedError(file, cause);
  if (/No space left on device|failed to offload data block|Could not write all bytes|disk is full/i.test(found)) {
    return new NightshiftError({
      code: 'disk-full',
      what: 'The disk is full',
      where: file,
      found,
      fix: 'free some space and run again; nothing half-written was kept',
      cause,
    });
  }
  if (/Cannot open file .*(?:Permission denied|Read-only file system|No such file|Not a directory)|read-only mode/i.test(found)) {
    return new NightshiftError({
      code: 'not-writable',
      what: 'The warehouse cannot be opened for writing',
      where: file,
      found,
      fix: 'give the job its own folder with `state:` in pipeline.yaml, or mend the permissions',
      cause,
    });
  }
  if (/not a valid DuckDB database file|Corrupt database file|Serialization Error|checksum/i.test(found)) {
    return new NightshiftError({
      code: 'warehouse-corrupt',
      what: 'The warehouse is not a whole DuckDB file',
      where: file,
      found,
      fix: 'move the file away; the next night makes a new one, and published nights come back from a backup',
      cause,
    });
  }
  return undefined;
}

/** Whether another process, or another connection of ours, holds the file. */
export function isLocked(cause: unknown): boolean {
  return /Could not set lock on file|Conflicting lock|being used by another process/i.test(messageOf(cause));
}

function lockedError(file: string, cause: unknown): NightshiftError {
  const message = messageOf(cause);
  const holder = /held in (.+?) \(PID (\d+)\)/.exec(message);
  return new NightshiftError({
    code: 'warehouse-locked',
    what: 'Another process holds the warehouse, which lets one process in at a time',
    where: file,
    found: holder === null ? message : `process ${holder[2]}, ${holder[1]}`,
    fix: 'wait until it has finished, or stop it, and run again',
    cause,
  });
}

/** What was being run, for errors. */
export interface Script {
  readonly where: string;
  readonly sql?: string;
  /** How many lines the engine was given before those of the script. */
  readonly linesBefore?: number;
}

/** What DuckDB said about a script, as a named error with the line that it gives. */
export function statementError(script: Script, file: string, cause: unknown): NightshiftError {
  if (cause instanceof NightshiftError) return cause;
  const message = messageOf(cause);
  const said = message.replace(LINE, '').trim();
  return systemError(file, cause) ?? sqlInvalid(script.where, said, lineOf(message, script), cause);
}

function lineOf(message: string, { sql, linesBefore = 0 }: Script): number | undefined {
  const line = LINE.exec(message)?.[1];
  if (line !== undefined) return Math.max(1, Number(line) - linesBefore);
  return sql !== undefined && message.includes('at end of input') ? sql.split('\n').length : undefined;
}
