import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import { describe, expect, test } from '@jest/globals';
import type { Source, SqlType } from '../../src/warehouse/warehouse.ts';
import { KINDS, errorOf, readQuery, withWarehouse } from './warehouses.ts';

const TYPES: Readonly<Record<string, SqlType>> = {
  id: 'integer', amount: 'number', city: 'text', vip: 'boolean', born: 'date', seen: 'timestamp',
};
const ROWS = [
  [1, 1.5, 'Zürich', 1, '2001-06-10', '2001-06-10 13:45:00'],
  [2, null, null, 0, '1969-12-31', '1969-12-31 23:59:59'],
  [3, -2, 'a "b", c', null, null, null],
] as const;
const EXPECTED = [
  { id: 1, amount: 1.5, city: 'Zürich', vip: 1, born: '2001-06-10', seen: '2001-06-10 13:45:00', born_day: 11483, seen_day: 11483 },
  { id: 2, amount: null, city: null, vip: 0, born: '1969-12-31', seen: '1969-12-31 23:59:59', born_day: -1, seen_day: -1 },
  { id: 3, amount: -2, city: 'a "b", c', vip: null, born: null, seen: null, born_day: null, seen_day: null },
];
const CSV = [
  '\uFEFFid,amount,city,vip,born,seen',
  '1,1.5,Zürich,true,2001-06-10,2001-06-10T13:45:00Z',
  '2,,,0,1969-12-31,1969-12-31 23:59:59',
  '3,-2,"a ""b"", c",,,',
  '',
].join('\r\n');

function sqliteFile(folder: string, name = 'source.db'): string {
  const file = join(folder, name);
  const db = new Database(file);
  db.exec('CREATE TABLE people (id INTEGER, amount REAL, city TEXT, vip INTEGER, born TEXT, seen TEXT)');
  const insert = db.prepare('INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)');
  for (const row of ROWS) insert.run(...row);
  db.close();
  return file;
}

async function duckdbFile(folder: string, sql: (file: string) => string): Promise<string> {
  const file = join(folder, 'source.duckdb');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(sql(file));
  connection.closeSync();
  instance.closeSync();
  return file;
}

const PEOPLE = `SELECT * FROM (VALUES
  (1, 1.5::DOUBLE, 'Zürich', true, DATE '2001-06-10', TIMESTAMP '2001-06-10 13:45:00'),
  (2, NULL, NULL, false, DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59'),
  (3, -2, 'a "b", c', NULL, NULL, NULL)) AS t(id, amount, city, vip, born, seen)`;

async function location(format: string, folder: string): Promise<Source['location']> {
  switch (format) {
    case 'SQLite':
      return { kind: 'database', file: sqliteFile(folder), table: 'people' };
    case 'DuckDB':
      return { kind: 'database', file: await duckdbFile(folder, (file) => `ATTACH '${file}' AS s; CREATE TABLE s.people AS ${PEOPLE}; DETACH s`), table: 'people' };
    case 'Parquet':
      await duckdbFile(folder, () => `COPY (${PEOPLE}) TO '${join(folder, 'p.parquet')}' (FORMAT parquet)`);
      return { kind: 'parquet', files: [join(folder, 'p.parquet')] };
    default:
      writeFileSync(join(folder, 'p.csv'), CSV);
      return { kind: 'csv', files: [join(folder, 'p.csv')], delimiter: ',' };
  }
}

