import { NightshiftError, messageOf } from '../../shared/errors.ts';
import { sqlInvalid } from '../sql-errors.ts';
import { diskFull, notWritable, warehouseCorrupt, warehouseLocked } from '../write-errors.ts';

const LINE = /\n+LINE (\d+):[^\n]*\n?\s*\^?\s*$/;

/** An error that concerns the file or the machine and not the statement; undefined if it is neither. */
export function systemError(file: string, cause: unknown): NightshiftError | undefined {
  const found = messageOf(cause);
  const said = { file, found, cause };
  if (isLocked(cause)) return warehouseLocked({ ...said, found: holderOf(found) });
  if (/No space left on device|failed to offload|Could not write all bytes|disk is full/i.test(found)) return diskFull(said);
  if (/Cannot (?:open|create) .*(?:Permission denied|Read-only file system|No such file|Not a directory|Is a directory)/i.test(found)) return notWritable(said);
  return /not a valid DuckDB database file|Corrupt database file|Serialization Error|checksum/i.test(found) ? warehouseCorrupt(said) : undefined;
}

/** Whether another process holds the file. */
export function isLocked(cause: unknown): boolean {
  return /Could not set lock on file|Conflicting lock|being used by another process/i.test(messageOf(cause));
}

/** Whether a statement needed more memory than the engine is given. */
export function isOutOfMemory(cause: unknown): boolean {
  return /^Out of Memory Error/i.test(messageOf(cause));
}

/** Who holds a file, by what the engine says of its lock. */
export function holderOf(message: string): string {
  const holder = /held in (.+?) \(PID (\d+)\)/.exec(message);
  return holder === null ? message : `process ${holder[2]}, ${holder[1]}`;
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
