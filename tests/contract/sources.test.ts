import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import { describe, expect, test } from '@jest/globals';
import type { Source, SqlType } from '../../src/warehouse/warehouse.ts';
import { KINDS, errorOf, fileIn, readQuery, withWarehouse } from './warehouses.ts';

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

/** The same files in another folder. */
function copyOf(place: Source['location'], folder: string): Source['location'] {
  const copy = (file: string) => {
    const to = join(folder, basename(file));
    copyFileSync(file, to);
    return to;
  };
  return place.kind === 'database' ? { ...place, file: copy(place.file) } : { ...place, files: place.files.map(copy) };
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
      expect(await warehouse.fingerprint('b')).toBe(print);
      await withWarehouse(kind, async (other, elsewhere) => {
        const copied = copyOf(place, elsewhere);
        await other.attach([{ name: 'c', location: copied, types: TYPES }]);
        expect(await other.fingerprint('c')).toBe(print);
      });
    }));

  test('from a table of the warehouse itself is fingerprinted by that table alone', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      await warehouse.make('t', "SELECT 1 AS id, '2001-06-10' AS day", 't.sql');
      await warehouse.attach([{ name: 't', location: { kind: 'database', file: fileIn(folder, kind), table: 't' }, types: { day: 'date' } }]);
      expect(await warehouse.rows('SELECT id, day_day FROM t')).toEqual([{ id: 1, day_day: 11483 }]);
      const print = await warehouse.fingerprint('t');
      await warehouse.make('u', 'SELECT 2 AS x', 'u.sql');
      expect(await warehouse.fingerprint('t')).toBe(print);
    }));

  test('of SQLite in WAL mode is read with its log, keeps its fingerprint when the log is folded in, and is not written', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      const file = join(folder, 'wal.db');
      const writer = new Database(file);
      writer.pragma('journal_mode = WAL');
      writer.exec('CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1)');
      writer.pragma('wal_checkpoint(TRUNCATE)');
      writer.exec('INSERT INTO t VALUES (2)');
      for (const name of ['people.db', 'folded.db']) {
        copyFileSync(file, join(folder, name));
        copyFileSync(`${file}-wal`, join(folder, `${name}-wal`));
      }
      writer.close();
      new Database(join(folder, 'folded.db')).close();
      const [logged, folded] = ['people.db', 'folded.db'].map((name): Source => ({ name: name.slice(0, 6), location: { kind: 'database', file: join(folder, name), table: 't' }, types: {} }));
      const before = readFileSync(join(folder, 'people.db'));
      await withWarehouse(kind, async (other) => {
        await other.attach([logged!, folded!]);
        expect(await other.rows('SELECT * FROM people ORDER BY x')).toEqual([{ x: 1 }, { x: 2 }]);
        expect(await other.fingerprint('people')).toBe(await other.fingerprint('folded'));
      });
      expect(readFileSync(join(folder, 'people.db')).equals(before)).toBe(true);
      await warehouse.attach([logged!]);
      expect(await warehouse.rows('SELECT count(*) AS n FROM people')).toEqual([{ n: 2 }]);
    }));

  test('keeps columns that only look like day numbers, and refuses one in the place of a day number', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      const file = join(folder, 'days.db');
      const db = new Database(file);
      db.exec("CREATE TABLE t (x INTEGER, x_day INTEGER, born TEXT, seen TEXT); INSERT INTO t VALUES (1, 7, '2001-06-10', '2001-06-10T13:45:00.5Z')");
      db.exec('CREATE TABLE u (born TEXT, born_day INTEGER)');
      db.close();
      await warehouse.attach([{ name: 't', location: { kind: 'database', file, table: 't' }, types: { x: 'integer', born: 'date', seen: 'timestamp' } }]);
      expect(await warehouse.rows('SELECT * FROM t')).toEqual([{ x: 1, x_day: 7, born: '2001-06-10', seen: '2001-06-10 13:45:00.5', born_day: 11483, seen_day: 11483 }]);
      expect((await errorOf(warehouse.attach([{ name: 'u', location: { kind: 'database', file, table: 'u' }, types: { born: 'date' } }]))).code).toBe('source-column-taken');
    }));

  test('keeps integers that no number holds, and finds what undeclared columns hold', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      const file = join(folder, 'large.db');
      const db = new Database(file);
      db.exec("CREATE TABLE t (id INTEGER, a, b, c, d); INSERT INTO t VALUES (9007199254740993, 1, 1.5, 'x', NULL), (-1, 2, 2, 3, NULL)");
      db.close();
      await warehouse.attach([{ name: 't', location: { kind: 'database', file, table: 't' }, types: { id: 'integer' } }]);
      expect(await warehouse.rows('SELECT id, a, b, CAST(c AS TEXT) AS c, d FROM t ORDER BY a')).toEqual([
        { id: 9007199254740993n, a: 1, b: 1.5, c: 'x', d: null }, { id: -1, a: 2, b: 2, c: '3', d: null },
      ]);
    }));

  test('may be one of many files', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      const sources = Array.from({ length: 14 }, (_, i): Source => {
        const file = join(folder, `${i}.db`);
        const db = new Database(file);
        db.exec(`CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (${i})`);
        db.close();
        return { name: `s${i}`, location: { kind: 'database', file, table: 't' }, types: {} };
      });
      await warehouse.attach(sources);
      expect(await warehouse.rows(`SELECT sum(x) AS x FROM (${sources.map(({ name }) => `SELECT x FROM ${name}`).join(' UNION ALL ')}) AS u`)).toEqual([{ x: 91 }]);
      expect(await readQuery(warehouse, 'SELECT x FROM s13', { x: 'number' })).toEqual({ x: [13] });
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
        writeFileSync(csv, `id,c\n1,"${value}"\n`);
        const fault = await errorOf(warehouse.attach([{ name: 'u', location: { kind: 'csv', files: [csv], delimiter: ',' }, types }]));
        expect([fault.code, fault.details.where, fault.details.found]).toEqual(['source-type', `${csv}, line 2`, `"${value}"`]);
      }),
  );

  test('of more than a thousand columns is checked to the last one', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      const file = join(folder, 'wide.db');
      const names = Array.from({ length: 1100 }, (_, i) => `c${i + 1}`);
      const db = new Database(file);
      db.exec(`CREATE TABLE good (${names.join(', ')}); INSERT INTO good (c1) VALUES (1)`);
      db.exec(`CREATE TABLE bad (${names.join(', ')}); INSERT INTO bad (c1100) VALUES ('much')`);
      db.close();
      const types = Object.fromEntries(names.map((name) => [name, 'number' as const]));
      const check = async (table: string): Promise<void> => {
        const source: Source = { name: table, location: { kind: 'database', file, table }, types };
        await warehouse.attach([source]);
        await warehouse.check(source);
      };
      await check('good');
      const error = await errorOf(check('bad'));
      expect([error.code, error.details.found]).toEqual(['source-type', '"much" (text), in 1 row']);
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
