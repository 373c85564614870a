import { NightshiftError } from '../shared/errors.ts';
import { readSql } from './sql-text.ts';
import type { ColumnInfo } from './warehouse.ts';

/** First words of statements that change something, or a setting; engines run some of them while they prepare. */
const CHANGES = new Set(
  ('ALTER ANALYZE ATTACH BEGIN CALL CHECKPOINT COMMENT COMMIT COPY CREATE DEALLOCATE DELETE DETACH DROP END EXECUTE EXPORT FORCE ' +
    'IMPORT INSERT INSTALL LOAD MERGE PRAGMA PREPARE REINDEX RELEASE REPLACE RESET ROLLBACK SAVEPOINT SET START TRUNCATE UPDATE ' +
    'UPDATE USE VACUUM').split(' '),
);

/** SQL that an engine refuses; `line` counts from 1 in the script. */
export function sqlInvalid(where: string, message: string, line?: number, cause?: unknown): NightshiftError {
  return new NightshiftError({
    code: 'sql-invalid',
    what: 'The SQL cannot be run',
    where: line === undefined ? where : `${where}, line ${line}`,
    found: message,
    expected: 'one SELECT that this warehouse understands',
    fix: 'correct the script',
    cause,
  });
}

export function sqlWrites(where: string, found: string): NightshiftError {
  return new NightshiftError({
    code: 'sql-writes',
    what: 'A script may only read',
    where,
    found,
    expected: 'one single SELECT (or WITH … SELECT)',
    fix: 'leave only the query; the engine makes the table from it',
  });
}

/**
 * The query of a script, ready to be wrapped. Refuses what is several statements or begins with a word that changes
 * something; whether the rest reads only is asked of the engine.
 */
export function queryOf(sql: string, where: string): string {
  const text = readSql(sql);
  if (text.keyword === '') throw sqlInvalid(where, 'there is no statement in it');
  if (CHANGES.has(text.keyword)) throw sqlWrites(where, `a statement that begins with ${text.keyword}`);
  if (text.several) throw sqlWrites(where, 'more than one statement');
  return text.body;
}

/** Refuses a statement that the engine understands but that is no SELECT (VALUES, SHOW, EXPLAIN, FROM …). */
export function assertSelect(query: string, where: string): void {
  const { keyword } = readSql(query);
  if (keyword !== 'SELECT' && keyword !== 'WITH') throw sqlWrites(where, `a statement that begins with ${keyword}`);
}

/** Refuses a query that gives two columns of one name: a table of it could not be addressed. */
export function assertDistinct(columns: readonly ColumnInfo[], where: string): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    const key = name.toLowerCase();
    if (seen.has(key)) throw sqlInvalid(where, `two columns are called "${name}"`);
    seen.add(key);
  }
}
