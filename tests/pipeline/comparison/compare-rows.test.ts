import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Contract } from '../../../src/dataset/contract.ts';
import { saveModel } from '../../../src/model/folder.ts';
import { compareRows } from '../../../src/pipeline/comparison/compare-rows.ts';
import { keptFolder } from '../../../src/pipeline/kept-batches.ts';
import { DECISION_FILE } from '../../../src/pipeline/job/model-files.ts';
import { errorOf } from '../../contract/warehouses.ts';
import { batchOf, fit, numbers, text } from '../../model/made.ts';
import { type Made, keepTest, makeProject, record } from './made-runs.ts';

const [UP, DOWN, OTHER] = ['2001-06-27-aaaa1111', '2001-06-28-bbbb2222', '2001-06-29-cccc3333'];
const PLACES = ['Bern', 'Oslo'];
const CONTRACT: Contract = { task: 'binary', label: 'left_us', features: [{ name: 'x1', kind: 'number' }, { name: 'x2', kind: 'number' }, { name: 'place', kind: 'category' }], classes: [] };

let made: Made;

/** x1 decides: for the first model upwards, for the second downwards. */
function rows(count: number, sign: 1 | -1) {
  const x1 = Array.from({ length: count }, (_, i) => ((i * 37) % count) / count - 0.5);
  return batchOf({ x1: numbers(x1), x2: numbers(x1.map((_, i) => i % 5)), place: text(x1.map((_, i) => PLACES[i % 2]!)), left_us: numbers(x1.map((x) => (sign * x > 0 ? 1 : 0))) });
}

async function train(runId: string, { sign, contract = CONTRACT, set = [] }: { sign: 1 | -1; contract?: Contract; set?: readonly string[] }): Promise<void> {
  const model = await fit({ family: 'linear', train: rows(400, sign), validation: rows(100, sign), contract, backend: 'wasm', options: { epochs: 20 } });
  await saveModel(join(made.places.models, runId), model, { [DECISION_FILE]: JSON.stringify({ kind: 'threshold', threshold: 0.5, rule: { threshold: 0.5 } }) });
  model.dispose();
  record(made, runId, { set });
}

beforeAll(async () => {
  made = makeProject();
  await train(UP, { sign: 1 });
  await train(DOWN, { sign: -1, set: ['sensitive=[x2]'] });
  // Four rows: two on each side, the outermost the farthest from 0. The last has a value of x2 as no other.
  const columns = { customer: [1, 2, 3, 4], day: ['2001-06-20', '2001-06-20', '2001-06-21', '2001-06-21'], day_day: [11493, 11493, 11494, 11494], x1: [-0.4, -0.1, 0.1, 0.5], x2: [2, 2, 2.5, 9], place: ['Bern', 'Oslo', 'Bern', null], left_us: [0, 0, 1, 1], predicted: [0, 0, 1, 1] };
  const types = { customer: 'integer', day: 'date', day_day: 'integer', x1: 'number', x2: 'number', place: 'text', left_us: 'integer', predicted: 'number' } as const;
  await keepTest(made, UP, { types, columns });
});

afterAll(() => made.close());

const quiet = (): void => undefined;
const request = { first: UP, second: DOWN, on: UP, progress: quiet };

test('two models on one kept batch: which decisions flip, which rows move most, and what is unusual about them', async () => {
  const { rows: count, flips, change, moved, slices } = await compareRows(made, request);
  expect(count).toBe(4);
  expect(flips).toEqual([{ from: '0', to: '1', rows: 2 }, { from: '1', to: '0', rows: 2 }]);
  expect(moved.map(({ key }) => key.find(({ column }) => column === 'customer')?.value)).toEqual(['4', '1', '3', '2'].toSorted((a, b) => sizeOf(moved, b) - sizeOf(moved, a)));
  expect(moved[0]).toMatchObject({ key: [{ column: 'customer', value: '4' }], classes: ['1', '0'], change: expect.any(Number) });
  expect(change.quantiles[0]?.value).toBe(Math.min(...moved.map((row) => row.change)));
  expect(change.mean).toBeCloseTo(moved.reduce((sum, row) => sum + row.change, 0) / 4, 10);
  expect(slices.map(({ value, rows: of, flips: flipped }) => [value, of, flipped])).toEqual([['missing', 1, 1], ['Bern', 2, 2], ['Oslo', 1, 1]]);
});

function sizeOf(moved: Awaited<ReturnType<typeof compareRows>>['moved'], customer: string): number {
  return Math.abs(moved.find(({ key }) => key[0]?.value === customer)?.change ?? 0);
}

test('a feature that either run calls sensitive shows as a keyed hash, without its distance', async () => {
  const { moved } = await compareRows(made, request);
  const x2 = moved[0]?.features.find(({ feature }) => feature === 'x2');
  expect(x2).toMatchObject({ value: expect.stringMatching(/^#[0-9a-f]{12}$/), median: null, units: null });
  expect(moved[0]?.features.find(({ feature }) => feature === 'x1')).toMatchObject({ value: '0.5', median: 0, units: expect.any(Number) });
});

test('a batch without a feature that a model needs, and one that is not kept, are named', async () => {
  await train(OTHER, { sign: 1, contract: { ...CONTRACT, features: CONTRACT.features.slice(0, 2) } });
  await keepTest(made, OTHER, { types: { customer: 'integer', day: 'date', day_day: 'integer', x1: 'number', x2: 'number', left_us: 'integer' }, columns: { customer: [1], day: ['2001-06-20'], day_day: [11493], x1: [0], x2: [0], left_us: [0] } });
  expect((await errorOf(compareRows(made, { ...request, on: OTHER }))).details).toMatchObject({ code: 'runs-incomparable', found: 'no place', what: expect.stringContaining(UP) });
  rmSync(keptFolder(made.places, OTHER), { recursive: true });
  expect((await errorOf(compareRows(made, { ...request, on: OTHER }))).details).toMatchObject({ code: 'batch-gone', what: expect.stringContaining(OTHER) });
});

test('a model folder that is gone, altered, or not the one on record is named', async () => {
  record(made, '2001-06-30-dddd4444');
  expect((await errorOf(compareRows(made, { ...request, second: '2001-06-30-dddd4444' }))).details).toMatchObject({ code: 'model-missing', what: expect.stringContaining('2001-06-30-dddd4444') });
  record(made, DOWN, { artefacts: [{ path: `models/${DOWN}/manifest.json`, bytes: 1, sha256: 'another' }] });
  expect((await errorOf(compareRows(made, request))).details).toMatchObject({ code: 'model-altered', expected: 'sha256 another' });
  appendFileSync(join(made.places.models, UP, 'weights.bin'), 'x');
  expect((await errorOf(compareRows(made, { ...request, second: OTHER, first: UP }))).details).toMatchObject({ code: 'model-altered', where: join(made.places.models, UP, 'weights.bin') });
});
