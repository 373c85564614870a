import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Registry } from '../../src/registry/registry.ts';
import type { MetricRecord } from '../../src/registry/records.ts';
import { temporaryFolder } from '../support/job.ts';

let folder: string;
let registry: Registry;

beforeEach(() => {
  folder = temporaryFolder('run-reader');
  let now = Date.parse('2001-07-01T00:00:00Z');
  registry = Registry.open(join(folder, 'runs.db'), () => new Date((now += 1000)));
});

afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

const [A, B] = ['2001-06-27-aaaa1111', '2001-06-28-bbbb2222'];

function begin(runId: string, mode = 'night', inputs: object = {}) {
  return registry.begin({ runId, asOf: runId.slice(0, 10), warehouse: 'sqlite', inputs }, mode, null);
}

function metric(name: string, value: number, more: Partial<MetricRecord> = {}): MetricRecord {
  return { model: 'candidate', batch: 'test', slice: 'all', metric: name, value, ...more };
}

test('a night that was tried again, or a step of it, is still listed as the night', () => {
  registry.end(begin(A), { status: 'done', exitCode: 0, message: null });
  registry.end(begin(A, 'try'), { status: 'tried', exitCode: 0, message: null });
  begin(A, 'step 03-train');
  expect(registry.runs.list({ modes: ['night'] })).toMatchObject([{ runId: A, attempt: 1, mode: 'night', status: 'done' }]);
  expect(registry.runs.detail(A)).toMatchObject({ attempt: 1, status: 'done' });
});

test('metrics of many runs are of their own model on the whole test batch, of the last attempt that has any', () => {
  registry.recordMetrics(begin(A), [metric('auc', 0.5)]);
  registry.recordMetrics(begin(A), [metric('auc', 0.6, { low: 0.5, high: 0.7 }), metric('ece', 0.1), metric('auc', 0.9, { slice: 'place=x' }), metric('auc', 0.4, { model: 'baseline' })]);
  begin(A);
  registry.recordMetrics(begin(B), [metric('auc', 0.8)]);
  expect(registry.runs.many.measured([A, B, 'unknown'], ['auc'])).toEqual([
    { runId: A, metric: 'auc', value: 0.6, low: 0.5, high: 0.7 },
    { runId: B, metric: 'auc', value: 0.8, low: null, high: null },
  ]);
  expect(registry.runs.many.measured([A]).map(({ metric }) => metric)).toEqual(['auc', 'ece']);
});

test('what many runs are about comes from their configuration, and a run without one has none', () => {
  begin(A, 'night', { config: { task: 'binary', model: { family: 'gbdt' }, metrics: { primary: 'ece' } } });
  begin(B);
  expect([...registry.runs.many.purposes([A, B])]).toEqual([[A, { task: 'binary', family: 'gbdt', primary: 'ece' }]]);
});

test('lines come in the order asked for, each once', () => {
  begin(A);
  begin(B);
  expect(registry.runs.lines([B, A, 'unknown']).map(({ runId }) => runId)).toEqual([B, A]);
});

test('the count is that of the list without a limit', () => {
  begin(A);
  begin(B, 'try');
  for (const filter of [{}, { modes: ['night'] }, { from: '2001-06-28' }, { to: '2001-06-27' }]) expect(registry.runs.count(filter)).toBe(registry.runs.list(filter).length);
});
