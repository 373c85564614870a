import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type JobResult, type NightJson, runJob, runNightJson } from '../../support/job.ts';
import { makeProject, visitsCsv } from './project.ts';

interface ReplayJson {
  readonly rows: number;
  readonly runs: readonly string[];
  readonly total: Readonly<Record<string, number>>;
  readonly features: readonly { readonly feature: string; readonly counts: Readonly<Record<string, number>>; readonly examples: readonly { readonly kept: number; readonly key: Readonly<Record<string, unknown>> }[] }[];
}

type Night = NightJson & { readonly code: number | null; readonly stderr: string };

let project: string;
let leaky: Night;
let stopped: Night;
let leak: { readonly code: number | null; readonly json: ReplayJson };

const at = (...path: readonly string[]): string => join(project, ...path);
const run = (...words: readonly string[]): Promise<JobResult> => runJob([...words, '--project', project]);
const night = (asOf: string): Promise<Night> => runNightJson(['--project', project, '--as-of', asOf]);

async function features(...words: readonly string[]): Promise<{ code: number | null; json: ReplayJson }> {
  const { code, stdout } = await run('verify', '--features', '--json', ...words);
  return { code, json: JSON.parse(stdout) as ReplayJson };
}

/** Not equal, by feature. */
const findings = ({ features: all }: ReplayJson): readonly unknown[] => all.filter(({ counts }) => Object.entries(counts).some(([verdict, rows]) => verdict !== 'equal' && rows > 0)).map(({ feature, counts }) => [feature, Object.keys(counts).filter((verdict) => verdict !== 'equal' && counts[verdict]! > 0)]);

/** The visits as they are known on the morning of a day: nothing of later days, and who returns is not known of the day itself. */
function visitsAsOf(day: string, change: (line: string) => string = (line) => line): void {
  const [header, ...lines] = visitsCsv().trim().split('\n');
  const there = lines.filter((line) => line.split(',')[1]! <= day).map((line) => (line.includes(`,${day},`) ? line.replace(/[^,]*$/, '') : line));
  writeFileSync(at('../visits.csv'), `${[header, ...there.map(change)].join('\n')}\n`);
}

function rewrite(file: string, change: (text: string) => string): void {
  const text = readFileSync(at(file), 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`${file} was not changed`);
  writeFileSync(at(file), changed);
}

const LEAK = `(SELECT count(*) FROM {{ visits }} AS v WHERE v."kind" = r."kind") AS "kind_visits",\n  r."spend",`;

/** A night with a feature that counts visits of all time; the night after it, which looks back. */
beforeAll(async () => {
  project = await makeProject();
  rewrite('steps/01-extract/features.sql', (sql) => sql.replace('r."spend",', LEAK));
  rewrite('pipeline.yaml', (yaml) => yaml.replace('number: [spend', 'number: [kind_visits, spend'));
  appendFileSync(at('pipeline.yaml'), 'replay: {rows: 30}\n');
  visitsAsOf('2024-03-25');
  leaky = await night('2024-03-25');
  visitsAsOf('2024-03-26');
  stopped = await night('2024-03-26');
  leak = await features('--as-of', '2024-03-25');
});

afterAll(() => rmSync(join(project, '..'), { recursive: true, force: true }));

describe('a feature that counts what has not happened yet', () => {
  test('passes the night that it comes with, and stops the next one, which looks back', () => {
    expect([leaky.code, stopped.code, stopped.status]).toEqual([0, 4, 'checks_failed']);
    expect(stopped.error?.found).toMatch(/peeks in 30 of 30 rows: kind_visits of visit_id=\d+ in fresh of 2024-03-25/);
    expect(readFileSync(at('logs/06-test.csv'), 'utf8')).toMatch(/2024-03-26,[^,]*,replay,,\d+(\.\d+)?,failed/);
  });

  test('is found by verify --features, it alone, in every row of every batch', () => {
    expect([leak.code, findings(leak.json)]).toEqual([1, [['kind_visits', ['peeks']]]]);
    const finding = leak.json.features.find(({ feature }) => feature === 'kind_visits');
    expect(finding?.counts['peeks']).toBe(leak.json.rows);
    expect(leak.json.rows).toBeGreaterThan(300);
  });

  test('stops no night once it is mended, and every value of that night is equal', async () => {
    rewrite('steps/01-extract/features.sql', (sql) => sql.replace('WHERE v."kind"', 'WHERE v."visited_on_day" < r."visited_on_day" AND v."kind"'));
    const mended = await night('2024-03-26');
    expect([mended.code, mended.model?.run]).toEqual([0, mended.run_id]);
    expect(readFileSync(at('logs/06-test.csv'), 'utf8')).toContain('no earlier night is kept whose features the same SQL made');
    const { code, stdout, stderr } = await run('verify', '--features', mended.run_id, '--sample', '90');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/Verified: \d+ values of 90 rows of 1 run are equal/)]);
    expect(stdout).toMatch(/feature +rows +equal\n +the row +90 +90\n/);
  });
});

describe('verify --features refuses', () => {
  test.each([
    ['a sample of no rows', ['verify', '--features', '--sample', '0'], 'whole number from 1 on'],
    ['a sample that is no number', ['verify', '--features', '--sample', 'many'], 'whole number from 1 on'],
    ['its options without it', ['verify', 'latest', '--sample', '5'], 'goes with --features'],
    ['one night named in two ways', ['verify', '--features', 'latest', '--as-of', '2024-03-25'], 'named in two ways'],
    ['no run at all without it', ['verify'], 'needs a run'],
    ['a date without a run', ['verify', '--features', '--as-of', '2020-01-01'], 'no run of this as-of date'],
  ])('%s', async (_, words, says) => {
    const { code, stderr, stdout } = await run(...words);
    expect([code, stderr, stdout]).toEqual([2, expect.stringContaining(says), '']);
  });

  test('a run whose batches are gone, by name', async () => {
    rmSync(at('data/batches', leaky.run_id), { recursive: true });
    const { code, stderr } = await run('verify', '--features', leaky.run_id);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`data/batches/${leaky.run_id}`)]);
  });
});
