import { NightshiftError, codeOf, messageOf } from '../../shared/errors.ts';
import { sqlInvalid } from '../sql-errors.ts';

/** An error that concerns the file or the machine and not the statement; undefined if it is neither. */
export function systemError(file: string, cause: unknown): NightshiftError | undefined {
  const code = codeOf(cause) ?? '';
  const found = messageOf(cause);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new NightshiftError({
      code: 'warehouse-locked',
      what: 'The warehouse is being written by another process',
      where: file,
      found,
      fix: 'wait until it has finished, or stop it, and run again',
      cause,
    });
  }
  if (code.startsWith('SQLITE_FULL') || code === 'SQLITE_IOERR_WRITE' || code === 'SQLITE_IOERR_SHMSIZE') {
    return new NightshiftError({
      code: 'disk-full',
      what: 'The disk is full',
      where: file,
      found,
      fix: 'free some space and run again; nothing half-written was kept',
      cause,
    });
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_PERM')) {
    return new NightshiftError({
      code: 'not-writable',
      what: 'The warehouse cannot be opened for writing',
      where: file,
      found,
      fix: 'give the job its own folder with `state:` in pipeline.yaml, or mend the permissions',
      cause,
    });
  }
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return new NightshiftError({
      code: 'warehouse-corrupt',
      what: 'The warehouse is not a whole SQLite file',
      where: file,
      found,
      fix: 'move the file away; the next night makes a new one, and published nights come back from a backup',
      cause,
    });
  }
  return undefined;
}

/** What SQLite said about a script, as a named error. */
export function statementError(sql: string, where: string, file: string, cause: unknown): NightshiftError {
  if (cause instanceof NightshiftError) return cause;
  const message = messageOf(cause);
  return systemError(file, cause) ?? sqlInvalid(where, message, lineOf(sql, message), cause);
}

/** SQLite gives no position: the line of the words that it quotes, where they stand on one line only. */
function lineOf(sql: string, message: string): number | undefined {
  if (message.startsWith('incomplete input')) return sql.trimEnd().split('\n').length;
  const quoted = /near "([\s\S]+)": syntax error/.exec(message)?.[1] ?? /(?:no such \w+|ambiguous column name|unrecognized token): "?([^\s"]+)/.exec(message)?.[1];
  if (quoted === undefined) return undefined;
  const word = quoted.split('.').at(-1) ?? quoted;
  const lines = sql.split('\n').flatMap((line, i) => (holds(line, word) ? [i + 1] : []));
  return lines.length === 1 ? lines[0] : undefined;
}

function holds(line: string, word: string): boolean {
  const code = line.replace(/--.*$/, '');
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`${edge(word.at(0))}${escaped}${edge(word.at(-1))}`, 'i').test(code);
}

function edge(letter = ''): string {
  return /\w/.test(letter) ? '\\b' : '';
}
