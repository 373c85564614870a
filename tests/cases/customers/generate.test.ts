import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { metricsOf } from '../../../src/evaluation/metrics.ts';
import { dayOf } from '../../../src/shared/days.ts';
import { generateCustomers } from './generate.ts';

type Row = Readonly<Record<string, string>>;

let folder = '';
let names: readonly string[] = [];
const tables = new Map<string, readonly Row[]>();
const table = (name: string) => tables.get(name) ?? [];
const snapshots = () => names.filter((name) => name.startsWith('snapshots-')).flatMap(table);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'customers-'));
  await generateCustomers(folder);
  names = (await readdir(join(folder, 'data'))).toSorted();
  for (const name of names) tables.set(name, parse<Row>(await readFile(join(folder, 'data', name)), { columns: true }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('there is a file of customers, one of snapshots for each of 18 months, one of payments and one of tickets', () => {
  expect(names).toHaveLength(21);
  expect(names).toEqual(expect.arrayContaining(['customers.csv', 'payments.csv', 'snapshots-2023-01.csv', 'snapshots-2024-06.csv', 'tickets.csv']));
  expect(table('customers.csv')).toHaveLength(2000);
  for (const name of names.filter((one) => one.startsWith('snapshots-'))) {
    expect(new Set(table(name).map((row) => row['snapshot_date']))).toEqual(new Set([`${name.slice(10, 17)}-01`]));
  }
});

test('the same bytes come every time', async () => {
  const hash = createHash('sha256');
  for (const name of names) hash.update(await readFile(join(folder, 'data', name)));
  expect(hash.digest('hex')).toBe('f2dc45beb709a0163c4ac9c54c86352e8430ed754c2e69031ab7f687b544775e');
});

test('a customer stands in a snapshot once, after joining and not after leaving', () => {
  const joined = new Map(table('customers.csv').map((row) => [row['customer_id'], row['joined_on']!]));
  const seen = new Set<string>();
  const left = new Set<string>();
  const wrong = snapshots().filter(({ customer_id: id = '', snapshot_date: date = '', churned }) => {
    const key = `${id} ${date}`;
    const isWrong = seen.has(key) || left.has(id) || joined.get(id)! >= date;
    seen.add(key);
    if (churned === '1') left.add(id);
    return isWrong;
  });
  expect(wrong).toEqual([]);
});

test('every label is known 30 days after its snapshot, and no outcome stands there that the data could not know', () => {
  const days = new Set(snapshots().map((row) => dayOf(row['churn_known_on']!) - dayOf(row['snapshot_date']!)));
  expect(days).toEqual(new Set([30]));
  const immature = snapshots().filter((row) => row['churn_known_on']! > '2024-06-01');
  expect(new Set(immature.map((row) => row['snapshot_date']))).toEqual(new Set(['2024-06-01']));
  expect(immature.filter((row) => row['churned'] !== '0' || row['retention_calls'] !== '0')).toEqual([]);
});

test('three in a hundred leave, in no year fewer than two or more than four', () => {
  for (const year of ['2023', '2024']) {
    const known = snapshots().filter((row) => row['snapshot_date']!.startsWith(year) && row['churn_known_on']! <= '2024-06-01');
    const share = known.filter((row) => row['churned'] === '1').length / known.length;
    expect(share).toBeGreaterThan(0.02);
    expect(share).toBeLessThan(0.04);
  }
});

test('what is known at the snapshot tells leavers apart to some degree, what is known later nearly gives them away', () => {
  const rows = snapshots().filter((row) => row['churn_known_on']! <= '2024-06-01' && row['usage_hours'] !== '');
  const joined = new Map(table('customers.csv').map((row) => [row['customer_id'], dayOf(row['joined_on']!)]));
  const late = lateDays();
  const auc = (score: (row: Row) => number) => {
    const labels = Float64Array.from(rows, (row) => Number(row['churned']));
    return metricsOf('binary', { labels, predictions: Float64Array.from(rows, (row) => 1 / (1 + Math.exp(-score(row)))) }).get('auc');
  };
  const known = auc((row) => {
    const years = (dayOf(row['snapshot_date']!) - joined.get(row['customer_id'])!) / 365;
    const monthly = row['contract'] === 'monthly' ? 0.8 : 0;
    return 0.08 * (late.get(`${row['customer_id']} ${row['snapshot_date']!.slice(0, 7)}`) ?? 0) + monthly - Math.log(Number(row['usage_hours']) + 1) - 0.5 * Math.log(years + 0.2);
  });
  expect(known).toBeGreaterThan(0.7);
  expect(known).toBeLessThan(0.8);
  expect(auc((row) => Number(row['retention_calls']))).toBeGreaterThan(0.9);
});

/** The share of rows in which a column is empty. */
const empty = (rows: readonly Row[], column: string) => rows.filter((row) => row[column] === '').length / rows.length;

test('some values are missing, some payments still open at a snapshot, and text needs quotes and more than ASCII', () => {
  expect(empty(table('customers.csv'), 'email')).toBeCloseTo(0.02, 2);
  expect(empty(table('customers.csv'), 'birth_year')).toBeCloseTo(0.07, 2);
  expect(empty(snapshots(), 'usage_hours')).toBeCloseTo(0.05, 2);
  expect(empty(table('payments.csv'), 'paid_on')).toBeGreaterThan(0);
  expect(table('payments.csv').some((row) => row['due_on']! < '2024-01-01' && row['paid_on']! > '2024-01-01')).toBe(true);
  expect(table('customers.csv').map((row) => row['city'])).toEqual(expect.arrayContaining(['Zürich', 'Washington, DC', 'Port "Old" Harbour']));
  expect(table('tickets.csv').filter((row) => row['opened_on']! >= '2024-06-01')).toEqual([]);
});

/** How late each customer's payment was that was due in the month before a snapshot; an open one as late as it is then. */
function lateDays(): ReadonlyMap<string, number> {
  const late = new Map<string, number>();
  for (const row of table('payments.csv')) {
    const due = dayOf(row['due_on']!);
    const snapshot = new Date((due + 12) * 86_400_000).toISOString().slice(0, 7);
    const paid = row['paid_on'] === '' ? Number.POSITIVE_INFINITY : dayOf(row['paid_on']!);
    late.set(`${row['customer_id']} ${snapshot}`, Math.min(paid, dayOf(`${snapshot}-01`)) - due);
  }
  return late;
}
