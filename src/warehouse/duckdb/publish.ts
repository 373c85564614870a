import type { DuckDBConnection } from '@duckdb/node-api';
import { NightshiftError } from '../../shared/errors.ts';
import { assertPublishable, assertSameColumns, assertSameTypes, currentViewQuery } from '../publication.ts';
import type { TypedColumn } from '../publication.ts';
import type { ColumnInfo, Publication, Scalar } from '../warehouse.ts';
import { duckdbDialect, identifier, literal } from './dialect.ts';
import { CATALOG } from './connections.ts';
import type { DuckdbSession } from './session.ts';
import { ENGINE_TYPES, sqlTypeOf } from './source-view.ts';

/** Replaces the rows of one as-of date and its record, in one transaction. */
export async function publish(session: DuckdbSession, publication: Publication): Promise<void> {
  assertPublishable(publication);
  await session.connections.transaction(async (connection) => {
    const columns = await replaceRows(connection, publication);
    await replaceRecord(connection, publication, columns);
    await replaceView(connection, publication);
  });
}

async function replaceRows(connection: DuckDBConnection, { table, staged, asOf }: Publication): Promise<readonly ColumnInfo[]> {
  const columns = await columnsOf(connection, staged);
  if (columns.length === 0) throw new NightshiftError({ code: 'publish-shape', what: `There is no table "${staged}" to publish` });
  const have = await columnsOf(connection, table);
  if (have.length > 0) {
    assertSameColumns(table, namesOf(have), namesOf(columns));
    assertSameTypes(table, typed(have), typed(columns));
  } else await connection.run(createLike(table, columns));
  await connection.run(`DELETE FROM ${own(table)} WHERE as_of = ${literal(asOf)}`);
  const names = namesOf(columns).map(identifier).join(', ');
  await connection.run(`INSERT INTO ${own(table)} (${names}) SELECT ${names} FROM ${own(staged)}`);
  return columns;
}

async function replaceRecord(connection: DuckDBConnection, publication: Publication, staged: readonly ColumnInfo[]): Promise<void> {
  const { recordTable, record, asOf } = publication;
  const names = Object.keys(record);
  const have = await columnsOf(connection, recordTable);
  if (have.length > 0) assertSameColumns(recordTable, namesOf(have), names);
  else {
    const columns = names.map((name) => `${identifier(name)} ${typeOf(name, record[name]!, staged)}`);
    await connection.run(`CREATE TABLE ${own(recordTable)} (${columns.join(', ')})`);
  }
  await connection.run(`DELETE FROM ${own(recordTable)} WHERE as_of = ${literal(asOf)}`);
  const values = names.map((name) => literal(record[name]!));
  await connection.run(`INSERT INTO ${own(recordTable)} (${names.map(identifier).join(', ')}) VALUES (${values.join(', ')})`);
}

async function replaceView(connection: DuckDBConnection, publication: Publication): Promise<void> {
  await connection.run(`CREATE OR REPLACE VIEW ${own(publication.currentView)} AS ${currentViewQuery(publication, duckdbDialect)}`);
}

/** The widest type of each kind: a DECIMAL(2,1), which is what 0.5 is here, would round the next night's 0.75. */
function createLike(table: string, columns: readonly ColumnInfo[]): string {
  const widened = columns.map(({ name, type }) => `${identifier(name)} ${isNumeric(type) ? ENGINE_TYPES[sqlTypeOf(type)] : type}`);
  return `CREATE TABLE ${own(table)} (${widened.join(', ')})`;
}

function isNumeric(type: string): boolean {
  return sqlTypeOf(type) === 'integer' || sqlTypeOf(type) === 'number';
}

function typed(columns: readonly ColumnInfo[]): readonly TypedColumn[] {
  return columns.map(({ name, type }) => ({ name, type: sqlTypeOf(type) }));
}

function own(name: string): string {
  return `${CATALOG}.main.${identifier(name)}`;
}

async function columnsOf(connection: DuckDBConnection, table: string): Promise<readonly ColumnInfo[]> {
  const result = await connection.run(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ${literal(CATALOG)} AND schema_name = 'main' ` +
      `AND table_name = ${literal(table)} ORDER BY column_index`,
  );
  return (await result.getRows()).map(([name, type]) => ({ name: String(name), type: String(type) }));
}

function namesOf(columns: readonly ColumnInfo[]): readonly string[] {
  return columns.map(({ name }) => name);
}

/** What the rows and the record are joined by has one type in both. */
function typeOf(name: string, value: Scalar, staged: readonly ColumnInfo[]): string {
  const joined = name === 'as_of' || name === 'run_id' ? staged.find((column) => column.name === name)?.type : undefined;
  if (joined !== undefined) return joined;
  if (typeof value === 'bigint') return 'BIGINT';
  return typeof value === 'number' ? 'DOUBLE' : 'VARCHAR';
}
