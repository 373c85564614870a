import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openWarehouse } from '../../../src/warehouse/open.ts';
import { errorOf, withWarehouse } from '../../contract/warehouses.ts';

test('sums are kept as integers of 64 bits, which are read many times faster than the engine’s own of 128', async () => {
  await withWarehouse('duckdb', async (warehouse) => {
    const sql = 'SELECT k, sum(n) AS "all", count(*) AS rows FROM (SELECT 1 AS k, 5 AS n UNION ALL SELECT 1, 9007199254740993) AS t GROUP BY k -- summed';
    expect(await warehouse.make('sums', sql, 'sums.sql')).toBe(1);
    expect(await warehouse.columns('SELECT * FROM sums', 'sums')).toEqual([{ name: 'k', type: 'INTEGER' }, { name: 'all', type: 'BIGINT' }, { name: 'rows', type: 'BIGINT' }]);
    expect(await warehouse.rows('SELECT "all" FROM sums')).toEqual([{ all: 9_007_199_254_740_998n }]);
  });
});

test('a sum that does not fit names its script, and keeps the table of before', async () => {
  await withWarehouse('duckdb', async (warehouse) => {
    await warehouse.make('sums', 'SELECT 1 AS total', 'sums.sql');
    const error = await errorOf(warehouse.make('sums', 'SELECT sum(n) AS total\nFROM (SELECT 9223372036854775807 AS n UNION ALL SELECT 9223372036854775807) AS t', 'sums.sql'));
    expect(error.details).toMatchObject({ where: expect.stringContaining('sums.sql') });
    expect(await warehouse.rows('SELECT total FROM sums')).toEqual([{ total: 1 }]);
  });
});

test('a query that needs more than the little memory of a passing warehouse gets more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
  const warehouse = await openWarehouse({ kind: 'duckdb', file: join(folder, 'passing.duckdb'), isPassing: true });
  try {
    const [before] = await warehouse.rows("SELECT current_setting('memory_limit') AS memory");
    expect(await warehouse.make('large', 'SELECT len(list(range)) AS n FROM range(25000000)', 'large.sql')).toBe(1);
    expect(await warehouse.rows('SELECT n FROM large')).toEqual([{ n: 25_000_000 }]);
    expect(await warehouse.rows("SELECT current_setting('memory_limit') AS memory")).not.toEqual([before]);
  } finally {
    await warehouse.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
