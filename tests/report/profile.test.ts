import { expect, test } from '@jest/globals';
import { profileText } from '../../src/report/profile-frame.ts';
import { type ColumnProfile, profileOf } from '../../src/report/profile.ts';
import { Mask } from '../../src/shared/sensitive.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { KINDS, batchOf, each, withWarehouse } from '../contract/warehouses.ts';

const TYPES = { id: 'integer', price: 'number', city: 'text', day: 'date', at: 'timestamp', email: 'text', nothing: 'text' } as const;
const ROWS = batchOf({
  id: [1, 2, 3, 4, 5, 6, 7],
  price: [2.5, null, 10, 2.5, -4, 8, 1],
  city: ['Bern', 'Zug', null, 'Bern', 'Zug', 'Aarau', 'Bern'],
  day: ['2001-06-03', '2001-06-01', '2001-06-02', '2001-06-01', null, '2001-06-05', '2001-06-04'],
  at: ['2001-06-03 10:00:00', '2001-06-01 00:00:00', null, null, null, null, null],
  email: ['a@x.ch', 'b@x.ch', 'a@x.ch', 'c@x.ch', 'd@x.ch', 'a@x.ch', null],
});
const NOTHING = { storage: 'text', codes: new Int32Array(7).fill(-1), dictionary: [] } as const;

async function columnsOf(warehouse: Warehouse, folder: string, from = '"sales"'): Promise<ReadonlyMap<string, ColumnProfile>> {
  await warehouse.load('sales', TYPES, each({ rows: 7, columns: new Map([...ROWS.columns, ['nothing', NOTHING]]) }));
  const { columns } = await profileOf(warehouse, { from, where: 'sales', mask: new Mask(['Email'], folder) });
  return new Map(columns.map((column) => [column.name, column]));
}

test.each(KINDS)('numbers have mean, standard deviation and quantiles between neighbours, as pandas has them (%s)', async (kind) => {
  await withWarehouse(kind, async (warehouse, folder) => {
    const price = (await columnsOf(warehouse, folder)).get('price');
    // pandas: Series([2.5, 10, 2.5, -4, 8, 1]).describe()
    expect(price).toMatchObject({ type: 'number', rows: 7, missing: 1, distinct: 5, min: -4, p25: 1.375, median: 2.5, p75: 6.625, max: 10 });
    expect(price?.mean).toBeCloseTo(3.333333, 6);
    expect(price?.sd).toBeCloseTo(5.036533, 6);
    expect(price?.top).toEqual([2.5, -4, 1, 8, 10].map((value) => ({ value, rows: value === 2.5 ? 2 : 1 })));
  });
});

test.each(KINDS)('text has its extremes and its most frequent values, dates are told by their form (%s)', async (kind) => {
  await withWarehouse(kind, async (warehouse, folder) => {
    const columns = await columnsOf(warehouse, folder);
    expect(columns.get('city')).toMatchObject({ type: 'text', missing: 1, distinct: 3, mean: null, median: null, min: 'Aarau', max: 'Zug', top: [{ value: 'Bern', rows: 3 }, { value: 'Zug', rows: 2 }, { value: 'Aarau', rows: 1 }] });
    expect(columns.get('day')).toMatchObject({ type: 'date', missing: 1, distinct: 5, min: '2001-06-01', max: '2001-06-05' });
    expect(columns.get('at')).toMatchObject({ type: 'timestamp', distinct: 2, max: '2001-06-03 10:00:00', top: [] });
    expect(columns.get('nothing')).toMatchObject({ type: 'text', missing: 7, distinct: 0, min: null, max: null, top: [] });
    expect(columns.get('id')).toMatchObject({ type: 'integer', distinct: 7, median: 4, p25: 2.5, top: [] });
  });
});

test.each(KINDS)('of a sensitive column nothing shows but counts and hashes (%s)', async (kind) => {
  await withWarehouse(kind, async (warehouse, folder) => {
    const columns = await columnsOf(warehouse, folder);
    const email = columns.get('email');
    expect(email).toMatchObject({ missing: 1, distinct: 4, min: null, max: null, sensitive: true });
    expect(email?.top.map(({ rows }) => rows)).toEqual([3, 1, 1, 1]);
    for (const { value } of email?.top ?? []) expect(value).toMatch(/^#[0-9a-f]{12}$/);
    const text = await profileText({ rows: 7, columns: [...columns.values()] });
    expect(text).not.toContain('@x.ch');
  });
});

test.each(KINDS)('a query is described as a table is, also with columns that have no type of their own (%s)', async (kind) => {
  await withWarehouse(kind, async (warehouse, folder) => {
    const from = '(SELECT city, count(*) AS sales, max(price) > 5 AS dear, max(CASE WHEN price > 5 THEN price END) AS best FROM sales WHERE city IS NOT NULL GROUP BY city -- by city\n) AS asked';
    const columns = await columnsOf(warehouse, folder, from);
    expect(columns.get('sales')).toMatchObject({ type: 'integer', rows: 3, mean: 2, median: 2, min: 1, max: 3 });
    expect(columns.get('dear')).toMatchObject({ rows: 3, missing: 0, distinct: 2, min: 0, max: 1 });
    expect(columns.get('best')).toMatchObject({ type: 'number', missing: 2, distinct: 1, min: 8, sd: null });
  });
});

test.each(KINDS)('a table without rows has nothing in its columns (%s)', async (kind) => {
  await withWarehouse(kind, async (warehouse, folder) => {
    const columns = await columnsOf(warehouse, folder, '(SELECT * FROM sales WHERE id < 0) AS asked');
    expect(columns.get('price')).toMatchObject({ rows: 0, missing: 0, distinct: 0, mean: null, sd: null, min: null, median: null });
    expect(await profileText({ rows: 0, columns: [...columns.values()] })).toContain('all missing');
  });
});

test('infinities and NaN are values like others', async () => {
  await withWarehouse('duckdb', async (warehouse, folder) => {
    const from = "(SELECT unnest([1.0::DOUBLE, 'NaN'::DOUBLE, 'Infinity'::DOUBLE]) AS odd) AS asked";
    const { columns } = await profileOf(warehouse, { from, where: 'asked', mask: new Mask([], folder) });
    expect(columns[0]).toMatchObject({ distinct: 3, min: 1, max: Number.NaN, median: Number.POSITIVE_INFINITY });
    expect(await profileText({ rows: 3, columns })).toContain('Infinity');
  });
});

test('every column of a wide batch stands on a line of its own, with all its figures', async () => {
  const column: ColumnProfile = { name: '', type: 'number', rows: 4, missing: 0, distinct: 2, mean: 1234.5678, sd: 0.123456, min: 0, p25: 0.00001, median: 1.5, p75: 12.345, max: 1_234_567, top: [{ value: 0.1234567, rows: 3 }], sensitive: false };
  const columns = Array.from({ length: 40 }, (_, i) => ({ ...column, name: `column_${i}` }));
  const lines = (await profileText({ rows: 4, columns }, 100)).split('\n');
  expect(lines[0]?.trim().split(/ +/)).toEqual(['type', 'missing', 'distinct', 'mean', 'sd', 'min', 'p25', 'median', 'p75', 'max']);
  expect(lines.filter((line) => line.startsWith('column_'))).toHaveLength(80);
  expect(lines.find((line) => line.startsWith('column_39'))?.split(/ +/)).toEqual(['column_39', 'number', '0', '2', '1,234.6', '0.1235', '0', '1.000e-5', '1.5000', '12.35', '1,234,567']);
  expect(lines.at(-2)).toBe('column_39  0.1235 75%');
});
