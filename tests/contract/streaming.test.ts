import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Storage } from '../../src/dataset/batch.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { KINDS, batchOf, each, errorOf, readAll, readQuery, withWarehouse } from './warehouses.ts';

/** A query of one column with these values, in this order. */
function list(warehouse: Warehouse, values: readonly (string | number | bigint | null)[], type: string): string {
  const rows = values.map((value, i) => `SELECT ${i} AS i, CAST(${warehouse.dialect.literal(value)} AS ${type}) AS x`);
  return `SELECT x FROM (${rows.join(' UNION ALL ')}) AS listed ORDER BY i`;
}

const asNumber = { x: 'number' } as const;
const asText = { x: 'text' } as const;

describe.each(KINDS)('a stream of %s', (kind) => {
  test('keeps integers of every size, to the last one that a number holds', () =>
    withWarehouse(kind, async (warehouse) => {
      const values = [0, 1, -1, 2, 127, 128, -128, -129, 255, 256, 32767, -32768, 32768, 8388607, -8388608, 8388608, 2 ** 31 - 1, -(2 ** 31), 2 ** 31,
        2 ** 32, -(2 ** 32), 2 ** 47 - 1, -(2 ** 47), 2 ** 47, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, null];
      const sql = list(warehouse, values, 'BIGINT');
      expect((await readQuery(warehouse, sql, asNumber))['x']).toEqual(values);
      expect((await readQuery(warehouse, sql, asText))['x']).toEqual(values.map((value) => (value === null ? null : String(value))));
    }));

  test('keeps doubles to the bit, and tells a missing value from them', () =>
    withWarehouse(kind, async (warehouse) => {
      const values = [0.1, -0.5, 1, 1e300, 5e-324, 2 ** 53, 2 ** 60, -1e21, 1 / 3, Infinity, -Infinity, null];
      const sql = list(warehouse, values, 'DOUBLE PRECISION');
      expect((await readQuery(warehouse, sql, asNumber))['x']).toEqual(values);
      expect((await readQuery(warehouse, sql, asText))['x']).toEqual(values.map((value) => (value === null ? null : String(value))));
    }));

  test('refuses an integer that a number cannot hold, and gives its digits as text', () =>
    withWarehouse(kind, async (warehouse) => {
      const values = [9007199254740993n, -9007199254740993n, 9223372036854775807n, -9223372036854775808n];
      for (const value of values) {
        const sql = list(warehouse, [1, value], 'BIGINT');
        const error = await errorOf(readQuery(warehouse, sql, asNumber));
        expect([error.code, error.details.found]).toEqual(['value-type', String(value)]);
        expect(error.message).toContain('"x"');
        expect((await readQuery(warehouse, sql, asText))['x']).toEqual(['1', String(value)]);
      }
    }));

  test('refuses text where numbers were asked for, and names the column and the value', () =>
    withWarehouse(kind, async (warehouse) => {
      const sql = list(warehouse, [null, 'n/a'], 'TEXT');
      const error = await errorOf(readQuery(warehouse, sql, asNumber));
      expect([error.code, error.details.found]).toEqual(['value-type', '"n/a"']);
      expect((await readQuery(warehouse, list(warehouse, [null, null], 'TEXT'), asNumber))['x']).toEqual([null, null]);
    }));

  test('keeps text of any length and letters, empty text and missing values apart', () =>
    withWarehouse(kind, async (warehouse) => {
      const lengths = [0, 1, 3, 4, 5, 11, 12, 13, 31, 32, 33, 63, 100, 5000, 33_000, 70_000];
      const values = [...lengths.map((length) => 'ü'.repeat(length)), ...lengths.map((length) => 'a'.repeat(length)), 'ab', 'ab\0', 'ab\0\0', '日本', '\u{1F600}', null, ''];
      await warehouse.load('t', { i: 'integer', x: 'text' }, each(batchOf({ i: values.map((_, i) => i), x: values })));
      const sql = 'SELECT x FROM t ORDER BY i';
      expect((await readQuery(warehouse, sql, asText))['x']).toEqual(values);
      const twice = await readAll(warehouse.stream(`SELECT x FROM (SELECT 0 AS part, * FROM t UNION ALL SELECT 1, * FROM t) AS u ORDER BY part, i`, { columns: asText, batchRows: 7 }));
      expect(twice.columns['x']).toEqual([...values, ...values]);
    }));

  test('gives batches of one shape, each as large as was asked for but the last', () =>
    withWarehouse(kind, async (warehouse) => {
      const ids = Array.from({ length: 50_000 }, (_, i) => i);
      await warehouse.load('t', { id: 'integer', name: 'text', gap: 'number' }, each(batchOf({ id: ids, name: ids.map((i) => `n${i % 97}`), gap: ids.map((i) => (i % 5 === 0 ? null : i / 4)) })));
      const columns: Record<string, Storage> = { gap: 'number', name: 'text', id: 'number' };
      const sql = 'SELECT gap, name, id FROM t ORDER BY id';
      for (const [batchRows, sizes] of [[undefined, [16_384, 16_384, 16_384, 848]], [25_000, [25_000, 25_000]], [30_000, [30_000, 20_000]]] as const) {
        const read = await readAll(warehouse.stream(sql, batchRows === undefined ? { columns } : { columns, batchRows }));
        expect(read.sizes).toEqual(sizes);
        expect(Object.keys(read.columns)).toEqual(['gap', 'name', 'id']);
        expect(read.columns['id']).toEqual(ids);
        expect(read.columns['gap']).toEqual(ids.map((i) => (i % 5 === 0 ? null : i / 4)));
        expect(read.columns['name']).toEqual(ids.map((i) => `n${i % 97}`));
      }
    }));

  test('of no rows gives no batch', () =>
    withWarehouse(kind, async (warehouse) => {
      expect(await readAll(warehouse.stream('SELECT 1 AS x WHERE 1 = 0', { columns: asNumber }))).toEqual({ columns: {}, sizes: [] });
    }));

  test('has to be told of each column and of no other', () =>
    withWarehouse(kind, async (warehouse) => {
      const error = await errorOf(readAll(warehouse.stream('SELECT 1 AS x, 2 AS y', { columns: { x: 'number', z: 'text' } })));
      expect([error.code, error.details.found]).toEqual(['stream-columns', 'not said: y; not in the query: z']);
    }));

  test('says what is wrong with its query, also where only running it shows', () =>
    withWarehouse(kind, async (warehouse) => {
      expect((await errorOf(readAll(warehouse.stream('SELECT FROM', { columns: {} })))).code).toBe('sql-invalid');
      expect((await errorOf(readAll(warehouse.stream('DROP TABLE t', { columns: {} })))).code).toBe('sql-writes');
      const overflow = await errorOf(readAll(warehouse.stream('SELECT abs(x) AS x FROM (SELECT CAST(-9223372036854775807 - 1 AS BIGINT) AS x) AS t', { columns: asNumber })));
      expect([overflow.code, overflow.details.found]).toEqual(['sql-invalid', expect.stringMatching(/overflow/i)]);
    }));

  test('may be left before its end, and leaves nothing behind', () =>
    withWarehouse(kind, async (warehouse, folder) => {
      await warehouse.load('t', { id: 'integer' }, each(batchOf({ id: Array.from({ length: 100_000 }, (_, i) => i) })));
      for await (const batch of warehouse.stream('SELECT id FROM t', { columns: { id: 'number' }, batchRows: 10 })) {
        expect(batch.rows).toBe(10);
        break;
      }
      expect(readdirSync(folder).filter((name) => name.includes('stream'))).toEqual([]);
      await warehouse.drop('t');
    }));

  test('may run beside others, of views and tables alike', () =>
    withWarehouse(kind, async (warehouse) => {
      const ids = Array.from({ length: 40_000 }, (_, i) => i);
      await warehouse.load('t', { id: 'integer' }, each(batchOf({ id: ids })));
      await warehouse.define('even', 'SELECT id FROM t WHERE id % 2 = 0');
      const options = { columns: { id: 'number' }, batchRows: 1000 } as const;
      const streams = ['SELECT id FROM t ORDER BY id', 'SELECT id FROM even ORDER BY id DESC'].map((sql) => warehouse.stream(sql, options)[Symbol.asyncIterator]());
      const sums = [0, 0];
      for (let open = true; open; ) {
        open = false;
        for (const [i, stream] of streams.entries()) {
          const step = await stream.next();
          if (step.done === true) continue;
          open = true;
          const column = step.value.columns.get('id');
          if (column?.storage === 'number') sums[i]! += column.values.reduce((sum, value) => sum + value, 0);
          await warehouse.rows('SELECT count(*) AS n FROM even');
        }
      }
      expect(sums).toEqual([799_980_000, 399_980_000]);
    }));

  test('gives the same rows each time', () =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.load('t', { id: 'integer', x: 'text' }, each(batchOf({ id: [3, 1, 2], x: ['c', 'a', 'b'] })));
      const read = () => readQuery(warehouse, 'SELECT * FROM t ORDER BY id', { id: 'number', x: 'text' });
      expect(await read()).toEqual({ id: [1, 2, 3], x: ['a', 'b', 'c'] });
      expect(await read()).toEqual(await read());
    }));
});
