import { NightshiftError } from '../../shared/errors.ts';
import { assertPublishable, assertSameColumns, currentViewQuery } from '../publication.ts';
import type { Publication, Scalar } from '../warehouse.ts';
import { identifier, sqliteDialect } from './dialect.ts';
import type { SqliteSession } from './session.ts';

/** Replaces the rows of one as-of date and its record, in one transaction. */
export async function publish(session: SqliteSession, publication: Publication): Promise<void> {
  assertPublishable(publication);
  await session.change('', `the publication of ${publication.asOf}`, () => {
    replaceRows(session, publication);
    replaceRecord(session, publication);
    replaceView(session, publication);
  });
}

function replaceRows({ db }: SqliteSession, { table, staged, asOf }: Publication): void {
  const target = main(table);
  const source = main(staged);
  const columns = columnsOf(db, staged);
  if (columns.length === 0) throw new NightshiftError({ code: 'publish-shape', what: `There is no table "${staged}" to publish` });
  if (exists(db, table)) assertSameColumns(table, columnsOf(db, table), columns);
  else db.exec(`CREATE TABLE ${target} AS SELECT * FROM ${source} WHERE 0`);
  db.prepare(`DELETE FROM ${target} WHERE as_of = ?`).run(asOf);
  const names = columns.map(identifier).join(', ');
  db.exec(`INSERT INTO ${target} (${names}) SELECT ${names} FROM ${source}`);
}

function replaceRecord({ db }: SqliteSession, { recordTable, record, asOf }: Publication): void {
  const names = Object.keys(record);
  if (exists(db, recordTable)) assertSameColumns(recordTable, columnsOf(db, recordTable), names);
  else db.exec(`CREATE TABLE ${main(recordTable)} (${names.map((name) => `${identifier(name)} ${typeOf(record[name]!)}`).join(', ')})`);
  db.prepare(`DELETE FROM ${main(recordTable)} WHERE as_of = ?`).run(asOf);
  const places = names.map(() => '?').join(', ');
  db.prepare(`INSERT INTO ${main(recordTable)} (${names.map(identifier).join(', ')}) VALUES (${places})`).run(Object.values(record));
}

function replaceView({ db }: SqliteSession, publication: Publication): void {
  const view = main(publication.currentView);
  db.exec(`DROP VIEW IF EXISTS ${view}; CREATE VIEW ${view} AS ${currentViewQuery(publication, sqliteDialect)}`);
}

type Db = SqliteSession['db'];

function main(name: string): string {
  return `main.${identifier(name)}`;
}

function columnsOf(db: Db, table: string): readonly string[] {
  return db.prepare<[string], string>("SELECT name FROM pragma_table_info(?, 'main')").pluck().all(table);
}

function exists(db: Db, table: string): boolean {
  return columnsOf(db, table).length > 0;
}

function typeOf(value: Scalar): string {
  if (typeof value === 'bigint') return 'INTEGER';
  if (typeof value === 'bigint') return 'INTEGER';
  return typeof value === 'number' ? 'REAL' : 'TEXT';
}
