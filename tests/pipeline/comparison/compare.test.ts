import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { compareRuns } from '../../../src/pipeline/comparison/compare.ts';
import { listRuns } from '../../../src/pipeline/comparison/listing.ts';
import { takeLock } from '../../../src/pipeline/lock.ts';
import { Registry } from '../../../src/registry/registry.ts';
import { errorOf } from '../../contract/warehouses.ts';
import { type Made, makeProject, record } from './made-runs.ts';

let made: Made;

beforeEach(() => {
  made = makeProject();
});

afterEach(() => made.close());

const ALL = { metrics: [], sort: 'as-of', all: false, last: 100 } as const;
const [A, B, C] = ['2001-06-26-aaaa1111', '2001-06-27-bbbb2222', '2001-06-28-cccc3333'];

async function listed(request: Partial<Parameters<typeof listRuns>[1]> = {}): Promise<readonly string[]> {
  return (await listRuns(made, { ...ALL, ...request })).runs.map(({ runId, status }) => `${runId.slice(8, 10)} ${status}`);
}

test('what differs is told by kind: keys of the configuration, SQL added, removed and changed, data, seed', async () => {
  record(made, A, { inputs: { sql: { 'a.sql': 'a1', 'b.sql': 'b1', 'c.sql': 'c1' }, data: { customers: 'd1' } } });
  record(made, B, { set: ['seed=7', 'model.family=gbdt', 'features.number=[x2, x3]'], inputs: { sql: { 'a.sql': 'a1', 'b.sql': 'b2', 'd.sql': 'd1' }, data: { customers: 'd2' } } });
  expect((await compareRuns(made, { runIds: [A, B], metrics: [] })).differences).toEqual([
    { kind: 'configuration', name: 'features.number', values: ['2 listed', '+ x3, − x1'] },
    { kind: 'configuration', name: 'model.family', values: ['mlp', 'gbdt'] },
    { kind: 'seed', name: 'seed', values: ['1', '7'] },
    { kind: 'SQL', name: 'b.sql', values: ['b1', 'b2'] },
    { kind: 'SQL', name: 'c.sql', values: ['c1', null] },
    { kind: 'SQL', name: 'd.sql', values: [null, 'd1'] },
    { kind: 'data', name: 'customers', values: ['d1', 'd2'] },
    { kind: 'as-of date', name: 'as_of', values: ['2001-06-26', '2001-06-27'] },
  ]);
});

test('a list in another order is a difference, and a run differs from itself in nothing', async () => {
  record(made, A);
  record(made, B, { set: ['features.number=[x2, x1]'], inputs: { as_of: '2001-06-26' } });
  expect((await compareRuns(made, { runIds: [A, B], metrics: [] })).differences).toEqual([{ kind: 'configuration', name: 'features.number', values: ['2 listed', 'the same in another order'] }]);
  expect((await compareRuns(made, { runIds: [A], metrics: [] })).differences).toEqual([]);
});

test('a run that was killed is compared as far as it came, and says which parts are missing', async () => {
  record(made, A, { metrics: { auc: 0.7, log_loss: 0.5 } });
  record(made, B, { status: null });
  mkdirSync(join(made.places.models, A), { recursive: true });
  const { runs, metrics } = await compareRuns(made, { runIds: [A, B], metrics: [] });
  expect(runs.map(({ status, missing }) => ({ status, missing }))).toEqual([
    { status: 'done', missing: [] },
    { status: 'killed', missing: ['it was killed, in 02-split', 'it has no metrics', 'its model folder is gone, or was never made'] },
  ]);
  expect(metrics.map(({ name, figures }) => [name, ...figures.map((figure) => figure?.value ?? null)])).toEqual([['auc', 0.7, null], ['log_loss', 0.5, null]]);
});

test('a run that never ended is running while the process that began it holds the lock, and killed before and after', async () => {
  record(made, A, { status: null });
  const lock = await takeLock(made.places.data, 'run', 0);
  expect(await listed()).toEqual(['26 killed']);
  // By the clock of the lock; that of the project's record stands in 2001.
  const registry = Registry.open(made.places.registry, () => new Date());
  registry.begin({ runId: B, asOf: '2001-06-27', warehouse: 'sqlite', inputs: {} }, 'night', null);
  registry.close();
  expect(await listed()).toEqual(['27 running', '26 killed']);
  lock.release();
  expect(await listed()).toEqual(['27 killed', '26 killed']);
});

test('runs are sorted by what was asked for, the best first by the metric’s own direction', async () => {
  record(made, A, { metrics: { auc: 0.6, log_loss: 0.3 } });
  record(made, B, { metrics: { auc: 0.8, log_loss: 0.5 } });
  record(made, C, { status: 'failed' });
  expect(await listed()).toEqual(['28 failed', '27 done', '26 done']);
  expect(await listed({ sort: 'auc' })).toEqual(['27 done', '26 done', '28 failed']);
  expect(await listed({ sort: 'log_loss' })).toEqual(['26 done', '27 done', '28 failed']);
  expect(await listed({ sort: 'auc', last: 1 })).toEqual(['27 done']);
});

test('a list can be of some dates and one status, and has tries only where they are asked for', async () => {
  record(made, A);
  record(made, B, { mode: 'try', status: 'tried' });
  record(made, C, { status: 'failed' });
  expect(await listed()).toEqual(['28 failed', '26 done']);
  expect(await listed({ all: true })).toEqual(['28 failed', '27 tried', '26 done']);
  expect(await listed({ all: true, status: 'tried' })).toEqual(['27 tried']);
  expect(await listed({ from: '2001-06-27', to: '2001-06-28' })).toEqual(['28 failed']);
  expect((await listRuns(made, { ...ALL, last: 1 })).total).toBe(2);
});

test('the columns are the primary metric of the runs shown and those asked for, with the marks of champion and published', async () => {
  record(made, A, { metrics: { auc: 0.6, ece: 0.1 }, published: true });
  record(made, B, { metrics: { auc: 0.8 }, published: true });
  const { metrics, runs } = await listRuns(made, { ...ALL, metrics: ['ece'] });
  expect(metrics).toEqual(['auc', 'ece']);
  expect(runs.map(({ metrics: found, published, isChampion, family }) => ({ found, published, isChampion, family }))).toEqual([
    { found: { auc: 0.8 }, published: true, isChampion: true, family: 'mlp' },
    { found: { auc: 0.6, ece: 0.1 }, published: true, isChampion: false, family: 'mlp' },
  ]);
});

test('a metric that no task has is refused with the closest one', async () => {
  expect((await errorOf(listRuns(made, { ...ALL, metrics: ['acu'] }))).details).toMatchObject({ code: 'usage', exitCode: 2, fix: 'did you mean auc?' });
  expect((await errorOf(listRuns(made, { ...ALL, sort: 'startd' }))).details).toMatchObject({ fix: 'did you mean started?' });
});
