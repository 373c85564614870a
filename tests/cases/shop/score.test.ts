import { type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { AS_OF, ORDER_TYPES, writeOrders } from '../../../src/bench/orders.ts';
import { makeShop } from '../../../src/bench/shop.ts';
import { readCsv } from '../../../src/dataset/csv-read.ts';
import { openWarehouse } from '../../../src/warehouse/open.ts';
import { writeParquet } from '../../../src/warehouse/parquet-file.ts';
import { type JobResult, ROOT, runJob, runNightJson, temporaryFolder } from '../../support/job.ts';

/** More than one batch of the reader, so that rows cross from one to the next. */
const ROWS = 20_000;
const { returned: _returned, known_on: _knownOn, ...ORDERED } = ORDER_TYPES;
type Row = Readonly<Record<string, string>>;
const rowsIn = (text: string): readonly Row[] => parse(text, { columns: true });

process.env['NIGHTSHIFT_ROOT'] = ROOT;

describe.each(['sqlite', 'duckdb'] as const)('a shop in %s', (warehouse) => {
  let folder: string;
  let night: readonly string[];
  const at = (name: string): string => join(folder, name);
  const score = (words: readonly string[], during?: (child: ChildProcess) => void): Promise<JobResult> => runJob(['score', '--project', folder, '--warehouse', warehouse, '--as-of', AS_OF, ...words], during === undefined ? {} : { during });
  const pairs = (text: string): readonly string[] => rowsIn(text).map((row) => `${row['order_id']} ${row['score']} ${row['class']}`);
  const ofFile = (name: string): readonly string[] => pairs(readFileSync(at(name), 'utf8'));
  const leftBehind = (): readonly string[] => [...readdirSync(folder), ...readdirSync(at('data/work'))].filter((name) => name.includes('.tmp') || name.startsWith('.scratch-'));

  /** Sends SIGTERM as soon as there is something to leave behind. */
  async function stopOnceAtWork(child: ChildProcess): Promise<void> {
    while (leftBehind().length === 0) await sleep(5);
    child.kill('SIGTERM');
  }

  async function ofTable(source: { readonly parquet?: string; readonly table?: string }): Promise<readonly string[]> {
    const engine = source.parquet === undefined ? warehouse : 'duckdb';
    const opened = await openWarehouse({ kind: engine, file: source.parquet === undefined ? at(`data/warehouse.${warehouse === 'sqlite' ? 'db' : 'duckdb'}`) : ':memory:' });
    try {
      const from = source.parquet === undefined ? opened.dialect.identifier(source.table ?? '') : `read_parquet('${at(source.parquet).replaceAll("'", "''")}')`;
      const rows = await opened.rows(`SELECT order_id, score, class, as_of, amount FROM ${from}`);
      expect(rows[0]).toEqual({ order_id: expect.any(Number), score: expect.any(Number), class: expect.any(Number), as_of: AS_OF, amount: expect.any(Number) });
      return rows.map((row) => `${row['order_id']} ${row['score']} ${row['class']}`);
    } finally {
      await opened.close();
    }
  }

  beforeAll(async () => {
    folder = temporaryFolder(`shop ${warehouse}`);
    await makeShop({ folder, warehouse, family: 'linear', fresh: ROWS });
    writeOrders(at('orders.csv'), ROWS);
    const { code, stderr } = await runNightJson(['--project', folder, '--warehouse', warehouse]);
    if (code !== 0) throw new Error(stderr);
    night = ofFile(`data/scores/${AS_OF}.csv`);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('gives the same rows the same scores by the night, by file, by Parquet, by pipe, by query, and to CSV, Parquet and a table', async () => {
    expect(night).toHaveLength(ROWS);
    expect((await score(['--input', at('orders.csv'), '--output', at('file.csv')])).code).toBe(0);
    expect(ofFile('file.csv')).toEqual(night);
    const piped = await score(['--input', '-', '--output', '-', '--columns', 'key'], (child) => child.stdin?.end(readFileSync(at('orders.csv'))));
    expect(pairs(piped.stdout)).toEqual(night);
    const query = await score(['--query', `SELECT * FROM orders WHERE ordered_on = '${AS_OF}'`, '--output', '-']);
    expect(pairs(query.stdout).toSorted()).toEqual(night.toSorted());
    await writeParquet(at('orders.parquet'), ORDERED, readCsv([at('orders.csv')], { delimiter: ',', types: ORDERED }));
    expect((await score(['--input', at('orders.parquet'), '--output', at('scores.parquet')])).code).toBe(0);
    expect(await ofTable({ parquet: 'scores.parquet' })).toEqual(night);
    expect((await score(['--input', at('orders.csv'), '--to-table', 'scored orders'])).code).toBe(0);
    expect(await ofTable({ table: 'scored orders' })).toEqual(night);
    expect(leftBehind()).toEqual([]);
  });

  test('passes cells on as they came, in the order of the rows', async () => {
    const lines = readFileSync(at('orders.csv'), 'utf8').trimEnd().split('\n');
    writeFileSync(at('shuffled.csv'), [`${lines[0]},note`, ...lines.slice(1).reverse().map((line, i) => `${line},${i % 5000 === 0 ? '"a, ""b"""' : i % 5000 === 1 ? '=sum(A1)' : `note ${i}`}`)].join('\n'));
    const { stdout } = await score(['--input', at('shuffled.csv'), '--output', '-']);
    expect(pairs(stdout)).toEqual(night.toReversed());
    const [header, ...rows] = stdout.trimEnd().split('\r\n');
    expect(header).toBe(`${lines[0]},note,score,class,run_id,as_of`);
    expect(rows.slice(0, 3).map((row, i) => row.startsWith(`${lines.at(-1 - i)},${['"a, ""b"""', "'=sum(A1)", 'note 2'][i]},0.`))).toEqual([true, true, true]);
  });

  test('names rows without features in the rejects, as many as are counted', async () => {
    const lines = readFileSync(at('orders.csv'), 'utf8').split('\n').slice(0, 4);
    // The model's own SQL brings the rows of a window of days; a row without a day is in none.
    writeFileSync(at('odd.csv'), [...lines, '9000001,7,,books,12.00,1', '9000002,7,2024-02-30,books,12.00,1', ''].join('\n'));
    const { code, stderr } = await score(['--input', at('odd.csv'), '--output', at('odd-scores.csv'), '--rejects', at('odd-rejects.csv'), '--set', 'score.limits.max_reject_share=0.5']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('Scored 3 of 5 rows')]);
    expect(rowsIn(readFileSync(at('odd-rejects.csv'), 'utf8')).map(({ line, column, value, reason }) => [line, column, value, reason])).toEqual([['6', 'ordered_on', '2024-02-30', 'bad-date'], ['5', 'order_id', '9000001', 'no-features']]);
    expect(ofFile('odd-scores.csv')).toEqual(night.slice(0, 3));
  });

  test('refuses a table that is there, a source, and what a night makes', async () => {
    for (const [table, found] of [['ORDERS', 'a source'], ['scores_current', 'what a night makes'], ['Scored Orders', 'there already']] as const) {
      const { code, stderr } = await score(['--input', at('orders.csv'), '--to-table', table]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(found)]);
    }
    expect((await score(['--input', at('orders.csv'), '--output', at('x.csv'), '--rejects', at('orders.csv')])).code).toBe(2);
  });

  test('ends quietly when nobody reads its output any more', async () => {
    const { code, stderr } = await score(['--input', at('orders.csv'), '--output', '-', '--quiet'], (child) => child.stdout?.once('data', () => child.stdout?.destroy()));
    expect([code, stderr]).toEqual([0, '']);
    expect(leftBehind()).toEqual([]);
  });

  test('leaves nothing when it is told to stop, while it works or while it waits', async () => {
    const working = await score(['--input', at('orders.csv'), '--output', at('stopped.csv')], (child) => void stopOnceAtWork(child));
    const waiting = await score(['--input', '-', '--output', at('stopped.csv'), '--rejects', at('stopped-rejects.csv')], (child) => void child.stdin?.write('order_id,', () => void stopOnceAtWork(child)));
    for (const { code, stderr } of [working, waiting]) expect([code, stderr]).toEqual([143, expect.stringContaining('The scoring was interrupted')]);
    expect([existsSync(at('stopped.csv')), existsSync(at('stopped-rejects.csv')), leftBehind()]).toEqual([false, false, []]);
  });
});
