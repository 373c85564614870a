import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import type { Outcome } from '../../src/registry/outcomes.ts';
import type { Attempt } from '../../src/registry/records.ts';
import { Registry } from '../../src/registry/registry.ts';
import { migrationsFrom } from '../../src/registry/schema.ts';
import { temporaryFolder } from '../support/job.ts';

let folder: string;
let registry: Registry;

beforeEach(() => {
  folder = temporaryFolder('registry');
  registry = Registry.open(join(folder, 'data/runs.db'), () => new Date('2001-06-10T02:00:00Z'));
});

afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function begin(runId: string, mode = 'night'): Attempt {
  return registry.begin({ runId, asOf: runId.slice(0, 10), warehouse: 'sqlite', inputs: { seed: 1 } }, mode, null);
}

function publish(asOf: string, { run = `${asOf}-a`, model = run }: { run?: string; model?: string } = {}): void {
  registry.recordPublished({ asOf, warehouse: 'sqlite', runId: run, modelRun: model, rows: 10, scoresHash: 'h', meanScore: 0.2 });
}

test('the same run again is one more attempt at it', () => {
  expect([begin('2001-06-10-a'), begin('2001-06-10-a'), begin('2001-06-11-b')].map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
});

test('the champion of a date is the model last published before it, whatever was published since', () => {
  publish('2001-06-10');
  publish('2001-06-12');
  // A backfilled night stands at its own date and displaces nobody after it.
  publish('2001-06-11');
  expect(['2001-06-10', '2001-06-11', '2001-06-12', '2001-06-13'].map((asOf) => registry.champions.championFor(asOf)?.modelRun ?? null)).toEqual([null, '2001-06-10-a', '2001-06-11-a', '2001-06-12-a']);
});

test('a night that the champion scored makes no champion', () => {
  publish('2001-06-10');
  publish('2001-06-11', { run: '2001-06-11-b', model: '2001-06-10-a' });
  expect(registry.champions.championFor('2001-06-12')?.modelRun).toBe('2001-06-10-a');
});

test('recording what is recorded changes nothing, and a night published anew is one more record', () => {
  const recorded = () => {
    const database = new Database(join(folder, 'data/runs.db'), { readonly: true });
    const runs = database.prepare('SELECT run_id FROM published ORDER BY sequence').pluck().all();
    database.close();
    return runs;
  };
  publish('2001-06-10');
  publish('2001-06-10');
  expect(recorded()).toEqual(['2001-06-10-a']);
  publish('2001-06-10', { run: '2001-06-10-c' });
  expect(recorded()).toEqual(['2001-06-10-a', '2001-06-10-c']);
  expect(registry.isRecorded({ asOf: '2001-06-10', warehouse: 'sqlite', runId: '2001-06-10-a' })).toBe(false);
});

test('metrics come back from the last attempt that has any, undefined ones as null', () => {
  const first = begin('2001-06-10-a');
  registry.recordMetrics(first, [{ model: 'candidate', batch: 'test', slice: 'all', metric: 'auc', value: 0.6 }]);
  const second = begin('2001-06-10-a');
  registry.recordMetrics(second, [
    { model: 'candidate', batch: 'test', slice: 'all', metric: 'auc', value: null },
    { model: 'candidate', batch: 'test', slice: 'weekday=1', metric: 'auc', value: 0.9 },
    { model: 'linear', batch: 'test', slice: 'all', metric: 'auc', value: 0.7 },
  ]);
  begin('2001-06-10-a');
  expect([...registry.metricsOf('2001-06-10-a', { batch: 'test', model: 'candidate' })]).toEqual([['auc', null]]);
});

test('two processes at once write without harm', () => {
  const other = Registry.open(join(folder, 'data/runs.db'));
  const attempt = begin('2001-06-10-a');
  other.recordTests(attempt, [{ test: 'a.sql', severity: 'error', outcome: 'passed', message: null }]);
  registry.end(attempt, { status: 'done', exitCode: 0, message: null });
  other.close();
  const database = new Database(join(folder, 'data/runs.db'), { readonly: true });
  expect(database.prepare('SELECT count(*) AS n FROM tests').get()).toEqual({ n: 1 });
  database.close();
});

test('nothing that was recorded is ever changed: the end of an attempt is a row beside its beginning', () => {
  const attempt = begin('2001-06-10-a');
  registry.end(attempt, { status: 'done', exitCode: 0, message: null });
  expect(() => registry.end(attempt, { status: 'failed', exitCode: 1, message: null })).toThrow(/UNIQUE/);
});

test('a record of the first version is brought forward with all that is in it', () => {
  const old = join(folder, 'old.db');
  const database = new Database(old);
  database.exec(migrationsFrom(0)[0]!);
  database.exec("INSERT INTO runs VALUES ('2001-06-10-a', '2001-06-10', 'sqlite', '{}', 'then'); INSERT INTO attempts VALUES ('2001-06-10-a', 1, 'night', 'then', NULL); INSERT INTO champions VALUES (1, '2001-06-10', '2001-06-10-a', 'published', 'held', 'then')");
  database.pragma('user_version = 1');
  database.close();
  const forward = Registry.open(old);
  expect(forward.runs.detail('2001-06-10-a')).toMatchObject({ status: 'killed', environment: null, gates: [], unfinishedStep: null });
  expect(forward.champions.events()).toMatchObject([{ modelRun: '2001-06-10-a', byWhom: 'the night', until: null }]);
  forward.close();
});

test('a record of the third version is brought forward, and takes outcomes', () => {
  const old = join(folder, 'third.db');
  const database = new Database(old);
  for (const statements of migrationsFrom(0).slice(0, 3)) database.exec(statements);
  database.exec("INSERT INTO runs VALUES ('2001-06-10-a', '2001-06-10', 'sqlite', '{}', 'then'); INSERT INTO noise VALUES (1, '2001-06-10-a', '2001-06-10', 'auc', 5, 0.01, 'then')");
  database.pragma('user_version = 3');
  database.close();
  const forward = Registry.open(old);
  expect(forward.noiseFor('2001-06-10').get('auc')).toBe(0.01);
  expect(forward.outcomes.nightsOfModel('2001-06-10-a')).toEqual([]);
  expect(forward.outcomes.record('sqlite', [outcome()])).toHaveLength(1);
  forward.close();
});

function outcome(more: Partial<Outcome> = {}): Outcome {
  return { kind: 'night', name: '2001-06-10', knownAsOf: '2001-06-12', fromAsOf: '2001-06-10', asOf: '2001-06-10', nights: 1, runId: '2001-06-10-a', modelRun: '2001-06-10-a', rows: 10, labelled: 9, metric: 'auc', verdict: 'unclear', reason: 'one night alone', content: 'x', metrics: [{ metric: 'auc', value: 0.6, low: 0.5, high: 0.7, promised: 0.65, promisedLow: null, promisedHigh: null }], ...more };
}

test('an outcome is recorded once, and once more when its rows or labels have changed; the latest known is the one that counts', () => {
  const record = (one: Outcome): number => registry.outcomes.record('sqlite', [one]).length;
  expect([record(outcome()), record(outcome()), record(outcome({ knownAsOf: '2001-06-13' }))]).toEqual([1, 0, 0]);
  expect(record(outcome({ knownAsOf: '2001-06-13', labelled: 10, content: 'y' }))).toBe(1);
  // What was known earlier stays answerable, and changes nothing of what is known now.
  expect(record(outcome({ knownAsOf: '2001-06-11', labelled: 3, content: 'z' }))).toBe(1);
  expect(registry.outcomes.knownBy('sqlite', outcome({ knownAsOf: '2001-06-11' }))?.labelled).toBe(3);
  expect(registry.outcomes.nightsOfModel('2001-06-10-a')).toMatchObject([{ labelled: 10, metrics: [{ metric: 'auc', promised: 0.65 }] }]);
  expect(registry.outcomes.ofRuns().get('2001-06-10-a')?.labelled).toBe(10);
  expect(registry.outcomes.knownBy('duckdb', outcome())).toBeUndefined();
});

test('a run that was killed in a step says which one', () => {
  const attempt = begin('2001-06-10-a');
  registry.beginStep(attempt, '01-extract');
  registry.recordStep(attempt, { step: '01-extract', status: 'done', startedAt: new Date(0), seconds: 1, cpuSeconds: 1, peakMb: 1, rows: 1 });
  registry.beginStep(attempt, '02-split');
  expect(registry.runs.detail('2001-06-10-a')).toMatchObject({ status: 'killed', unfinishedStep: '02-split' });
  registry.end(attempt, { status: 'failed', exitCode: 130, message: null });
  expect(registry.runs.line('2001-06-10-a')?.status).toBe('interrupted');
});

test('the spread over seeds is that of the last run measured up to a date', () => {
  registry.recordNoise({ runId: 'a', asOf: '2001-06-10' }, [{ metric: 'auc', seeds: 5, deviation: 0.01 }, { metric: 'brier', seeds: 5, deviation: 0.002 }]);
  registry.recordNoise({ runId: 'b', asOf: '2001-06-12' }, [{ metric: 'auc', seeds: 5, deviation: 0.03 }]);
  expect(registry.noiseFor('2001-06-11').get('auc')).toBe(0.01);
  expect(Object.fromEntries(registry.noiseFor('2001-06-12'))).toEqual({ auc: 0.03, brier: 0.002 });
  expect(registry.noiseFor('2001-06-09').size).toBe(0);
});

test('a record of a newer version and a corrupt one are named', () => {
  const newer = join(folder, 'newer.db');
  const database = new Database(newer);
  database.pragma('user_version = 99');
  database.close();
  expect(() => Registry.open(newer)).toThrow(expect.objectContaining({ code: 'registry-newer' }));
  const corrupt = join(folder, 'corrupt.db');
  writeFileSync(corrupt, 'no database at all, but long enough to be taken for one'.repeat(100));
  expect(() => Registry.open(corrupt)).toThrow(expect.objectContaining({ code: 'registry-corrupt' }));
});
