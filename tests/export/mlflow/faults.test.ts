import { rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readAddress } from '../../../src/export/mlflow/address.ts';
import { doubling } from '../../../src/export/mlflow/patience.ts';
import type { NightshiftError } from '../../../src/shared/errors.ts';
import { runJob, temporaryFolder } from '../../support/job.ts';
import { type Answering, type Heard, answering, json } from './answering.ts';
import { type State, exportTo, makeState, night } from './made.ts';

let state: State;
let server: Answering | undefined;

beforeEach(() => {
  state = makeState(temporaryFolder('mlflow'));
  night(state, '2001-06-10-aaaa');
});

afterEach(async () => {
  state.registry.close();
  await server?.close();
  server = undefined;
  rmSync(state.folder, { recursive: true, force: true });
});

async function serve(answer: (heard: Heard, response: ServerResponse, count: number) => void): Promise<string> {
  server = await answering(answer);
  return server.url;
}

async function errorOf(work: Promise<unknown>): Promise<NightshiftError> {
  const found = await work.then(() => undefined, (error: unknown) => error);
  if (found === undefined) throw new Error('it did not fail');
  return found as NightshiftError;
}

function refusal(text: string, environment: NodeJS.ProcessEnv = {}): NightshiftError {
  try {
    readAddress(text, environment);
  } catch (error) {
    return error as NightshiftError;
  }
  throw new Error('it did not fail');
}

const busy = (_: Heard, response: ServerResponse): void => void response.writeHead(500, { 'content-type': 'text/plain' }).end('out of\u001b[31m memory');

test('only a plain address of http or https is taken, and credentials in one are not repeated', () => {
  expect(readAddress('HTTPS://Example.com/mlflow///', {}).base).toBe('https://example.com/mlflow');
  for (const text of ['ftp://host', 'file:///etc/passwd', 'javascript:alert(1)', 'host:5000', '', 'http://', 'http://host/#/experiments/1', 'http://host/?a=b']) {
    expect(refusal(text)).toMatchObject({ code: 'mlflow-address', exitCode: 2 });
  }
  for (const text of ['http://me:hunter2@host', 'http://hunter2@host:99999', 'me:hunter2@host']) expect(refusal(text).message).not.toContain('hunter2');
});

test('credentials come from the environment, as for MLflow’s own client, and an unencrypted way to another machine is told', () => {
  const both = { MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'hunter2', MLFLOW_TRACKING_TOKEN: 'token' };
  expect(readAddress('http://host', both)).toMatchObject({ authorization: `Basic ${Buffer.from('me:hunter2').toString('base64')}`, exposes: true });
  expect(readAddress('http://localhost:5000', { MLFLOW_TRACKING_TOKEN: 'token' })).toMatchObject({ authorization: 'Bearer token', exposes: false });
  expect(readAddress('https://host', both).exposes).toBe(false);
  expect(refusal('https://host', { MLFLOW_TRACKING_TOKEN: 'se\ncret' }).message).not.toContain('cret');
});

test('a server that fails for a while is asked again, after pauses that double or that it asks for', async () => {
  const url = await serve((_, response, count) => {
    if (count === 1) response.writeHead(429, { 'retry-after': '7' }).end();
    else if (count === 2) response.socket?.destroy();
    else json(response, { error_code: 'ENDPOINT_NOT_FOUND', message: 'no' }, 404);
  });
  const slept: number[] = [];
  const patience = { pauses: doubling(3), sleep: (seconds: number) => Promise.resolve(void slept.push(seconds)), tell: () => undefined };
  expect(await errorOf(exportTo(url, state, { patience }))).toMatchObject({ code: 'mlflow-refused' });
  expect(slept).toEqual([7, 1]);
  expect(doubling(9)).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60, 60]);
});

test('a server that goes on failing is given up, in words a terminal does not obey', async () => {
  const error = await errorOf(exportTo(await serve(busy), state));
  expect(error).toMatchObject({ code: 'mlflow-busy', exitCode: 1 });
  expect(error.details.found).toBe('500: out of [31m memory (3 times)');
  expect(server?.heard).toHaveLength(3);
});

test('a server that hangs is given up after the time it has', async () => {
  const url = await serve(() => undefined);
  const start = performance.now();
  expect(await errorOf(exportTo(url, state, { timeout: 0.2 }))).toMatchObject({ code: 'mlflow-timeout' });
  expect(performance.now() - start).toBeLessThan(5000);
});

