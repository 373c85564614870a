import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LogEntry } from '../../src/pipeline/context.ts';
import { takeLock } from '../../src/pipeline/lock.ts';
import { hrefOf, pageOf, reportNight, runReport } from '../../src/pipeline/run-report.ts';
import { windowsOf } from '../../src/shared/days.ts';
import { BEFORE, KILLED, NIGHT, type Recorded, block, recordedProject } from '../report/recorded.ts';
import { HOSTILE } from '../report/page/made.ts';
import { runJob, temporaryFolder } from '../support/job.ts';

let folder: string;
let recorded: Recorded;

beforeEach(() => {
  folder = temporaryFolder('report');
  recorded = recordedProject(folder);
});

afterEach(() => {
  recorded.registry.close();
  rmSync(folder, { recursive: true, force: true });
});

async function report(...args: readonly string[]) {
  return runJob(['report', ...args, '--project', folder], { cwd: folder });
}

test('a report has what the record, the model’s folder and the working files say', async () => {
  const found = await runReport(recorded.places, recorded.registry, { runId: NIGHT, page: pageOf(recorded.places, NIGHT) });
  expect(found).toMatchObject({ project: { name: 'visits', limits: 'Not for staffing.' }, primary: 'auc', scored: { modelRun: NIGHT, rows: 3 }, model: { family: 'gbdt', folder: `models/${NIGHT}` }, drift: [{ psi: 0.3, verdict: 'warn' }] });
  expect(found.differences).toEqual([
    { opponent: 'champion', metric: 'auc', slice: null, value: 0.01, low: -0.002, high: 0.021, level: 0.95, tooFew: null },
    { opponent: 'champion', metric: 'auc', slice: `place=${HOSTILE}`, value: 0.02, low: null, high: null, level: 0.95, tooFew: '12 positives' },
  ]);
  expect(found.batches.map(({ batch, days, rows }) => [batch, days, rows])).toEqual([['train', '2024-01-02 to before 2024-01-08', 100_000], ['test', '2024-01-08 to before 2024-01-10', 2_000], ['fresh', '2024-01-10 to before 2024-01-11', 3]]);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test('a run that was killed has a report of what it left', async () => {
  const page = pageOf(recorded.places, KILLED);
  expect(page).toBe(join(recorded.places.data, 'work', KILLED, 'report.html'));
  expect(await runReport(recorded.places, recorded.registry, { runId: KILLED, page })).toMatchObject({ run: { status: 'killed', unfinishedStep: '03-train' }, model: null, figures: null, scored: null });
});

test('while its process holds the lock a run is at work: its page says so, and the index leaves that page to it', async () => {
  const lock = await takeLock(recorded.places.data, 'run', 0);
  try {
    // The lock was taken before the attempt began.
    writeFileSync(join(recorded.places.data, 'run.lock.json'), JSON.stringify({ pid: process.pid, since: '2024-01-12T02:00:00.000Z' }));
    const page = pageOf(recorded.places, KILLED);
    expect(await runReport(recorded.places, recorded.registry, { runId: KILLED, page })).toMatchObject({ run: { status: 'running' } });
    expect((await report()).code).toBe(0);
    expect(existsSync(page)).toBe(false);
    expect(readFileSync(join(folder, 'logs/report.html'), 'utf8')).toContain('Running');
  } finally {
    lock.release();
  }
});

test('a link leads from one page to another, whatever is in a name', () => {
  expect(hrefOf('/a/models/x/report.html', '/a/models/y z"/report.html')).toBe('../y%20z%22/report.html');
});

test('report RUN writes the page and the card beside the model, with a link to the champion’s page once that is there', async () => {
  expect((await report(BEFORE)).code).toBe(0);
  const { code, stdout } = await report('2024-01-10');
  expect([code, stdout.trim()]).toEqual([0, join(folder, 'models', NIGHT, 'report.html')]);
  expect(readFileSync(stdout.trim(), 'utf8')).toContain(`href="../${BEFORE}/report.html"`);
  expect(readFileSync(join(folder, 'models', NIGHT, 'card.md'), 'utf8')).toContain('Not for staffing.');
});

test('report writes the index, and the pages that are missing; all links in it lead to a file', async () => {
  const { code, stdout } = await report('--json');
  expect([code, JSON.parse(stdout)]).toEqual([0, { run_id: null, file: join(folder, 'logs/report.html') }]);
  const index = readFileSync(join(folder, 'logs/report.html'), 'utf8');
  const links = [...index.matchAll(/href="(\.\.[^"]+)"/g)].map(([, href]) => decodeURIComponent(href!));
  expect(new Set(links).size).toBe(3);
  for (const link of links) expect(existsSync(join(folder, 'logs', link))).toBe(true);
});

test('--output puts a page where somebody wants it, from the folder they are in', async () => {
  expect((await report('champion', '--output', 'night.html')).stdout.trim()).toBe(join(folder, 'night.html'));
  expect(readFileSync(join(folder, 'night.html'), 'utf8')).toContain(NIGHT);
});

test('a run that is not there is a usage error that says which there are', async () => {
  const { code, stderr } = await report('../etc');
  expect(code).toBe(2);
  expect(stderr).toContain('This cannot be the name of a run');
});

test('a page that cannot be written is a warning on the console and in the log, and no failure', async () => {
  rmSync(join(folder, 'models', NIGHT), { recursive: true });
  rmSync(join(folder, 'data/work', NIGHT), { recursive: true });
  block(join(folder, 'data/work', NIGHT));
  const said: LogEntry[] = [];
  const { places, config, registry } = recorded;
  await reportNight({ places, windows: windowsOf('2024-01-10', config.split, 0) }, registry, { attempt: { runId: NIGHT, attempt: 1 }, listener: { log: (_, entry) => said.push(entry) } });
  expect(said).toMatchObject([{ event: 'report', status: 'warn', show: true }]);
  expect(readFileSync(join(folder, 'logs/report.csv'), 'utf8')).toMatch(/,report,,,warn,"?the report could not be written/);
});
