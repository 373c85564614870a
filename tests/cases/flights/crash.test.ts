import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { openWarehouse } from '../../../src/warehouse/open.ts';
import { dropBatchJest, runJob, runNightJson } from '../../support/job.ts';
import { edit, flightsProject } from './project.ts';

const NIGHT = '2001-06-10';
/** Between each two effects of publishing; a file aside, the warehouse, the file, the record. */
const POINTS = ['before-publishing', 'published', 'file-renamed', 'recorded'];

let project: string;

beforeAll(async () => {
  project = await flightsProject('crash');
  dropBatchJest(project);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function args(kind: string, state: string): string[] {
  return ['--project', project, '--warehouse', kind, '--as-of', NIGHT, '--set', `state=${state}`, '--set', 'model={family: linear, backend: wasm, options: {epochs: 5}}', '--publish'];
}

/** Acts a moment after a folder has come to be: in the middle of the first step. */
function whenExists(folder: string, act: () => void): void {
  const timer = setInterval(() => {
    if (!existsSync(folder)) return;
    clearInterval(timer);
    setTimeout(act, 250);
  }, 10);
}

/** Everything that a night leaves for others to see, without clocks and attempts. */
async function visible(kind: 'sqlite' | 'duckdb', state: string): Promise<object> {
  const warehouse = await openWarehouse({ kind, file: join(project, state, kind === 'sqlite' ? 'data/warehouse.db' : 'data/warehouse.duckdb') });
  const record = new Database(join(project, state, 'data/runs.db'), { readonly: true });
  try {
    return {
      published: await warehouse.rows('SELECT * FROM published'),
      scores: await warehouse.rows('SELECT * FROM scores ORDER BY flight_id'),
      file: readFileSync(join(project, state, `data/scores/${NIGHT}.csv`), 'utf8'),
      recorded: record.prepare('SELECT as_of, warehouse, run_id, model_run, rows, scores_hash, mean_score FROM published').all(),
      champions: record.prepare('SELECT as_of, model_run, action FROM champions').all(),
    };
  } finally {
    record.close();
    await warehouse.close();
  }
}

describe.each(['sqlite', 'duckdb'] as const)('a night killed while it publishes in %s', (kind) => {
  test('is brought up by the next start to the same state, wherever it was killed', async () => {
    const tried = args(kind, `${kind}-tried`).map((arg) => (arg === '--publish' ? '--try' : arg));
    expect(await runNightJson(tried)).toMatchObject({ status: 'tried', exit_code: 0 });
    const publish = (state: string, env: NodeJS.ProcessEnv = {}) => {
      cpSync(join(project, `${kind}-tried`), join(project, state), { recursive: true });
      return runNightJson(['step', '07-publish', ...args(kind, state)], { env });
    };
    expect(await publish(`${kind}-whole`)).toMatchObject({ status: 'done', exit_code: 0 });
    const expected = await visible(kind, `${kind}-whole`);
    for (const point of POINTS) {
      const state = `${kind}-${point}`;
      expect(await publish(state, { NIGHTSHIFT_KILL_AT: point })).toMatchObject({ status: 'failed', exit_code: 1, error: { code: 'step-died' } });
      const next = await runNightJson(args(kind, state));
      expect(next).toMatchObject({ status: point === 'before-publishing' ? 'done' : 'unchanged', exit_code: 0 });
      expect(await visible(kind, state)).toEqual(expected);
    }
  });
});

test('the runner killed in the middle leaves the last night whole and lets go of its lock', async () => {
  const state = 'runner';
  const before = await runNightJson(args('sqlite', state));
  const file = readFileSync(join(project, state, `data/scores/${NIGHT}.csv`), 'utf8');
  const later = args('sqlite', state).map((arg) => (arg === NIGHT ? '2001-06-11' : arg));
  const killed = await runJob(later, { env: { NIGHTSHIFT_KILL_AT: 'runner 03-train' } });
  expect(killed.signal).toBe('SIGKILL');
  expect(readFileSync(join(project, state, `data/scores/${NIGHT}.csv`), 'utf8')).toBe(file);
  expect(await runNightJson(args('sqlite', state))).toMatchObject({ status: 'unchanged', run_id: before.run_id });
  expect(await runNightJson(later)).toMatchObject({ status: 'done', exit_code: 0 });
});

test('a second run beside one at work is told who holds the lock', async () => {
  const state = 'locked';
  cpSync(join(project, 'sqlite-whole'), join(project, state), { recursive: true });
  const { default: Lock } = await import('better-sqlite3');
  const holder = new Lock(join(project, state, 'data/run.lock'));
  holder.exec('BEGIN EXCLUSIVE');
  try {
    const second = await runNightJson(args('sqlite', state));
    expect(second).toMatchObject({ status: 'failed', exit_code: 5, code: 5, error: { code: 'locked' } });
  } finally {
    holder.close();
  }
});

test.each(['SIGTERM', 'SIGINT'] as const)('a night that gets %s while SQL runs ends as interrupted, publishes nothing and leaves no lock', async (signal) => {
  const state = `signal-${signal}`;
  const night = runJob([...args('sqlite', state), '--json'], { during: (child) => whenExists(join(project, state, 'data/work'), () => child.kill(signal)) });
  const { code, stdout } = await night;
  expect({ code, report: JSON.parse(stdout) as object }).toMatchObject({ code: signal === 'SIGINT' ? 130 : 143, report: { status: 'failed', scores: null, error: { code: 'interrupted' } } });
  expect(existsSync(join(project, state, 'data/scores'))).toBe(false);
  expect(await runNightJson(args('sqlite', state))).toMatchObject({ status: 'done', exit_code: 0 });
});

test('a published file that was removed is made anew by the next start', async () => {
  const state = 'sqlite-whole';
  const file = join(project, state, `data/scores/${NIGHT}.csv`);
  const before = readFileSync(file, 'utf8');
  rmSync(file);
  expect(await runNightJson(args('sqlite', state))).toMatchObject({ status: 'unchanged', exit_code: 0 });
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('a source that changes while it is read fails the night', async () => {
  const state = 'changing';
  const changing = join(project, 'data/flights.db');
  const before = readFileSync(changing);
  try {
    const slow = 'steps/01-extract.ts';
    edit(project, slow, (text) => text.replace('await blindTest(step);', "await blindTest(step);\n    const { default: Database } = await import('better-sqlite3');\n    new Database(step.run.places.project + '/data/flights.db').exec(\"UPDATE airports SET city = 'elsewhere'\");"));
    expect(await runNightJson(args('sqlite', state))).toMatchObject({ status: 'failed', exit_code: 1, error: { code: 'source-changed', where: 'sources.flights' } });
    edit(project, slow, (text) => text.replace(/\n {4}const \{ default: Database[^\n]*\n[^\n]*/, ''));
  } finally {
    writeFileSync(changing, before);
  }
});

test('a try is not published by its last step alone either', async () => {
  const tried = args('sqlite', 'sqlite-tried').filter((arg) => arg !== '--publish');
  expect(await runNightJson(['step', '07-publish', ...tried])).toMatchObject({ exit_code: 2, scores: null, error: { code: 'usage' } });
});