test('pages of HTML, other JSON and redirects are no tracking server, and a redirect is not followed', async () => {
  const html = await errorOf(exportTo(await serve((_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in')), state));
  expect(html).toMatchObject({ code: 'mlflow-not-mlflow', details: { found: '200: a page of HTML' } });
  await server?.close();
  expect(await errorOf(exportTo(await serve((_, response) => json(response, { hello: 1 })), state))).toMatchObject({ code: 'mlflow-not-mlflow' });
  await server?.close();
  expect(await errorOf(exportTo(await serve((_, response) => void response.writeHead(302, { location: `${server?.url}/login` }).end()), state))).toMatchObject({ code: 'mlflow-elsewhere' });
  expect(server?.heard).toHaveLength(1);
});

test('who is not let in is told which variables to set, and never what they hold', async () => {
  const url = await serve(({ headers }, response) => json(response, { message: `who is ${headers.authorization}?` }, 401));
  const error = await errorOf(exportTo(url, state, { environment: { MLFLOW_TRACKING_TOKEN: 'hunter2' } }));
  expect(server?.heard[0]?.headers.authorization).toBe('Bearer hunter2');
  expect(error).toMatchObject({ code: 'mlflow-forbidden' });
  expect(error.message).toContain('MLFLOW_TRACKING_TOKEN');
  expect(error.message).not.toContain('hunter2');
});

test('a deleted experiment is named, with its id and the ways out', async () => {
  const url = await serve((_, response) => json(response, { experiment: { experiment_id: '12', lifecycle_stage: 'deleted' } }));
  const error = await errorOf(exportTo(url, state));
  expect(error).toMatchObject({ code: 'mlflow-experiment-deleted' });
  expect(error.details.fix).toContain('--experiment-id 12');
});

test('files and credentials are not sent to where a server says that artefacts are', async () => {
  const elsewhere = await answering((_, response) => json(response, {}));
  const run = { info: { run_id: 'r', experiment_id: '1', status: 'RUNNING', artifact_uri: `${elsewhere.url}/api/2.0/mlflow-artifacts/artifacts/1/r` }, data: {} };
  const url = await serve(({ url: asked }, response) => json(response, asked.includes('experiments') ? { experiment: { experiment_id: '1', lifecycle_stage: 'active' } } : asked.includes('search') ? {} : { run }));
  const { runs } = await exportTo(url, state);
  expect(runs).toMatchObject([{ state: 'created', files: null }]);
  expect(elsewhere.heard).toEqual([]);
  expect(server?.heard.filter(({ method }) => method === 'PUT')).toEqual([]);
  await elsewhere.close();
});

test('a run whose model is not as it was saved is left out by name, and the others go', async () => {
  night(state, '2001-06-11-bbbb');
  writeFileSync(join(state.folder, 'models/2001-06-10-aaaa/sql/01-extract/rows.sql'), 'SELECT 2');
  const run = { info: { run_id: 'r', experiment_id: '1', status: 'RUNNING', artifact_uri: 's3://bucket/r' }, data: {} };
  const url = await serve(({ url: asked }, response) => json(response, asked.includes('experiments') ? { experiment: { experiment_id: '1', lifecycle_stage: 'active' } } : asked.includes('search') ? {} : { run }));
  const { runs, failures } = await exportTo(url, state);
  expect(runs.map(({ runId }) => runId)).toEqual(['2001-06-11-bbbb']);
  expect(failures).toMatchObject([{ runId: '2001-06-10-aaaa', error: { code: 'model-altered' } }]);
});

test('of a run with sensitive columns no model files go, unless they are asked for', async () => {
  night(state, '2001-06-12-cccc', { config: { name: 'flights', sensitive: ['email'] } });
  const run = { info: { run_id: 'r', experiment_id: '1', status: 'RUNNING', artifact_uri: 'mlflow-artifacts:/1/r' }, data: {} };
  const url = await serve(({ url: asked }, response) => json(response, asked.includes('experiments') ? { experiment: { experiment_id: '1', lifecycle_stage: 'active' } } : asked.includes('search') ? {} : { run }));
  const put = (): readonly string[] => (server?.heard ?? []).filter(({ method }) => method === 'PUT').map(({ url: asked }) => asked.replace(/^.*1\/r\//, ''));
  await exportTo(url, state, { runs: ['2001-06-12-cccc'] });
  expect(put()).toEqual(['nightshift-run.json', 'report.html']);
  await exportTo(url, state, { runs: ['2001-06-12-cccc'], files: 'all' });
  expect(put()).toContain('members/mlp-1/weights.bin');
});

test('the command refuses what it cannot do: usage with 2, a server that is not there with 1', async () => {
  writeFileSync(join(state.folder, 'pipeline.yaml'), 'name: flights\nsources: {flights: {csv: a.csv, types: {id: integer, day: date, late: integer}}}\nkey: id\ntime: day\nlabel: {column: late, matures_after: 1d}\nfeatures: {number: [id]}\n');
  const exporting = (...args: readonly string[]) => runJob(['export', 'mlflow', '--project', state.folder, ...args]);
  const nowhere = ['--to', 'http://127.0.0.1:9', '--retries', '0'];
  const [unknown, both, credentials, missing, gone] = await Promise.all([exporting(...nowhere, '2001-06-99'), exporting(...nowhere, '--all', 'latest'), exporting('--to', 'http://me:hunter2@127.0.0.1:9'), exporting(), exporting('--to', 'http://127.0.0.1:1024', '--retries', '0', '--json')]);
  expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('2001-06-99') });
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('not both') });
  expect(credentials.code).toBe(2);
  expect(credentials.stderr + credentials.stdout).not.toContain('hunter2');
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('--to') });
  expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') });
  expect(JSON.parse(gone.stdout)).toMatchObject({ exit_code: 1, error: { code: 'mlflow-unreachable' } });
});