describe.each(KINDS)('a source in %s', (kind) => {
  test.each(['SQLite', 'DuckDB', 'Parquet', 'CSV'])('from %s is read as it was declared, days counted and missing values kept', (format) =>
    withWarehouse(kind, async (warehouse, folder) => {
      const source: Source = { name: 'people', location: await location(format, folder), types: TYPES };
      await warehouse.attach([source]);
      await warehouse.check(source);
      expect(await warehouse.rows('SELECT * FROM people ORDER BY id')).toEqual(EXPECTED);
      const { seen, vip } = await readQuery(warehouse, 'SELECT seen, vip FROM people ORDER BY id', { seen: 'text', vip: 'number' });
      expect({ seen, vip }).toEqual({ seen: EXPECTED.map((row) => row.seen), vip: EXPECTED.map((row) => row.vip) });
      expect(await warehouse.rows("SELECT id FROM people WHERE born = '2001-06-10' AND seen < '2001-06-10 14:00:00'")).toEqual([{ id: 1 }]);
      expect(await warehouse.tables()).toEqual([]);
      await warehouse.make('kept', 'SELECT * FROM people', 'kept.sql');
      expect(await warehouse.rows('SELECT * FROM kept ORDER BY id')).toEqual(EXPECTED);
    }));

  test.each(['SQLite', 'DuckDB', 'Parquet', 'CSV'])('from %s has a fingerprint that does not depend on the folder', (format) =>
    withWarehouse(kind, async (warehouse, folder) => {
      const place = await location(format, folder);
      await warehouse.attach([{ name: 'a', location: place, types: TYPES }, { name: 'b', location: place, types: {} }]);
      const print = await warehouse.fingerprint('a');
      expect(print).toMatch(/^[0-9a-f]{64}$/);
      await withWarehouse(kind, async (other, elsewhere) => {
        await other.attach([{ name: 'c', location: await location(format, elsewhere), types: TYPES }]);
        if (format === 'DuckDB' || format === 'CSV') expect(await other.fingerprint('c')).toBe(print);
      });
    }));

  test('may be read under two names, and hidden by a view for a while', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      const place = { kind: 'database', file: sqliteFile(folder), table: 'people' } as const;
      await warehouse.attach([{ name: 'people', location: place, types: TYPES }, { name: 'people_before', location: place, types: TYPES }]);
      await warehouse.define('people', 'SELECT id, NULL AS city FROM people_before');
      expect(await warehouse.rows('SELECT city FROM people WHERE id = 1')).toEqual([{ city: null }]);
      await warehouse.undefine('people');
      expect(await warehouse.rows('SELECT city FROM people WHERE id = 1')).toEqual([{ city: 'Zürich' }]);
    }));

  test('that is missing, or has lost its table or a column, says so', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      const file = sqliteFile(folder);
      const at = (where: Source['location'], types: Source['types'] = {}) => errorOf(warehouse.attach([{ name: 'p', location: where, types }]));
      const gone = await at({ kind: 'database', file: join(folder, 'none.db'), table: 'people' });
      expect([gone.code, gone.exitCode]).toEqual(['source-missing', 6]);
      const renamed = await at({ kind: 'database', file, table: 'peoples' });
      expect([renamed.code, renamed.exitCode, renamed.details.found]).toEqual(['source-missing', 6, 'no table "peoples"; closest is "people"']);
      const column = await at({ kind: 'database', file, table: 'people' }, { citi: 'text' });
      expect([column.code, column.details.found]).toEqual(['source-column-missing', 'closest is "city"']);
      expect((await at({ kind: 'csv', files: [], delimiter: ',' })).code).toBe('source-missing');
      expect((await at({ kind: 'parquet', files: [join(folder, 'x.parquet')] })).code).toBe('source-missing');
    }));

  test('that is no such file at all is corrupt', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      const garbage = join(folder, 'garbage.db');
      writeFileSync(garbage, 'hello, this is text and not a database');
      const cut = join(folder, 'cut.db');
      writeFileSync(cut, 'SQLite format 3\0 and nothing that follows');
      for (const file of [garbage, cut]) {
        const error = await errorOf(warehouse.attach([{ name: 'p', location: { kind: 'database', file, table: 'people' }, types: {} }]));
        expect([error.code, error.exitCode, error.details.where]).toEqual(['source-corrupt', 1, file]);
      }
      const parquet = await errorOf(warehouse.attach([{ name: 'p', location: { kind: 'parquet', files: [garbage] }, types: {} }]));
      expect(parquet.code).toBe('source-corrupt');
    }));

  test.each<[SqlType, string]>([['integer', 'n/a'], ['number', 'much'], ['date', '2001-02-30'], ['timestamp', 'noon'], ['boolean', 'maybe']])(
    'with values that are not of the type %s says which, in a database and in CSV',
    (type, value) =>
      withWarehouse(kind, async (warehouse, folder) => {
        const file = join(folder, 'typed.db');
        const db = new Database(file);
        db.exec(`CREATE TABLE t (id, c); INSERT INTO t VALUES (1, NULL), (2, '${value}'), (3, '${value}')`);
        db.close();
        const types = { id: 'integer', c: type } as const;
        const source: Source = { name: 't', location: { kind: 'database', file, table: 't' }, types };
        const error = await errorOf(async () => {
          await warehouse.attach([source]);
          await warehouse.check(source);
        });
        expect(error.code).toBe('source-type');
        expect(error.details.found).toBe(`"${value}" (text), in 2 rows`);
        const csv = join(folder, 't.csv');
        writeFileSync(csv, `id,c\n1,"\n${value}"\n`.replace('"\n', '"').replace(`${value}"`, `${value}"`));
        const fault = await errorOf(warehouse.attach([{ name: 'u', location: { kind: 'csv', files: [csv], delimiter: ',' }, types }]));
        expect([fault.code, fault.details.where, fault.details.found]).toEqual(['source-type', `${csv}, line 2`, `"${value}"`]);
      }),
  );

  test('of several files is one table, if their columns agree', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      const files = ['1.csv', '2.csv', '3.csv'].map((name) => join(folder, name));
      writeFileSync(files[0]!, 'a;b\n1;x\n');
      writeFileSync(files[1]!, 'a;b\n2;"y;\nz"');
      writeFileSync(files[2]!, 'a;c\n3;x\n');
      const types = { a: 'integer' } as const;
      await warehouse.attach([{ name: 't', location: { kind: 'csv', files: files.slice(0, 2), delimiter: ';' }, types }]);
      expect(await warehouse.rows('SELECT * FROM t ORDER BY a')).toEqual([{ a: 1, b: 'x' }, { a: 2, b: 'y;\nz' }]);
      const error = await errorOf(warehouse.attach([{ name: 't', location: { kind: 'csv', files, delimiter: ';' }, types }]));
      expect([error.code, error.details.found]).toEqual(['source-headers', 'a, c']);
    }));
});
