import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type JobResult, type NightJson, runJob, runNightJson } from '../../support/job.ts';
import { makeProject, writeVisits } from './project.ts';

type Night = NightJson & { readonly code: number | null; readonly stderr: string };

let project: string;
const nights = new Map<string, Night>();
let history: string;

const night = async (asOf: string, ...more: readonly string[]): Promise<Night> => {
  const report = await runNightJson(['--project', project, '--as-of', asOf, ...more]);
  nights.set([asOf, ...more].join(' '), report);
  return report;
};
const of = (name: string): Night => nights.get(name) ?? fail(name);
const run = (...words: readonly string[]): Promise<JobResult> => runJob([...words, '--project', project]);
const scoresOf = (asOf: string): string => readFileSync(join(project, 'data/scores', `${asOf}.csv`), 'utf8');
const championOf = async (): Promise<{ model_run: string; pinned_until: string | null }> => JSON.parse((await run('champion', '--json')).stdout) as { model_run: string; pinned_until: string | null };

function fail(name: string): never {
  throw new Error(`${name} did not run`);
}

/** Five nights: a good one, one with labels of other rows, a good one, one whose SQL lost a feature, a good one. */
beforeAll(async () => {
  project = await makeProject();
  await night('2024-03-25');
  writeVisits(project, { labels: true });
  await night('2024-03-26');
  writeVisits(project);
  await night('2024-03-27');
  const sql = join(project, 'steps/01-extract/features.sql');
  const text = readFileSync(sql, 'utf8');
  writeFileSync(sql, text.replace('r."spend",', '0.0 AS "spend",'));
  if (readFileSync(sql, 'utf8') === text) throw new Error('the SQL was not spoilt');
  await night('2024-03-28');
  writeFileSync(sql, text);
  await night('2024-03-29', '--score-only');
  cpSync(join(project, 'data/scores/2024-03-29.csv'), join(project, 'by-champion.csv'));
  await night('2024-03-29');
  history = (await run('champion', 'history', '--json')).stdout;
});

afterAll(() => rmSync(join(project, '..'), { recursive: true, force: true }));

describe('the gates', () => {
  test('refuse exactly the nights that were spoilt, and the champion scores those', () => {
    expect(['2024-03-25', '2024-03-26', '2024-03-27', '2024-03-28', '2024-03-29'].map((asOf) => of(asOf).code)).toEqual([0, 3, 0, 3, 0]);
    expect(of('2024-03-26').model?.run).toBe(of('2024-03-25').run_id);
    expect(of('2024-03-28').model?.run).toBe(of('2024-03-27').run_id);
  });

  test('hold a candidate whose SQL lost a feature against the champion with its own SQL, on the same rows', async () => {
    const { stdout } = await run('runs', of('2024-03-28').run_id, '--json');
    const metrics = (JSON.parse(stdout) as { metrics: readonly { model: string; metric: string; slice: string; value: number }[] }).metrics;
    const auc = (model: string): number | undefined => metrics.find((one) => one.model === model && one.metric === 'auc' && one.slice === 'all')?.value;
    expect(auc('champion')! - auc('candidate')!).toBeGreaterThan(0.1);
  });
});

describe('the history', () => {
  test('names the champions from when to when, without the refused ones', () => {
    const reigns = JSON.parse(history) as readonly { model_run: string; after: string; until: string | null }[];
    expect(reigns.map(({ model_run, after, until }) => [model_run, after, until])).toEqual([
      [of('2024-03-29').run_id, '2024-03-29', null],
      [of('2024-03-27').run_id, '2024-03-27', '2024-03-29'],
      [of('2024-03-25').run_id, '2024-03-25', '2024-03-27'],
    ]);
  });
});

