import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { type Made, makeProject, record } from '../pipeline/comparison/made-runs.ts';
import { runJob } from '../support/job.ts';

const [A, B, KILLED] = ['2001-06-27-aaaa1111', '2001-06-28-bbbb2222', '2001-06-29-cccc3333'];
const YAML = 'name: shop\nsources: {customers: {csv: customers.csv}}\nkey: customer\nlabel: {column: left_us, matures_after: 30d}\ntime: day\nfeatures: {number: [x1]}\n';

let made: Made;

beforeAll(() => {
  made = makeProject();
  writeFileSync(join(made.folder, 'pipeline.yaml'), YAML);
  record(made, A, { metrics: { auc: 0.7, log_loss: 0.5 }, published: true });
  record(made, B, { metrics: { auc: 0.8, log_loss: 0.4 }, set: ['seed=2'], published: true });
  record(made, KILLED, { status: null });
});

afterAll(() => made.close());

function run(...args: readonly string[]) {
  return runJob([...args, '--project', made.folder], { env: { NO_COLOR: '1' } });
}

test('runs lists what there is on stdout, one line a run, and says nothing else', async () => {
  const { code, stdout, stderr } = await run('runs');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4).join(' '))).toEqual(['run as of mode status', `${KILLED} 2001-06-29 night killed`, `${B} 2001-06-28 night done`, `${A} 2001-06-27 night done`, '']);
});

test('what a list leaves out is said on stderr, and the JSON tells the total', async () => {
  const [text, json] = await Promise.all([run('runs', '--last', '1'), run('runs', '--last', '1', '--json')]);
  expect(text.stderr).toBe('1 of 3 runs; --last 3 shows all.\n');
  expect(JSON.parse(json.stdout)).toMatchObject({ total: 3, runs: [{ run_id: KILLED, as_of: '2001-06-29', status: 'killed', metrics: {} }] });
});

test('runs RUN shows one whole, also one that was killed', async () => {
  const [text, json] = await Promise.all([run('runs', KILLED), run('runs', 'latest', '--json')]);
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/status +killed, in 02-split/);
  expect(text.stdout).toMatch(/02-split +never ended/);
  expect(JSON.parse(json.stdout)).toMatchObject({ run_id: B, is_champion: true, inputs: { config: { task: 'binary' } }, environment: { versions: { node: '20.19.0' } }, metrics: [{ metric: 'auc', value: 0.8 }, { metric: 'log_loss', value: 0.4 }] });
});

test('compare shows champion and latest, or where these are one the night before; in four shapes', async () => {
  const [text, json, markdown, html] = await Promise.all([run('compare'), run('compare', '--json'), run('compare', '--markdown'), run('compare', A, B, '--html')]);
  expect(text.stderr).toContain('The latest night is the champion');
  expect(text.stdout).toMatch(/AUC +0\.7000 +0\.8000 \(\+0\.1000\)/);
  expect(JSON.parse(json.stdout)).toMatchObject({ task: 'binary', runs: [{ run_id: A }, { run_id: B }], differences: [{ kind: 'seed', name: 'seed', values: ['1', '2'] }, { name: 'as_of' }], paired: { why: expect.stringContaining('no test batch is kept') } });
  expect(markdown.stdout).toContain('| seed | seed | 1 → 2 |');
  expect(html.stdout).toMatch(/^<!doctype html>\n<html lang="en">/);
});

test.each([
  [['runs', '../../etc'], 'run-unknown'],
  [['compare', '2001', A], 'run-ambiguous'],
  [['compare', A, '--rows'], 'usage'],
])('bad usage ends with exit code 2 and says so in JSON: %j', async (args, code) => {
  const { code: exit, stdout } = await run(...args, '--json');
  expect({ exit, error: (JSON.parse(stdout) as { error: { code: string } }).error.code }).toEqual({ exit: 2, error: code });
});

test('two shapes at once are refused', async () => {
  expect(await run('compare', '--markdown', '--html')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--markdown and --html') });
});

test('where nothing has run there is nothing to show, and looking makes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-none-'));
  try {
    writeFileSync(join(folder, 'pipeline.yaml'), YAML);
    for (const command of ['runs', 'compare']) expect(await runJob([command, '--project', folder])).toMatchObject({ stdout: '', stderr: expect.stringContaining('There is no record of runs yet') });
    expect(() => readFileSync(join(folder, 'data/runs.db'))).toThrow('ENOENT');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a record of a newer version and a corrupt one are refused by name', async () => {
  const other = makeProject();
  try {
    writeFileSync(join(other.folder, 'pipeline.yaml'), YAML);
    other.registry.close();
    const database = new Database(other.places.registry);
    database.pragma('user_version = 99');
    database.close();
    const newer = await runJob(['runs', '--json', '--project', other.folder]);
    writeFileSync(other.places.registry, 'this is not a database, whatever its name says'.repeat(50));
    const corrupt = await runJob(['compare', '--json', '--project', other.folder]);
    expect([newer, corrupt].map(({ stdout }) => (JSON.parse(stdout) as { error: { code: string } }).error.code)).toEqual(['registry-newer', 'registry-corrupt']);
  } finally {
    other.close();
  }
});
