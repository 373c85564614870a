import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { metricsOf } from '../../../src/evaluation/metrics.ts';
import { type JobResult, type NightJson, runJob, runNightJson } from '../../support/job.ts';
import { makeProject, writeVisits } from './project.ts';

interface OutcomeJson {
  readonly name: string;
  readonly known_as_of: string;
  readonly model_run: string | null;
  readonly nights: number;
  readonly rows: number;
  readonly labelled: number;
  readonly verdict: string;
  readonly metrics: readonly { readonly metric: string; readonly value: number | null; readonly low: number | null; readonly high: number | null; readonly promised: number | null }[];
}

interface OutcomesJson {
  readonly known_as_of: string;
  readonly nights: readonly OutcomeJson[];
  readonly models: readonly OutcomeJson[];
  readonly ages: readonly OutcomeJson[];
  readonly recent: OutcomeJson | null;
  readonly waiting: readonly string[];
  readonly gone: number;
  readonly missing: number;
}

type Night = NightJson & { readonly code: number | null; readonly stderr: string; readonly alarms?: readonly string[] };

let project: string;
let first: Night;
let turned: Night;

const run = (...words: readonly string[]): Promise<JobResult> => runJob([...words, '--project', project]);
const night = (asOf: string, ...more: readonly string[]): Promise<Night> => runNightJson(['--project', project, '--as-of', asOf, ...more]);
const found = async (...more: readonly string[]): Promise<OutcomesJson> => JSON.parse((await run('outcomes', '--json', ...more)).stdout) as OutcomesJson;
const metric = (outcome: OutcomeJson | undefined | null, name: string): OutcomeJson['metrics'][number] | undefined => outcome?.metrics.find((one) => one.metric === name);
const rowsOf = (file: string): readonly Readonly<Record<string, string>>[] => parse(readFileSync(file, 'utf8'), { columns: true }) as Record<string, string>[];

/** The metrics of a night by hand: its delivered scores and the source's labels, joined by the key. */
function byHand(asOf: string, state = ''): ReadonlyMap<string, number | null> {
  const labels = new Map(rowsOf(join(project, '../visits.csv')).map((row) => [row['visit_id'], Number(row['returned'])]));
  const scores = rowsOf(join(project, state, 'data/scores', `${asOf}.csv`));
  return metricsOf('binary', { labels: Float64Array.from(scores, (row) => labels.get(row['visit_id'])!), predictions: Float64Array.from(scores, (row) => Number(row['score'])), decided: Uint8Array.from(scores, (row) => Number(row['class'])) });
}

function recorded(): readonly unknown[] {
  const database = new Database(join(project, 'data/runs.db'), { readonly: true });
  const rows = database.prepare('SELECT kind, name, known_as_of, labelled, content FROM outcomes ORDER BY sequence').raw().all();
  database.close();
  return rows;
}

/** Four nights, all scored by the first one's model. */
beforeAll(async () => {
  project = await makeProject();
  first = await night('2024-03-25');
  for (const asOf of ['2024-03-26', '2024-03-27', '2024-03-28']) await night(asOf, '--score-only');
});

afterAll(() => rmSync(join(project, '..'), { recursive: true, force: true }));

describe('scores whose labels have become known', () => {
  test('come to what their files and the source say by hand, night by night', async () => {
    const { nights } = await found('--as-of', '2024-03-28');
    expect(nights.map(({ name, labelled, rows }) => [name, labelled, rows])).toEqual([['2024-03-25', 40, 40], ['2024-03-26', 40, 40], ['2024-03-27', 40, 40]]);
    for (const one of nights) {
      const expected = byHand(one.name);
      for (const name of ['auc', 'log_loss', 'accuracy', 'precision', 'recall']) expect(metric(one, name)?.value).toBeCloseTo(expected.get(name)!, 10);
    }
  });

  test('are not counted before they are known, though the source has them', async () => {
    const { nights, waiting } = await found('--as-of', '2024-03-27');
    expect(nights.map(({ name }) => name)).toEqual(['2024-03-25', '2024-03-26']);
    expect(waiting).toEqual([]);
  });

  test('stand beside what the test batch promised, by model and by its age', async () => {
    const { models, ages, recent } = await found('--as-of', '2024-03-28');
    expect(models.map(({ name, nights }) => [name, nights])).toEqual([[first.run_id, 3]]);
    expect(ages.map(({ name, nights }) => [name, nights])).toEqual([['0–1 days', 2], ['2–7 days', 1]]);
    const mean = ['2024-03-25', '2024-03-26', '2024-03-27'].reduce((sum, asOf) => sum + byHand(asOf).get('auc')! / 3, 0);
    expect(metric(recent, 'auc')?.value).toBeCloseTo(mean, 10);
    expect(metric(recent, 'auc')?.promised).toBeGreaterThan(0.6);
    expect(recent?.verdict).toBe('kept');
  });

  test('are kept once, however often they are looked at', async () => {
    await found('--as-of', '2024-03-28');
    const [before, log] = [recorded(), readFileSync(join(project, 'logs/outcomes.csv'), 'utf8')];
    const [one, two] = [await run('outcomes', '--json', '--as-of', '2024-03-28'), await run('outcomes', '--json', '--as-of', '2024-03-28')];
    expect(one.stdout).toBe(two.stdout);
    expect(recorded()).toEqual(before);
    expect(readFileSync(join(project, 'logs/outcomes.csv'), 'utf8')).toBe(log);
    expect(rowsOf(join(project, 'logs/outcomes.csv')).filter((row) => row['kind'] === 'night' && row['as_of'] === '2024-03-25' && row['metric'] === 'auc')).toHaveLength(1);
  });

  test('were measured by the nights themselves, from their own features', () => {
    const kept = recorded() as readonly (readonly [string, string, string])[];
    expect(kept.filter(([kind]) => kind === 'night').map(([, name, knownAsOf]) => [name, knownAsOf])).toEqual([['2024-03-25', '2024-03-26'], ['2024-03-26', '2024-03-27'], ['2024-03-27', '2024-03-28']]);
  });
});