describe('commands on the champion', () => {
  test('refuse what did not hold its gates unless forced, and names that are none', async () => {
    const refused = await run('champion', 'promote', '2024-03-28', '--why', 'a test');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('did not hold what a champion has to hold');
    for (const name of ['../x', 'a/b', "x'y", 'two words']) expect((await run('champion', 'promote', name, '--why', 'a test')).code).toBe(2);
    expect((await championOf()).model_run).toBe(of('2024-03-29').run_id);
  });

  test('roll back to the champion before, whose scores are then byte for byte what it gave', async () => {
    const { code, stderr } = await run('champion', 'rollback', '--why', 'a test', '--rescore-from', '2024-03-29');
    expect([code, stderr]).toEqual([0, expect.stringContaining('Scored again')]);
    expect((await championOf()).model_run).toBe(of('2024-03-27').run_id);
    expect(scoresOf('2024-03-29')).toBe(readFileSync(join(project, 'by-champion.csv'), 'utf8'));
  });

  test('pin a champion that a good night does not replace, and is judged by', async () => {
    expect((await run('champion', 'pin', 'champion', '--until', '2024-03-30', '--why', 'a test')).code).toBe(0);
    const pinned = await night('2024-03-30');
    expect([pinned.code, pinned.status, pinned.model?.run]).toEqual([0, 'done', of('2024-03-27').run_id]);
    expect((await championOf()).model_run).toBe(of('2024-03-27').run_id);
  });
});

describe('a night whose training fails', () => {
  test('is scored by the champion, and says why there is no new model', async () => {
    const { code, status, model, stderr } = await night('2024-03-31', '--set', 'model.class_weights={nobody: 2}', '--publish');
    expect([code, status, model?.run]).toEqual([3, 'refused', of('2024-03-27').run_id]);
    expect(stderr).toContain('there is no new model');
    expect(scoresOf('2024-03-31').split('\n').length).toBeGreaterThan(40);
  });
});

describe('train.every', () => {
  test('lets a champion that is young enough score alone, and trains again when it is not', async () => {
    const young = await night('2024-04-01', '--set', 'train.every=7d', '--set', 'champion_max_age=3d', '--publish');
    expect(young.steps.map(({ name }) => name)).toEqual(['01-extract', '02-split', '05-score', '06-test', '07-publish']);
    expect(young.stderr).toContain('was trained 5 days ago; champion_max_age is 3 days');
    const old = await night('2024-04-03', '--set', 'train.every=7d', '--publish');
    expect(old.steps.map(({ name }) => name)).toContain('03-train');
  });
});

describe('verify', () => {
  test('finds every artefact equal, and says where one that was altered differs', async () => {
    const { code, stdout } = await run('verify', of('2024-03-27').run_id, '--json');
    const { differs, gone, equal } = JSON.parse(stdout) as { differs: number; gone: number; equal: number };
    expect([code, differs, gone]).toEqual([0, 0, 0]);
    expect(equal).toBeGreaterThan(10);
    const file = join(project, 'models', of('2024-03-27').run_id, 'decision.json');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace(/\d/, '9'));
    const altered = await run('verify', of('2024-03-27').run_id);
    writeFileSync(file, before);
    expect(altered.code).toBe(1);
    expect(altered.stdout).toMatch(/differs +model folder: .*decision\.json/);
  });

  test('names the batches that are no longer kept', async () => {
    rmSync(join(project, 'data/batches', of('2024-03-25').run_id), { recursive: true });
    const { code, stderr } = await run('verify', of('2024-03-25').run_id);
    expect(code).toBe(1);
    expect(stderr).toContain(of('2024-03-25').run_id);
  });
});

describe('prune', () => {
  test('prints what retention lets go of, frees it when told to, and never the model of a champion', async () => {
    const set = ['--set', 'retention.training=1d', '--set', 'retention.rows=2d', '--set', 'retention.logs=2d'];
    const told = JSON.parse((await run('prune', ...set, '--json')).stdout) as { freed: boolean; items: readonly { path: string }[] };
    expect(told.freed).toBe(false);
    const paths = told.items.map(({ path }) => path);
    expect(paths).toContain(`models/${of('2024-03-26').run_id}`);
    expect(paths).toContain('logs/run.csv');
    expect(paths.filter((path) => path.startsWith('models/') && [of('2024-03-25').run_id, of('2024-03-27').run_id].some((id) => path.includes(id)))).toEqual([]);
    expect((await run('prune', ...set, '--yes')).code).toBe(0);
    expect((JSON.parse((await run('prune', ...set, '--json')).stdout) as { items: readonly unknown[] }).items).toEqual([]);
    expect(readFileSync(join(project, 'logs/run.csv'), 'utf8')).not.toContain('2024-03-26');
    expect(scoresOf('2024-03-25')).toContain('visit_id');
  });
});
