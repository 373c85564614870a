import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ColumnBatch } from '../../src/dataset/batch.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { Publication } from '../../src/warehouse/warehouse.ts';
import { KINDS, batchOf, each, errorOf, readAll, withWarehouse } from './warehouses.ts';

async function* failing(batch: ColumnBatch): AsyncGenerator<ColumnBatch> {
  yield batch;
  throw new Error('the source broke');
}

describe.each(KINDS)('writing to %s', (kind) => {
  const types = { id: 'integer', x: 'number', name: 'text', flag: 'boolean', day: 'date', at: 'timestamp' } as const;
  const batch = batchOf({
    id: [1, 2, 3], x: [0.1, null, Infinity], name: ['a', null, ''], flag: [1, 0, null],
    day: ['2001-06-10', null, '1600-02-29'], at: ['2001-06-10 13:45:00.25', '1969-12-31 23:59:59', null],
  });

  test('loads batches of every type and gives them back as they were', () =>
    withWarehouse(kind, async (warehouse) => {
      expect(await warehouse.load('t', types, each(batch, batch))).toBe(6);
      const { columns } = await readAll(warehouse.stream('SELECT * FROM t ORDER BY id', {
        columns: { id: 'number', x: 'number', name: 'text', flag: 'number', day: 'text', at: 'text' },
      }));
      expect(columns).toEqual({
        id: [1, 1, 2, 2, 3, 3], x: [0.1, 0.1, null, null, Infinity, Infinity], name: ['a', 'a', null, null, '', ''], flag: [1, 1, 0, 0, null, null],
        day: ['2001-06-10', '2001-06-10', null, null, '1600-02-29', '1600-02-29'],
        at: ['2001-06-10 13:45:00.25', '2001-06-10 13:45:00.25', '1969-12-31 23:59:59', '1969-12-31 23:59:59', null, null],
      });
    }));

  test('a load that fails leaves the table that was there', () =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.load('t', types, each(batch));
      await expect(warehouse.load('t', types, failing(batch))).rejects.toThrow('the source broke');
      expect((await errorOf(warehouse.load('t', types, each(batchOf({ id: [1] }))))).code).toBe('load-shape');
      expect((await errorOf(warehouse.load('t', { id: 'text' }, each(batchOf({ id: [1] }))))).code).toBe('load-shape');
      expect((await errorOf(warehouse.load('t', { id: 'integer' }, each(batchOf({ id: [1.5] }))))).code).toBe('value-type');
      expect((await errorOf(warehouse.load('t', { day: 'date' }, each(batchOf({ day: ['noon'] }))))).code).toBe('value-type');
      expect(await warehouse.rows('SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }]);
      expect(await warehouse.tables()).toEqual(['t']);
    }));

  test('tables saved to a file of their own are whole there, or not there at all', () =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.load('t', types, each(batch));
      const folder = mkdtempSync(join(tmpdir(), 'nightshift-save-'));
      const file = join(folder, 'kept/batches.db');
      const saved = await warehouse.save(file, { all: 'SELECT * FROM t', one: 'SELECT id, name FROM t WHERE id = 1' });
      expect([saved['all']?.rows, saved['one']?.rows]).toEqual([3, 1]);
      expect((await errorOf(warehouse.save(join(folder, 'kept/bad.db'), { all: 'SELECT * FROM t', bad: 'SELECT nothing FROM t' }))).code).toBe('sql-invalid');
      expect(readdirSync(join(folder, 'kept'))).toEqual(['batches.db']);
      const again = await openWarehouse({ kind, file, readOnly: true });
      expect(await again.rows('SELECT name, count(*) AS n FROM one GROUP BY name')).toEqual([{ name: 'a', n: 1 }]);
      expect(await again.tables()).toEqual(['all', 'one']);
      expect([saved['all']?.fingerprint, saved['one']?.fingerprint]).toEqual([await again.fingerprint('all'), await again.fingerprint('one')]);
      await again.close();
      rmSync(folder, { recursive: true });
    }));

  test('a load may read a stream of the same warehouse', () =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.load('t', { id: 'integer' }, each(batchOf({ id: Array.from({ length: 10_000 }, (_, i) => i) })));
      const stream = () => warehouse.stream('SELECT id FROM t ORDER BY id', { columns: { id: 'number' }, batchRows: 1000 });
      expect(await warehouse.load('u', { id: 'integer' }, stream())).toBe(10_000);
      expect(await warehouse.load('t', { id: 'integer' }, stream())).toBe(10_000);
      expect(await warehouse.rows('SELECT sum(id) AS s FROM t')).toEqual([{ s: 49_995_000 }]);
    }));

  test('a table that is being streamed may be replaced and dropped, and the stream still gives all its rows', () =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.load('t', { id: 'integer' }, each(batchOf({ id: Array.from({ length: 50_000 }, (_, i) => i) })));
      const [one, two] = ['t', 't'].map((table) =>
        warehouse.stream(`SELECT id FROM ${table} ORDER BY id`, { columns: { id: 'number' }, batchRows: 1000 })[Symbol.asyncIterator](),
      );
      let rows = (await one!.next()).value.rows + (await two!.next()).value.rows;
      await warehouse.make('t', 'SELECT 1 AS other', 't.sql');
      await warehouse.drop('t');
      for (const stream of [one!, two!]) for (let step = await stream.next(); step.done !== true; step = await stream.next()) rows += step.value.rows;
      expect(rows).toBe(100_000);
      expect(await warehouse.tables()).toEqual([]);
    }));

  test('fingerprints content whatever its order, and sees any change', () =>
    withWarehouse(kind, async (warehouse) => {
      const print = async (sql: string) => {
        await warehouse.make('t', sql, 't.sql');
        return warehouse.fingerprint('t');
      };
      const base = await print("SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL");
      expect(await print("SELECT 2 AS a, NULL AS b UNION ALL SELECT 1, 'x'")).toBe(base);
      for (const other of [
        "SELECT 1 AS a, 'x' AS c UNION ALL SELECT 2, NULL",
        "SELECT 1 AS a, 'y' AS b UNION ALL SELECT 2, NULL",
        "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, ''",
        "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL UNION ALL SELECT 2, NULL",
        "SELECT 2 AS a, 'x' AS b UNION ALL SELECT 1, NULL",
        "SELECT 1 AS a, 'x' AS b",
      ]) expect(await print(other)).not.toBe(base);
    }));
});