describe('scores that do not come true', () => {
  beforeAll(async () => {
    turn('2024-03-25');
    turned = await night('2024-03-29', '--score-only');
  });

  test('are said by the night, also when it is quiet, and its exit code stays', () => {
    expect([turned.code, turned.status]).toEqual([0, 'done']);
    expect(turned.alarms).toEqual([expect.stringContaining('fell below what the test batch promised, by more than noise: AUC')]);
    expect(turned.stderr).toContain('! The last 4 nights whose labels are known fell below');
  });

  test('are said by the command, the page of the run, the index and a comparison', async () => {
    const said = await run('outcomes', '--as-of', '2024-03-29', '--quiet');
    expect([said.code, said.stderr]).toEqual([0, expect.stringContaining('fell below what the test batch promised')]);
    await run('report');
    const page = readFileSync(join(project, 'models', first.run_id, 'report.html'), 'utf8');
    expect(page).toContain('below the promise by more than noise');
    expect(page).toContain('<th scope="row">2024-03-28</th>');
    expect(readFileSync(join(project, 'logs/report.html'), 'utf8')).toContain('<td class="n">100.0%</td>');
    expect((await run('compare', first.run_id, turned.run_id)).stdout).toMatch(/What came true[^]*below by more than noise/);
  });

  test('labels that are corrected are one more record, known by its own date, and the alarm is over', async () => {
    writeVisits(project);
    const { nights, recent } = await found('--as-of', '2024-03-30');
    expect(metric(nights.find(({ name }) => name === '2024-03-26'), 'auc')?.value).toBeCloseTo(byHand('2024-03-26').get('auc')!, 10);
    expect(recent?.verdict).toBe('kept');
    const kept = recorded() as readonly (readonly [string, string, string])[];
    expect(kept.filter(([kind, name]) => kind === 'night' && name === '2024-03-26').map(([, , knownAsOf]) => knownAsOf)).toEqual(['2024-03-27', '2024-03-29', '2024-03-30']);
  });
});

describe('what cannot be told', () => {
  test('no night before the date, and dates and numbers that are none, are named', async () => {
    const early = await run('outcomes', '--as-of', '2024-03-25');
    expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('No night was published before this date')]);
    expect((await run('outcomes', '--as-of', 'soon')).code).toBe(2);
    expect((await run('outcomes', '--last', '0')).code).toBe(2);
  });

  test('a night of which no label is known yet waits, and is no outcome', async () => {
    await night('2024-04-09', '--score-only');
    const { nights, waiting, recent } = await found('--as-of', '2024-04-10', '--last', '1');
    expect([nights, waiting, recent]).toEqual([[], ['2024-04-09'], null]);
    expect((await run('outcomes', '--as-of', '2024-04-10', '--last', '1')).stderr).toContain('1 published night of which no label is known yet: 2024-04-09');
  });

  test('rows that left the source are counted, and what --set changed is shown and not kept', async () => {
    const before = recorded();
    const file = join(project, '../visits.csv');
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').filter((line) => !line.includes(`,2024-03-26,`) || !line.startsWith('3401,')).join('\n'));
    const fewer = await found('--as-of', '2024-03-28', '--set', 'seed=2');
    writeVisits(project);
    expect([fewer.gone, fewer.nights.find(({ name }) => name === '2024-03-26')?.labelled]).toEqual([1, 39]);
    expect(recorded()).toEqual(before);
  });
});

test('DuckDB gives the same outcomes as the files say by hand', async () => {
  const other = ['--warehouse', 'duckdb'];
  await night('2024-03-25', ...other, '--set', 'state=duckdb', '--publish');
  await night('2024-03-26', ...other, '--set', 'state=duckdb', '--publish', '--score-only');
  const { stdout } = await run('outcomes', '--json', '--as-of', '2024-03-27', ...other, '--set', 'state=duckdb');
  const { nights } = JSON.parse(stdout) as OutcomesJson;
  expect(nights.map(({ name, labelled }) => [name, labelled])).toEqual([['2024-03-25', 40], ['2024-03-26', 40]]);
  for (const one of nights) expect(metric(one, 'auc')?.value).toBeCloseTo(byHand(one.name, 'duckdb').get('auc')!, 10);
  const database = new Database(join(project, 'duckdb/data/runs.db'), { readonly: true });
  expect(database.prepare("SELECT name FROM outcomes WHERE kind = 'night'").pluck().all()).toEqual(['2024-03-25']);
  database.close();
});

/** Gives the visits from a day on the other label. */
function turn(from: string): void {
  const file = join(project, '../visits.csv');
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => {
    const cells = line.split(',');
    if ((cells[1] ?? '') < from || (cells[5] !== '0' && cells[5] !== '1')) return line;
    return [...cells.slice(0, 5), cells[5] === '1' ? '0' : '1'].join(',');
  });
  writeFileSync(file, lines.join('\n'));
}
