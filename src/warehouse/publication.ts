import { NightshiftError } from '../shared/errors.ts';
import type { Dialect, SqlType, Publication } from './warehouse.ts';

export interface TypedColumn {
  readonly name: string;
  readonly type: SqlType;
}

/** Refuses a record that does not say its as-of date and run, which the view of the current rows joins by. */
export function assertPublishable({ record, recordTable, asOf }: Publication): void {
  if (record['as_of'] === asOf && typeof record['run_id'] === 'string') return;
  throw new NightshiftError({
    code: 'publish-shape',
    what: `The record for "${recordTable}" must carry its as-of date and run`,
    found: `as_of ${String(record['as_of'])}, run_id ${String(record['run_id'])}`,
    expected: `as_of ${asOf} and a run_id`,
  });
}

/** Refuses to publish into a table of other columns. The order does not matter. */
export function assertSameColumns(table: string, have: readonly string[], bring: readonly string[]): void {
  const missing = have.filter((name) => !bring.includes(name));
  const added = bring.filter((name) => !have.includes(name));
  if (missing.length === 0 && added.length === 0) return;
  throw new NightshiftError({
    code: 'publish-shape',
    what: `The table "${table}" has other columns than what is to be published`,
    found: [
      ...(added.length === 0 ? [] : [`new: ${added.join(', ')}`]),
      ...(missing.length === 0 ? [] : [`missing: ${missing.join(', ')}`]),
    ].join('; '),
    expected: have.join(', '),
    fix: `keep the columns as they were, or rename "${table}" away and begin a new one`,
  });
}

/** Refuses columns whose type changed in a way that would silently change values, such as fractions put into integers. */
export function assertSameTypes(table: string, have: readonly TypedColumn[], bring: readonly TypedColumn[]): void {
  for (const { name, type } of bring) {
    const expected = have.find((column) => column.name === name)?.type ?? type;
    if (type === expected || (type === 'integer' && expected === 'number')) continue;
    throw new NightshiftError({
      code: 'publish-shape',
      what: `The column "${name}" of what is to be published is of another type than in the table "${table}"`,
      found: type,
      expected,
      fix: `convert it in the query, or rename "${table}" away and begin a new one`,
    });
  }
}

/** The rows of the latest published night, by the record. */
export function currentViewQuery({ table, recordTable }: Publication, dialect: Dialect): string {
  const [rows, record] = [dialect.identifier(table), dialect.identifier(recordTable)];
  return (
    `SELECT t.* FROM ${rows} t JOIN ${record} p ON t.as_of = p.as_of AND t.run_id = p.run_id ` +
    `WHERE p.as_of = (SELECT max(as_of) FROM ${record})`
  );
}