const publication = (asOf: string, run: string, hash: string): Publication => ({
  table: 'scores', staged: 'staged', asOf, recordTable: 'published', record: { as_of: asOf, run_id: run, rows: 2, hash }, currentView: 'scores_current',
});

const stage = (asOf: string, run: string, score: number) =>
  `SELECT 1 AS id, '${asOf}' AS as_of, '${run}' AS run_id, ${score} AS score UNION ALL SELECT 2, '${asOf}', '${run}', ${score}`;

describe.each(KINDS)('publishing in %s', (kind) => {
  test('replaces one night and its record, keeps the others, and shows the latest', () =>
    withWarehouse(kind, async (warehouse) => {
      for (const [asOf, run, score] of [['2001-06-02', 'b', 0.5], ['2001-06-01', 'a', 0.25], ['2001-06-02', 'c', 0.75]] as const) {
        await warehouse.make('staged', stage(asOf, run, score), 'staged.sql');
        await warehouse.publish(publication(asOf, run, `h${run}`));
      }
      expect(await warehouse.tables()).toEqual(['published', 'scores', 'staged']);
      expect(await warehouse.rows('SELECT as_of, run_id, score FROM scores ORDER BY as_of, id')).toEqual([
        { as_of: '2001-06-01', run_id: 'a', score: 0.25 }, { as_of: '2001-06-01', run_id: 'a', score: 0.25 },
        { as_of: '2001-06-02', run_id: 'c', score: 0.75 }, { as_of: '2001-06-02', run_id: 'c', score: 0.75 },
      ]);
      expect(await warehouse.rows('SELECT * FROM published ORDER BY as_of')).toEqual([
        { as_of: '2001-06-01', run_id: 'a', rows: 2, hash: 'ha' }, { as_of: '2001-06-02', run_id: 'c', rows: 2, hash: 'hc' },
      ]);
      expect(await warehouse.rows('SELECT DISTINCT run_id FROM scores_current')).toEqual([{ run_id: 'c' }]);
    }));

  test('of other columns is refused before anything has changed', () =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.make('staged', stage('2001-06-01', 'a', 0.5), 'staged.sql');
      await warehouse.publish(publication('2001-06-01', 'a', 'h'));
      await warehouse.make('staged', "SELECT 1 AS id, '2001-06-01' AS as_of, 'b' AS run_id, 0.1 AS points", 'staged.sql');
      const error = await errorOf(warehouse.publish(publication('2001-06-01', 'b', 'h')));
      expect([error.code, error.details.found]).toEqual(['publish-shape', 'new: points; missing: score']);
      await warehouse.make('staged', stage('2001-06-01', 'b', 0.5), 'staged.sql');
      const record = await errorOf(warehouse.publish({ ...publication('2001-06-01', 'b', 'h'), record: { as_of: '2001-06-01', run_id: 'b' } }));
      expect(record.code).toBe('publish-shape');
      expect(await warehouse.rows('SELECT DISTINCT run_id FROM scores')).toEqual([{ run_id: 'a' }]);
    }));

  test('with dates that are dates joins record and rows', () =>
    withWarehouse(kind, async (warehouse) => {
      await warehouse.load('staged', { id: 'integer', as_of: 'date', run_id: 'text' }, each(batchOf({ id: [1], as_of: ['2001-06-01'], run_id: ['a'] })));
      await warehouse.publish(publication('2001-06-01', 'a', 'h'));
      expect(await warehouse.rows('SELECT * FROM scores_current')).toEqual([{ id: 1, as_of: '2001-06-01', run_id: 'a' }]);
    }));
});
