import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { resolveRun } from '../../src/registry/name-run.ts';
import { Registry } from '../../src/registry/registry.ts';
import type { NightshiftError } from '../../src/shared/errors.ts';
import { temporaryFolder } from '../support/job.ts';

let folder: string;
let registry: Registry;
let clock: Date;

beforeEach(() => {
  folder = temporaryFolder('name-run');
  clock = new Date('2001-07-01T00:00:00Z');
  registry = Registry.open(join(folder, 'data/runs.db'), () => (clock = new Date(clock.getTime() + 1000)));
});

afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(runId: string, { mode = 'night', status = 'done' }: { mode?: string; status?: string | null } = {}): void {
  const attempt = registry.begin({ runId, asOf: runId.slice(0, 10), warehouse: 'sqlite', inputs: {} }, mode, null);
  if (status !== null) registry.end(attempt, { status, exitCode: 0, message: null });
}

function publish(runId: string, modelRun = runId): void {
  registry.recordPublished({ asOf: runId.slice(0, 10), warehouse: 'sqlite', runId, modelRun, rows: 1, scoresHash: runId, meanScore: null });
}

function refusal(text: string): NightshiftError {
  try {
    resolveRun(registry, text);
  } catch (thrown) {
    return thrown as NightshiftError;
  }
  throw new Error(`${text} was taken for a run`);
}

test('a run is named by its id, and by a beginning that no other run has', () => {
  run('2001-06-27-aaaa1111');
  run('2001-06-27-ab001111');
  expect(['2001-06-27-aaaa1111', '2001-06-27-aa'].map((text) => resolveRun(registry, text))).toEqual(['2001-06-27-aaaa1111', '2001-06-27-aaaa1111']);
  expect(refusal('2001-06-27-a').details).toMatchObject({ code: 'run-ambiguous', exitCode: 2, expected: 'one of 2001-06-27-aaaa1111, 2001-06-27-ab001111' });
});

test('an id that another id begins with is that run', () => {
  run('2001-06-27-aaaa');
  run('2001-06-27-aaaab');
  expect(resolveRun(registry, '2001-06-27-aaaa')).toBe('2001-06-27-aaaa');
});

test('a beginning of three characters names nothing, even where one run alone begins so', () => {
  run('2001-06-27-aaaa1111');
  expect(refusal('200').details).toMatchObject({ code: 'run-unknown', what: expect.stringContaining('at least 4 characters') });
  expect(resolveRun(registry, '2001')).toBe('2001-06-27-aaaa1111');
});

test('latest is the last night that came to a verdict: no try, none that failed, none that was killed', () => {
  run('2001-06-25-aaaa1111', { status: 'checks_failed' });
  run('2001-06-26-aaaa1111', { status: 'refused' });
  run('2001-06-27-aaaa1111');
  run('2001-06-28-aaaa1111', { mode: 'try', status: 'tried' });
  run('2001-06-28-bbbb1111', { status: 'failed' });
  run('2001-06-29-aaaa1111', { status: null });
  // Backfilled last, and still an earlier night.
  run('2001-06-20-aaaa1111');
  expect(['latest', 'latest~0', 'latest~1', 'latest~2', 'latest~3'].map((text) => resolveRun(registry, text).slice(0, 10))).toEqual(['2001-06-27', '2001-06-27', '2001-06-26', '2001-06-25', '2001-06-20']);
  expect(refusal('latest~4').details).toMatchObject({ code: 'run-unknown', what: 'There are fewer nights than that' });
});

test('a night that was tried again afterwards is still a night', () => {
  run('2001-06-27-aaaa1111');
  run('2001-06-27-aaaa1111', { mode: 'try', status: 'tried' });
  expect(resolveRun(registry, 'latest')).toBe('2001-06-27-aaaa1111');
});

test('an as-of date is the run published for it, else its last night, else its last try', () => {
  run('2001-06-27-aaaa1111');
  publish('2001-06-27-aaaa1111');
  run('2001-06-27-bbbb1111', { status: 'failed' });
  run('2001-06-28-aaaa1111', { status: 'failed' });
  run('2001-06-28-bbbb1111', { mode: 'try', status: 'tried' });
  run('2001-06-29-bbbb1111', { mode: 'try', status: 'tried' });
  expect(['2001-06-27', '2001-06-28', '2001-06-29'].map((text) => resolveRun(registry, text))).toEqual(['2001-06-27-aaaa1111', '2001-06-28-aaaa1111', '2001-06-29-bbbb1111']);
  expect(refusal('2001-06-30').details).toMatchObject({ code: 'run-unknown', what: 'There is no run of this as-of date' });
});

test('champion is the model of the next night, whichever night it came from', () => {
  run('2001-06-27-aaaa1111');
  expect(refusal('champion').details).toMatchObject({ code: 'run-unknown', what: 'There is no champion yet' });
  publish('2001-06-27-aaaa1111');
  run('2001-06-28-aaaa1111', { status: 'refused' });
  publish('2001-06-28-aaaa1111', '2001-06-27-aaaa1111');
  expect(resolveRun(registry, 'champion')).toBe('2001-06-27-aaaa1111');
});

test('an unknown name is told the closest ones', () => {
  run('2001-06-27-aaaa1111');
  run('2001-06-28-cccc1111');
  expect(refusal('2001-06-27-aaab1111').details.fix).toMatch(/^did you mean 2001-06-27-aaaa1111, /);
  expect(refusal('lastest').details.fix).toMatch(/^did you mean latest, /);
});

test.each(['../../etc/passwd', 'a/b', "x' OR '1'='1", '2001 06 27', '', '..', '2001..06', '\u0000', 'x'.repeat(10_000), '%', '2001-06-27-\u001b[31m', '\u202e1002'])('the hostile name %j is refused and shown without harm', (text) => {
  run('2001-06-27-aaaa1111');
  const { message, details } = refusal(text);
  expect(details).toMatchObject({ code: 'run-unknown', exitCode: 2, fix: expect.stringContaining('2001-06-27-aaaa1111') });
  expect(message.length).toBeLessThan(500);
  expect(message.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
});

test('where there are no runs, every name is told so', () => {
  for (const text of ['latest', 'champion', '2001-06-27', '2001-06-27-aaaa', '../x']) expect(refusal(text).details).toMatchObject({ code: 'run-unknown', what: 'There are no runs yet', fix: 'run a night first' });
});
