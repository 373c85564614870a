import { NightshiftError, codeOf, messageOf } from '../../shared/errors.ts';
import { sqlInvalid } from '../sql-errors.ts';
import { diskFull, notWritable, warehouseCorrupt, warehouseLocked } from '../write-errors.ts';

/** An error that concerns the file or the machine and not the statement; undefined if it is neither. */
export function systemError(file: string, cause: unknown): NightshiftError | undefined {
  const code = codeOf(cause) ?? '';
  const said = { file, found: messageOf(cause), cause };
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) return warehouseLocked(said);
  if (/^SQLITE_(?:FULL|IOERR_WRITE|IOERR_SHMSIZE)/.test(code)) return diskFull(said);
  if (/^SQLITE_(?:READONLY|CANTOPEN|PERM)/.test(code)) return notWritable(said);
  return /^SQLITE_(?:CORRUPT|NOTADB)/.test(code) ? warehouseCorrupt(said) : undefined;
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
