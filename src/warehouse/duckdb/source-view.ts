import { dayColumns, declaredType } from '../day-columns.ts';
import { assertColumns } from '../source-errors.ts';
import type { ColumnInfo, Source, SqlType } from '../warehouse.ts';
import { identifier } from './dialect.ts';

const INTEGERS = /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT))$/;

/** The engine's type that a declared column has in the source's relation. */
export const ENGINE_TYPES: Readonly<Record<SqlType, string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  text: 'VARCHAR',
  boolean: 'INTEGER',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** Whether a column's values can be taken as they are for its declared type. */
export function fits(engineType: string, type: SqlType): boolean {
  if (type === 'integer') return INTEGERS.test(engineType);
  if (type === 'number') return INTEGERS.test(engineType) || engineType === 'DOUBLE' || engineType === 'FLOAT';
  return engineType === ENGINE_TYPES[type];
}

/** The query of a source's relation: its columns as declared, and the day numbers of dates. `from` is SQL text. */
export function sourceView(source: Source, from: string, columns: readonly ColumnInfo[]): string {
  const names = columns.map(({ name }) => name);
  assertColumns(source, names);
  const days = dayColumns(source, names);
  const selected = [
    ...columns.map((column) => viewColumn(column, declaredType(source, column.name))),
    ...days.map((name) => `CAST(${identifier(name)} AS DATE) - DATE '1970-01-01' AS ${identifier(`${name}_day`)}`),
  ];
  return `SELECT ${selected.join(', ')} FROM ${from}`;
}

function viewColumn({ name, type }: ColumnInfo, declared: SqlType | undefined): string {
  const quoted = identifier(name);
  return declared === undefined || fits(type, declared) ? quoted : `CAST(${quoted} AS ${ENGINE_TYPES[declared]}) AS ${quoted}`;
}

/** What an engine's type is among those that a column can be declared as. */
export function sqlTypeOf(engineType: string): SqlType {
  if (INTEGERS.test(engineType)) return 'integer';
  if (/^(?:DOUBLE|FLOAT|DECIMAL)/.test(engineType)) return 'number';
  if (engineType === 'BOOLEAN') return 'boolean';
  if (engineType === 'DATE') return 'date';
  return engineType.startsWith('TIMESTAMP') ? 'timestamp' : 'text';
}
