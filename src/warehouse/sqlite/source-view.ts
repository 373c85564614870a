import { dayColumns, declaredType } from '../day-columns.ts';
import { assertColumns } from '../source-errors.ts';
import type { ColumnInfo, Source, SqlType } from '../warehouse.ts';
import { identifier } from './dialect.ts';

/** The query of a source's relation: its columns as declared, and the day numbers of dates. `from` is SQL text. */
export function sourceView(source: Source, from: string, columns: readonly ColumnInfo[]): string {
  const names = columns.map(({ name }) => name);
  assertColumns(source, names);
  const selected = [
    ...columns.map(({ name, type }) => viewColumn(name, type, declaredType(source, name))),
    ...dayColumns(source, names).map((name) => `${dayOf(identifier(name))} AS ${identifier(`${name}_day`)}`),
  ];
  return `SELECT ${selected.join(', ')} FROM ${from}`;
}

function viewColumn(name: string, engineType: string, type: SqlType | undefined): string {
  const quoted = identifier(name);
  if (type === 'timestamp') return `${timestampOf(quoted)} AS ${quoted}`;
  const isText = /char|clob|text/i.test(engineType);
  return type === 'text' && !isText ? `CAST(${quoted} AS TEXT) AS ${quoted}` : quoted;
}

/** Timestamps as they travel: `2001-06-10T13:45:00Z` is how many files have them. */
export function timestampOf(column: string): string {
  return `CASE WHEN substr(${column}, 11, 1) = 'T' THEN rtrim(replace(${column}, 'T', ' '), 'Z') ELSE ${column} END`;
}

/** Whole days since 1970-01-01 of ISO text; the date alone is taken, so that days before 1970 come out whole as well. */
function dayOf(column: string): string {
  return `unixepoch(substr(${column}, 1, 10)) / 86400`;
}
