import { readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MetricRecord } from '../../../src/registry/records.ts';
import { temporaryFolder } from '../../support/job.ts';
import { type Heard, answering } from './answering.ts';
import { CONFIG, CURVE, LONG, type State, exportTo, makeState, night } from './made.ts';
import { type ReadBack, experimentId, readBack } from './read-back.ts';
import { PYTHON, TrackingServer } from './tracking-server.ts';

const MANY: readonly MetricRecord[] = Array.from({ length: 2500 }, (_, i) => ({ model: 'candidate', batch: 'test', slice: `weekday=${i}`, metric: 'auc', value: i / 7 }));
const NIGHTS = ['2001-06-10-aaaa', '2001-06-11-bbbb', '2001-06-12-cccc'];

let folder: string;
let server: TrackingServer;

/** Three nights, the second and third of which published: the third is the champion. */
function stateIn(name: string): State {
  const state = makeState(join(folder, name));
  night(state, NIGHTS[0]!, { config: { ...CONFIG, about: LONG } });
  night(state, NIGHTS[1]!, { publishes: true });
  night(state, NIGHTS[2]!, { metrics: MANY, publishes: true });
  return state;
}

async function versions(model: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { model_versions: found = [] } = await server.api<{ model_versions?: readonly { version: string; run_id: string }[] }>(`model-versions/search?${new URLSearchParams({ filter: `name='${model}'` }).toString()}`);
  const grouped: Record<string, string[]> = {};
  for (const { version, run_id: run } of found) (grouped[run] ??= []).push(version);
  return grouped;
}

async function aliasOf(model: string): Promise<string> {
  return (await server.api<{ model_version: { version: string } }>(`registered-models/alias?name=${model}&alias=champion`)).model_version.version;
}

/** Passes requests on to the real server; `after` is told of each that was answered, before the answer goes back. */
async function between(after: (heard: Heard) => Promise<void>): Promise<Awaited<ReturnType<typeof answering>>> {
  return answering((heard, response) => {
    const { method, url, headers, body } = heard;
    const { port } = new URL(server.url);
    const onward = request({ host: '127.0.0.1', port, method, path: url, headers: { ...headers, host: `127.0.0.1:${port}` } }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => void after(heard).then(() => response.writeHead(answer.statusCode ?? 500, { 'content-type': answer.headers['content-type'] ?? 'text/plain' }).end(Buffer.concat(pieces)), () => response.destroy()));
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  });
}

/** How many metrics a request logs; of one run, where it is said. */
function loggedIn({ url, body }: Heard, run?: string): number {
  if (!url.endsWith('log-batch')) return 0;
  const { run_id: of, metrics } = JSON.parse(body.toString()) as { run_id: string; metrics: readonly unknown[] };
  return run === undefined || run === of ? metrics.length : 0;
}

function totalOf(heard: readonly Heard[], run: string): number {
  return heard.map((one) => loggedIn(one, run)).reduce((a, b) => a + b, 0);
}

/** What two exports of the same runs have in common, whatever ids were drawn. */
function common(run: ReadBack): object {
  return { ...run, id: null };
}

