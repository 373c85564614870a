import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { compareRuns } from '../../../src/pipeline/comparison/compare.ts';
import { keptFolder } from '../../../src/pipeline/kept-batches.ts';
import type { Paired } from '../../../src/report/comparison.ts';
import { KINDS, type Kind, errorOf } from '../../contract/warehouses.ts';
import { type Made, keepTest, makeProject, record } from './made-runs.ts';

const [FIRST, SECOND] = ['2001-06-27-aaaa1111', '2001-06-28-bbbb2222'];
const TYPES = { customer: 'integer', day: 'date', left_us: 'integer', predicted: 'number' } as const;

let made: Made;

beforeEach(() => {
  made = makeProject();
  record(made, FIRST);
  record(made, SECOND);
});

afterEach(() => made.close());

interface Rows {
  readonly from: number;
  readonly labels: readonly number[];
  readonly predicted: readonly number[];
  readonly kind?: Kind;
}

function keep(runId: string, { from, labels, predicted, kind = 'sqlite' }: Rows): Promise<void> {
  const customer = labels.map((_, i) => from + i);
  return keepTest(made, runId, { kind, types: TYPES, columns: { customer, day: customer.map(() => '2001-06-20'), left_us: labels, predicted } });
}

async function paired(metrics: readonly string[] = ['auc']) {
  return (await compareRuns(made, { runIds: [FIRST, SECOND], metrics })).paired;
}

const LABELS = [0, 0, 1, 0, 1, 0, 1, 0];

test.each(KINDS)('two runs whose test batches differ are compared on the rows that both have, by what each predicted then (%s beside sqlite)', async (kind) => {
  // Customers 1 to 10, and 3 to 12: the first model ranks every pair of the shared ones right, the second every pair wrong; beside them it is the other way round.
  const odd = (from: number): readonly number[] => Array.from({ length: 10 }, (_, i) => (from + i) % 2);
  await keep(FIRST, { from: 1, labels: odd(1), predicted: [0, 1, ...odd(3).slice(0, 8)] });
  await keep(SECOND, { from: 3, labels: odd(3), predicted: [...odd(4).slice(0, 8), 1, 0], kind });
  expect(await paired()).toMatchObject({ rows: 8, onlyFirst: 2, onlySecond: 2, resamples: 200, level: 0.95, metrics: [{ name: 'auc', first: 1, second: 0, difference: -1, low: -1, high: -1 }] });
});

test('a run compared with one that predicts the same differs by exactly nothing', async () => {
  const rows = { from: 1, labels: LABELS, predicted: [0.1, 0.4, 0.3, 0.2, 0.9, 0.5, 0.6, 0.7] };
  await keep(FIRST, rows);
  await keep(SECOND, rows);
  expect(((await paired(['auc', 'log_loss'])) as Paired).metrics).toMatchObject([{ difference: 0, low: 0, high: 0 }, { difference: 0, low: 0, high: 0 }]);
});

test('without a shared row, or with a batch that is no longer kept, the reason is told', async () => {
  await keep(FIRST, { from: 1, labels: [0, 1], predicted: [0, 1] });
  await keep(SECOND, { from: 3, labels: [0, 1, 1], predicted: [0, 1, 1] });
  expect(await paired()).toEqual({ why: 'their test batches, of 2 and 3 rows, share no row' });
  rmSync(keptFolder(made.places, SECOND), { recursive: true });
  expect(await paired()).toEqual({ why: `no test batch is kept, or no longer, of ${SECOND}` });
});

test('another label under the same name is not compared, and a few corrected ones are left out', async () => {
  const labels = Array.from({ length: 300 }, (_, i) => i % 3 === 0 ? 1 : 0);
  const predicted = labels.map((label, i) => (label + (i % 7) / 7) / 2);
  await keep(FIRST, { from: 1, labels, predicted });
  await keep(SECOND, { from: 1, labels: labels.map((label) => 1 - label), predicted });
  expect(await paired()).toEqual({ why: 'they learn another label: it differs on 300 of 300 shared rows' });
  await keep(SECOND, { from: 1, labels: labels.map((label, i) => (i < 2 ? 1 - label : label)), predicted });
  expect(await paired()).toMatchObject({ rows: 298, notes: expect.arrayContaining([expect.stringContaining('2 shared rows are left out')]) });
});

test('rows that are named by other columns are not compared', async () => {
  record(made, '2001-06-29-cccc3333', { set: ['key=day'] });
  expect((await compareRuns(made, { runIds: [FIRST, '2001-06-29-cccc3333'], metrics: [] })).paired).toEqual({ why: 'their rows are named by other columns: customer and day' });
});

test('classes are compared by their own columns, and other classes are not', async () => {
  const set = ['task=multiclass'];
  const runs = ['2001-06-25-dddd4444', '2001-06-26-eeee5555', '2001-06-26-ffff6666'] as const;
  for (const runId of runs) record(made, runId, { set });
  const types = { customer: 'integer', day: 'date', left_us: 'text', predicted_a: 'number', predicted_b: 'number' } as const;
  const rows = { customer: [1, 2], day: ['2001-06-20', '2001-06-20'], left_us: ['a', 'b'] };
  await keepTest(made, runs[0], { types, columns: { ...rows, predicted_a: [0.9, 0.2], predicted_b: [0.1, 0.8] } });
  await keepTest(made, runs[1], { types, columns: { ...rows, predicted_a: [0.9, 0.6], predicted_b: [0.1, 0.4] } });
  const { predicted_b: _b, ...others } = types;
  await keepTest(made, runs[2], { types: { ...others, predicted_c: 'number' }, columns: { ...rows, predicted_a: [0.9, 0.6], predicted_c: [0.1, 0.4] } });
  expect((await compareRuns(made, { runIds: runs.slice(0, 2), metrics: ['accuracy'] })).paired).toMatchObject({ rows: 2, metrics: [{ name: 'accuracy', first: 1, second: 0.5, difference: -0.5 }] });
  expect((await compareRuns(made, { runIds: [runs[0], runs[2]], metrics: ['accuracy'] })).paired).toEqual({ why: 'they know other classes: a, b and a, c' });
});

test('runs of other tasks or targets are an error with exit code 2, and so is a metric that the task lacks', async () => {
  record(made, '2001-06-29-cccc3333', { set: ['task=regression'] });
  record(made, '2001-06-29-dddd4444', { set: ['label.column=came_back'] });
  for (const other of ['2001-06-29-cccc3333', '2001-06-29-dddd4444']) expect((await errorOf(compareRuns(made, { runIds: [FIRST, other], metrics: [] }))).details).toMatchObject({ code: 'runs-incomparable', exitCode: 2, found: expect.stringContaining(other) });
  expect((await errorOf(compareRuns(made, { runIds: [FIRST, SECOND], metrics: ['rmse'] }))).details).toMatchObject({ code: 'config-invalid', exitCode: 2 });
});
