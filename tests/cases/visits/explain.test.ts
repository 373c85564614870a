import { appendFileSync, cpSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { KINDS } from '../../contract/warehouses.ts';
import { type JobResult, runJob, runNightJson } from '../../support/job.ts';
import { makeProject } from './project.ts';

const NIGHT = '2024-03-27';

interface Explained {
  readonly score: number;
  readonly base: number;
  readonly rank: number;
  readonly rows: number;
  readonly class: string;
  readonly published: boolean;
  readonly model_run: string;
  readonly features: readonly { readonly feature: string; readonly value: string | number; readonly median: string | number; readonly contribution: number; readonly sql: readonly string[]; readonly encoded: readonly { as: string; value: number }[] | null }[];
  readonly since: { readonly state: string; readonly changes?: readonly unknown[]; readonly why?: string };
  readonly notes: readonly string[];
}

describe.each(KINDS)('a score explained, in %s', (kind) => {
  let project: string;
  let runId: string;
  let scored: Readonly<Record<string, string>>;
  let visit: Readonly<Record<string, string>>;

  const at = (name: string): string => join(project, name);
  const csv = (): string => at('../visits.csv');
  const rowsIn = (file: string): readonly Record<string, string>[] => parse(readFileSync(file, 'utf8'), { columns: true });
  const explain = (...words: readonly string[]): Promise<JobResult> => runJob(['explain', ...words, '--project', project, '--warehouse', kind]);
  const explained = async (...words: readonly string[]): Promise<Explained> => {
    const { code, stdout, stderr } = await explain(...words, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Explained;
  };
  /** Works with a file as it is then, and as it was afterwards. */
  const changing = async (file: string, change: (text: string) => string, act: () => Promise<void>): Promise<void> => {
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, change(before));
    if (readFileSync(file, 'utf8') === before) throw new Error(`${file} was not changed`);
    try {
      await act();
    } finally {
      writeFileSync(file, before);
    }
  };
  const away = async (path: string, act: () => Promise<void>): Promise<void> => {
    renameSync(path, `${path}.away`);
    try {
      await act();
    } finally {
      renameSync(`${path}.away`, path);
    }
  };

  beforeAll(async () => {
    project = await makeProject();
    runId = (await runNightJson(['--project', project, '--as-of', NIGHT, '--warehouse', kind])).run_id;
    scored = rowsIn(at(`data/scores/${NIGHT}.csv`)).find(({ rank }) => rank === '1')!;
    visit = rowsIn(csv()).find(({ visit_id: id }) => id === scored['visit_id'])!;
  });

  afterAll(() => rmSync(join(project, '..'), { recursive: true, force: true }));

  test('has the published score, rank and class, and contributions that lead from the usual row to it', async () => {
    const found = await explained(scored['visit_id']!);
    expect(found).toMatchObject({ score: Number(scored['score']), rank: Number(scored['rank']), class: '1', rows: 40, published: true, model_run: runId, notes: [], since: { state: 'equal' } });
    expect(found.features.reduce((sum, { contribution }) => sum + contribution, found.base)).toBeCloseTo(found.score, 12);
    const spend = found.features.find(({ feature }) => feature === 'spend')!;
    expect([spend.value, spend.sql]).toEqual([Number(visit['spend']), ['features.sql', 'rows.sql']]);
    // What was spent tells most of who returns; the median of the planted amounts is 50.
    expect([found.features[0]!.feature, Math.round(Number(spend.median) / 10)]).toEqual(['spend', 5]);
    expect(spend.encoded).toEqual([{ as: 'scaled', value: expect.any(Number) }]);
    const text = await explain(scored['visit_id']!, '--as-of', NIGHT, '--run', runId);
    expect(text.stdout).toMatch(/visit_id \d+ was scored 0\.\d{4}[\s\S]*exact, by all \d+ combinations[\s\S]*Nothing has changed\./);
  });

  test('does not follow today’s source, and tells what it says otherwise', async () => {
    const id = scored['visit_id']!;
    const before = await explained(id);
    const line = Object.values(visit).join(',');
    await changing(csv(), (text) => text.replace(line, line.replace(`,${visit['spend']},`, ',0.5,')), async () => {
      expect(await explained(id)).toEqual({ ...before, since: { state: 'changed', changes: [{ feature: 'spend', before: Number(visit['spend']), now: 0.5 }] } });
    });
    await changing(csv(), (text) => text.replace(`${line}\n`, ''), async () => expect((await explained(id)).since).toEqual({ state: 'gone' }));
    await away(csv(), async () => expect(await explained(id)).toEqual({ ...before, since: { state: 'unknown', why: expect.stringContaining('visits.csv') } }));
    await changing(at('steps/01-extract/features.sql'), (text) => text.replace('r."spend",', '0.0 AS "spend",'), async () => expect(await explained(id)).toEqual(before));
    await away(at('steps/01-extract'), async () => expect(await explained(id)).toEqual({ ...before, since: { state: 'unknown', why: expect.any(String) } }));
  });

  test('shows nothing of sensitive columns, nor of a sensitive key', async () => {
    const words = ['--set', 'sensitive=[spend, kind, visit_id]'];
    const line = Object.values(visit).join(',');
    const raw = new RegExp(`(?<![\\d.])(${visit['spend']!.replace('.', '\\.')}|${visit['visit_id']!}|7\\.25)(?!\\d)`);
    await changing(csv(), (text) => text.replace(line, line.replace(`,${visit['spend']},`, ',7.25,')), async () => {
      const [text, json, wrong] = [await explain(visit['visit_id']!, ...words), await explain(visit['visit_id']!, ...words, '--json'), await explain('123456', ...words)];
      expect([text.code, json.code, wrong.code]).toEqual([0, 0, 2]);
      for (const { stdout, stderr } of [text, json, wrong]) expect(stdout + stderr).not.toMatch(raw);
      const found = JSON.parse(json.stdout) as Explained;
      const spend = found.features.find(({ feature }) => feature === 'spend')!;
      expect(spend).toMatchObject({ value: expect.stringMatching(/^#[0-9a-f]{12}$/), median: expect.stringMatching(/^#/), encoded: null, contribution: expect.any(Number) });
      expect(found.features.find(({ feature }) => feature === 'minutes')?.value).toBe(Number(visit['minutes']));
      expect(found.since.state).toBe('changed');
    });
    // `logs/` tells of the night alone.
    expect(readdirSync(at('logs')).filter((name) => name.includes('explain'))).toEqual([]);
  });

  test('of a batch scored on demand stands beside the highest scores, and says what explain says', async () => {
    const { code } = await runJob(['score', '--project', project, '--warehouse', kind, '--query', `SELECT * FROM visits WHERE visited_on = '${NIGHT}'`, '--output', at('why.csv'), '--as-of', NIGHT, '--columns', 'key', '--explain', '3']);
    expect(code).toBe(0);
    const rows = rowsIn(at('why.csv')).toSorted((a, b) => Number(b['score']) - Number(a['score']));
    expect(rows.map(({ why }) => why !== '')).toEqual(rows.map((_, i) => i < 3));
    const { features } = await explained(rows[0]!['visit_id']!);
    expect(rows[0]!['why']).toBe(features.slice(0, 3).map(({ feature, contribution }) => `${feature} ${contribution < 0 ? '−' : '+'}${Math.abs(contribution).toFixed(4)}`).join('; '));
  });

  // What follows is no engine’s affair.
  if (kind !== 'sqlite') return;

  test('of a try is told from what it kept, and said to be no published one', async () => {
    const tried = await runNightJson(['--project', project, '--as-of', NIGHT, '--warehouse', kind, '--try', '--set', 'seed=7', '--set', 'model.family=gbdt']);
    const found = await explained(scored['visit_id']!, '--run', tried.run_id);
    expect(found).toMatchObject({ published: false, model_run: tried.run_id, notes: [expect.stringContaining('is not what is published')], rows: 40 });
    expect([found.score === Number(scored['score']), found.rank >= 1 && found.rank <= 40]).toEqual([false, true]);
    expect((await explained(scored['visit_id']!)).model_run).toBe(runId);
  });

  test('that the model does not give the kept row is said', async () => {
    const file = at(`data/batches/${runId}/scored.db`);
    cpSync(file, at('scored.db'));
    const database = new Database(file);
    database.prepare('UPDATE fresh SET spend = 1 WHERE visit_id = ?').run(Number(scored['visit_id']));
    database.close();
    expect(await explained(scored['visit_id']!)).toMatchObject({ score: Number(scored['score']), notes: [expect.stringMatching(/^The model gives 0\.\d+ today, and 0\.\d+ was published: run\.sh verify/)] });
    renameSync(at('scored.db'), file);
  });

  test('is refused by name: an unknown key, night or run, a pruned batch, a model that is gone or altered', async () => {
    const id = scored['visit_id']!;
    const refused = async (...words: readonly string[]): Promise<readonly unknown[]> => {
      const { code, stderr } = await explain(...words);
      return [code, stderr];
    };
    expect(await refused('999999')).toEqual([2, expect.stringMatching(/No row of .* has this key[\s\S]*one of its 40 rows, such as \d+/)]);
    expect(await refused(id, '--as-of', '2024-03-01')).toEqual([2, expect.stringMatching(/No scores were published for 2024-03-01[\s\S]*the last 1: 2024-03-27/)]);
    expect(await refused(id, '--as-of', 'soon')).toEqual([2, expect.stringContaining('Expected a day')]);
    expect(await refused(id, '--run', 'nobody')).toEqual([2, expect.stringContaining('There is no such run')]);
    expect(await refused(id, '--run', runId, '--as-of', '2024-03-01')).toEqual([2, expect.stringContaining('not of that as-of date')]);
    await away(at(`data/batches/${runId}`), async () => expect(await refused(id)).toEqual([1, expect.stringMatching(new RegExp(`not kept, or no longer[\\s\\S]*score ${scored['score']!}, rank ${scored['rank']!}, class 1`))]));
    await away(at(`models/${runId}`), async () => expect(await refused(id)).toEqual([1, expect.stringContaining('is gone')]));
    cpSync(at(`models/${runId}/decision.json`), at('decision.json'));
    appendFileSync(at(`models/${runId}/decision.json`), ' ');
    expect(await refused(id)).toEqual([1, expect.stringContaining('decision.json')]);
    renameSync(at('decision.json'), at(`models/${runId}/decision.json`));
  });
});