// A newcomer's machine need not have MLflow; CI installs it, and sets NIGHTSHIFT_REQUIRE_MLFLOW so that it cannot be missing there.
(PYTHON === undefined ? describe.skip : describe)('a real tracking server', () => {
  beforeAll(async () => {
    folder = temporaryFolder('mlflow server');
    server = await TrackingServer.start(join(folder, 'server'));
  });

  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test('gives back what was exported: parameters, metrics by step, tags, files, times, versions and the champion; again, nothing is added', async () => {
    const state = stateIn('whole');
    const report = await exportTo(server.url, state);
    expect(report.runs.map(({ runId, state: how }) => [runId, how])).toEqual(NIGHTS.map((id) => [id, 'created']));
    const runs = await readBack(server, 'flights');
    expect(runs.map(({ name }) => name)).toEqual(NIGHTS);
    const [first, , third] = runs as [ReadBack, ReadBack, ReadBack];
    expect(first).toMatchObject({ status: 'FINISHED', start: Date.parse('2001-06-10T02:00:00Z'), end: Date.parse('2001-06-10T02:01:00Z') });
    expect(first.params).toEqual({ name: 'flights', task: 'binary', seed: '1', 'split.by': 'time', 'split.train_days': '60', 'features.number': '["distance","delay"]', 'gates.0.metric': 'auc', 'gates.0.min': '0.5', exclude: '[]', about: `${'x'.repeat(5999)}…` });
    expect(first.metrics).toEqual({
      'test/auc': [[0, 0.6]],
      'test/auc.low': [[0, 0.58]],
      'test/auc.high': [[0, 0.62]],
      'test/origin.A_B é_/auc': [[0, 0.7]],
      'test/linear/auc': [[0, 0.59]],
      'test/champion/auc': [[0, 0.1 + 0.2]],
      'curve/mlp-1/train_loss': CURVE.map(({ round, trainLoss }) => [round, trainLoss]),
      'curve/mlp-1/validation_loss': CURVE.map(({ round, validationLoss }) => [round, validationLoss]),
      'step_seconds/03-train': [[0, 12.5]],
      'step_cpu_seconds/03-train': [[0, 20]],
      'step_peak_mb/03-train': [[0, 523]],
      'step_rows/03-train': [[0, 1000]],
      'batch/test_rows': [[0, 500]],
    });
    expect(first.tags).toMatchObject({ 'nightshift.run_id': NIGHTS[0], 'nightshift.as_of': '2001-06-10', 'nightshift.status': 'done', 'nightshift.verdict': 'pass', 'nightshift.backend': 'wasm', 'nightshift.warehouse': 'sqlite', 'nightshift.git_commit': 'c0ffee', 'nightshift.git_dirty': 'true', 'nightshift.judged_against': '2001-06-01-aaaa', 'mlflow.source.git.commit': 'c0ffee', 'nightshift.exported': expect.stringMatching(/^[0-9a-f]{64}$/) });
    for (const path of ['model.json', 'members/mlp-1/weights.bin', 'sql/01-extract/rows.sql', 'manifest.json', 'report.html']) expect((await server.artefact(first.id, path)).equals(readFileSync(join(state.folder, 'models', NIGHTS[0]!, path)))).toBe(true);
    expect(JSON.parse((await server.artefact(first.id, 'nightshift-run.json')).toString())).toEqual(JSON.parse(JSON.stringify(state.registry.runs.detail(NIGHTS[0]!))));
    expect(Object.keys(third.metrics).filter((key) => key.startsWith('test/weekday.'))).toHaveLength(2500);
    expect(third.metrics['test/weekday.2499/auc']).toEqual([[0, 2499 / 7]]);
    expect(await versions('flights')).toEqual({ [runs[1]!.id]: ['1'], [third.id]: ['2'] });
    expect([report.champion, await aliasOf('flights')]).toEqual([{ runId: NIGHTS[2], version: '2' }, '2']);

    const between1 = await between(() => Promise.resolve());
    const again = await exportTo(between1.url, state);
    await between1.close();
    expect(again.runs.map(({ state: how }) => how)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(between1.heard.map(({ method, url }) => `${method} ${url.replace(/^.*mlflow\/|\?.*$/g, '')}`)).toEqual(['GET experiments/get-by-name', 'POST runs/search', 'POST runs/search', 'POST runs/search', 'GET registered-models/alias']);
    state.registry.close();
  });

  test('a server that dies in the middle and comes back ends with what an uninterrupted export leaves', async () => {
    const state = stateIn('killed');
    // It has stored a thousand of the last run's metrics, the second request of three, and dies before it can say so.
    const middle = await between(async (heard) => {
      if (loggedIn(heard) !== 1000) return;
      await server.kill();
      throw new Error('the server is gone');
    });
    const choices = { experiment: 'killed', model: 'killed' };
    await expect(exportTo(middle.url, state, choices)).rejects.toMatchObject({ code: 'mlflow-unreachable', details: { found: expect.stringContaining(`2 of 3 runs are complete there; ${NIGHTS[2]} is not`) } });
    await middle.close();
    await server.start();

    const later = await between(() => Promise.resolve());
    const report = await exportTo(later.url, state, choices);
    await later.close();
    expect(report.runs.map(({ state: how }) => how)).toEqual(['unchanged', 'unchanged', 'completed']);
    const [whole, killed] = [await readBack(server, 'flights'), await readBack(server, 'killed')];
    expect(killed.map(common)).toEqual(whole.map(common));
    // None of what it had stored was sent again, which other stores than SQL would keep twice.
    const points = Object.values(killed[2]!.metrics).flat().length;
    const [sentBefore, sentLater] = [totalOf(middle.heard, killed[2]!.id), totalOf(later.heard, killed[2]!.id)];
    expect(sentBefore).toBeGreaterThan(1900);
    expect(sentLater).toBe(points - sentBefore);
    expect([await versions('killed'), await aliasOf('killed')]).toEqual([{ [killed[1]!.id]: ['1'], [killed[2]!.id]: ['2'] }, '2']);
    state.registry.close();
  });

  test('a run that was exported half done is completed later, once it has ended', async () => {
    const state = makeState(join(folder, 'half'));
    const choices = { experiment: 'half', model: 'half', isAtWork: () => Promise.resolve(true) };
    night(state, NIGHTS[0]!, { stops: true });
    await exportTo(server.url, state, choices);
    const [before] = await readBack(server, 'half');
    expect(before).toMatchObject({ status: 'RUNNING', metrics: {}, tags: { 'nightshift.status': 'running', 'nightshift.unfinished_step': '03-train' }, end: undefined });
    night(state, NIGHTS[0]!);
    await exportTo(server.url, state, choices);
    const runs = await readBack(server, 'half');
    expect(runs).toMatchObject([{ id: before!.id, status: 'FINISHED', end: Date.parse('2001-06-10T02:01:00Z'), tags: { 'nightshift.status': 'done', 'nightshift.attempt': '2' } }]);
    expect(runs[0]!.metrics['curve/mlp-1/train_loss']).toHaveLength(3);
    state.registry.close();
  });

  test('a parameter that stands there with another value is named, and nothing of that run is written', async () => {
    const state = makeState(join(folder, 'conflict'));
    night(state, NIGHTS[0]!);
    const { experiment_id: experiment } = await server.api<{ experiment_id: string }>('experiments/create', { name: 'conflict' });
    const { run } = await server.api<{ run: { info: { run_id: string } } }>('runs/create', { experiment_id: experiment, run_name: 'by hand', tags: [{ key: 'nightshift.run_id', value: NIGHTS[0] }] });
    await server.api('runs/log-batch', { run_id: run.info.run_id, params: [{ key: 'split.train_days', value: '7' }] });
    const { failures } = await exportTo(server.url, state, { experiment: 'conflict' });
    expect(failures).toMatchObject([{ runId: NIGHTS[0], error: { code: 'mlflow-parameters-differ', details: { found: 'split.train_days: "7" there, "60" here' } } }]);
    expect(await readBack(server, 'conflict')).toMatchObject([{ params: { 'split.train_days': '7' }, metrics: {}, files: {} }]);
    state.registry.close();
  });

  test('an experiment that was deleted there is named', async () => {
    const state = makeState(join(folder, 'deleted'));
    night(state, NIGHTS[0]!);
    await server.api('experiments/delete', { experiment_id: await experimentId(server, 'half') });
    await expect(exportTo(server.url, state, { experiment: 'half' })).rejects.toMatchObject({ code: 'mlflow-experiment-deleted' });
    state.registry.close();
  });
});
