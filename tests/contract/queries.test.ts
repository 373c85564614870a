import { describe, expect, test } from '@jest/globals';
import { KINDS, errorOf, readQuery, withWarehouse } from './warehouses.ts';

describe.each(KINDS)('a query in %s', (kind) => {
  test('becomes a table, which another query replaces whole, even one that reads it', () =>
    withWarehouse(kind, async (warehouse) => {
      expect(await warehouse.make('a', "SELECT 1 AS x, 'p' AS y UNION ALL SELECT 2, 'q'", 'a.sql')).toBe(2);
      expect(await warehouse.make('a', 'SELECT x + 1 AS x FROM a WHERE x > 1;', 'a.sql')).toBe(1);
      expect(await warehouse.rows('SELECT * FROM a')).toEqual([{ x: 3 }]);
      expect(await warehouse.tables()).toEqual(['a']);
    }));

  test('that fails leaves the table that was there', () =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.make('a', 'SELECT 1 AS x', 'a.sql');
      const error = await errorOf(warehouse.make('a', 'SELECT 1 AS x,\n  2 AS y\nFROM nowhere', 'steps/a.sql'));
      expect(error.code).toBe('sql-invalid');
      expect(error.details.where).toBe('steps/a.sql, line 3');
      expect(error.details.found).toContain('nowhere');
      expect(await warehouse.rows('SELECT * FROM a')).toEqual([{ x: 1 }]);
    }));

  test('says its columns without being run, comments and a semicolon allowed', () =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.make('a', 'SELECT 1 AS x', 'a.sql');
      const columns = await warehouse.columns("-- a 'comment;\n/* another; */ SELECT x, ';' AS semicolon FROM a ; -- the end", 'q.sql');
      expect(columns.map(({ name }) => name)).toEqual(['x', 'semicolon']);
    }));

  test('may be a view that hides a table until it is taken away, and views may refer to each other', () =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.make('a', 'SELECT 1 AS x', 'a.sql');
      await warehouse.define('b', 'SELECT 7 AS x');
      await warehouse.define('a', 'SELECT x + 1 AS x FROM b -- all');
      await warehouse.make('c', 'SELECT * FROM a', 'c.sql');
      expect(await warehouse.rows('SELECT * FROM c')).toEqual([{ x: 8 }]);
      await warehouse.make('a', 'SELECT 5 AS x', 'a.sql');
      expect(await warehouse.rows('SELECT * FROM a')).toEqual([{ x: 8 }]);
      await warehouse.undefine('a');
      expect(await warehouse.rows('SELECT * FROM a')).toEqual([{ x: 5 }]);
      expect(await warehouse.tables()).toEqual(['a', 'c']);
    }));

  test.each([
    ['INSERT INTO a VALUES (2)'],
    ['WITH b AS (SELECT 1 AS x) INSERT INTO a SELECT x FROM b'],
    ['DELETE FROM a'],
    ['DROP TABLE a'],
    ['CREATE TABLE b AS SELECT 1 AS x'],
    ["ATTACH 'elsewhere.db' AS elsewhere"],
    ['PRAGMA user_version = 3'],
    ['SELECT 1 AS x; DROP TABLE a'],
    ['VALUES (1)'],
    ['BEGIN'],
    ['VACUUM'],
  ])('is refused where it writes or is no SELECT: %s', (sql) =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.make('a', 'SELECT 1 AS x', 'a.sql');
      for (const act of [
        () => warehouse.assertReads(sql, 'q.sql'),
        () => warehouse.columns(sql, 'q.sql'),
        () => warehouse.define('v', sql),
        () => warehouse.make('b', sql, 'q.sql'),
        () => warehouse.rows(sql),
      ]) expect((await errorOf(act)).code).toBe('sql-writes');
      expect(await warehouse.rows('SELECT * FROM a')).toEqual([{ x: 1 }]);
    }));

  test.each([
    ['', 'q.sql'],
    ['-- nothing', 'q.sql'],
    ['SELEC 1', 'q.sql, line 1'],
    ['SELECT 1 AS x\nFROM\n  (SELECT 2 AS y', 'q.sql, line 3'],
    ['SELECT 1 AS x,\n wrong AS y', 'q.sql, line 2'],
    ['SELECT 1 AS x, 2 AS x', 'q.sql'],
    ['SELECT 1 AS x, 2 AS X', 'q.sql'],
  ])('that is not valid is refused with its line: %s', (sql, where) =>
    withWarehouse(kind, async (warehouse) => {
      const error = await errorOf(warehouse.columns(sql, 'q.sql'));
      expect(error.code).toBe('sql-invalid');
      expect(error.details.where).toBe(where);
    }));

  test('gives exact integers, bigint only beyond ±2^53, and dates as ISO text', () =>
    withWarehouse(kind, async (warehouse) => {
      const [row] = await warehouse.rows(
        'SELECT 9007199254740991 AS exact, 9007199254740993 AS beyond, sum(x) AS total, 1 = 1 AS truth, NULL AS missing FROM (SELECT 1 AS x UNION ALL SELECT 2) AS t',
      );
      expect(row).toEqual({ exact: 9007199254740991, beyond: 9007199254740993n, total: 3, truth: 1, missing: null });
    }));

  test('orders and compares text by bytes', () =>
    withWarehouse(kind, async (warehouse) => {
      const words = ['Zebra', 'apple', 'Äpfel', 'zoo', 'Éclair', '日本', '\u{1F600}', '\uFF5E'];
      const sql = words.map((word) => `SELECT ${warehouse.dialect.literal(word)} AS w`).join(' UNION ALL ');
      const { w } = await readQuery(warehouse, `SELECT w FROM (${sql}) AS t ORDER BY w`, { w: 'text' });
      expect(w).toEqual([...words].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }));

  test('has md5', () =>
    withWarehouse(kind, async (warehouse) => {
      expect(await warehouse.rows("SELECT substr(md5('zürich'), 1, 8) AS h, md5(NULL) AS n")).toEqual([{ h: '0c1736a7', n: null }]);
    }));

  test('names and literals of any kind come through', () =>
    withWarehouse(kind, async (warehouse) => {
      const { identifier, literal } = warehouse.dialect;
      const name = 'a "quoted" na\'me; -- ü';
      const values = ["it's", '"', '\\', '', 'a\nb', 'semi;colon -- no comment', 1, -1.5, 0.1, 1e300, 5e-324, 2 ** 53, 123n, null];
      await warehouse.make(name, `SELECT ${values.map((value, i) => `${literal(value)} AS ${identifier(`c "${i}"`)}`).join(', ')}`, 'q.sql');
      const [row] = await warehouse.rows(`SELECT * FROM ${identifier(name)}`);
      expect(Object.values(row ?? {})).toEqual(values.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
    }));
});
