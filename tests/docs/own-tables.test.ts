import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROOT, runJob, runNightJson, temporaryFolder } from '../support/job.ts';
import { type Block, blocksOf, readPage } from './pages.ts';

let home: string;
let project: string;
let shown: readonly string[];

/** Does what the page tells, in its order: files are saved in the project, commands are run in the checkout. */
beforeAll(() => {
  home = temporaryFolder('own tables');
  project = join(home, 'visits');
  const blocks = blocksOf(readPage('docs/own-tables.md'));
  shown = blocks.filter(({ language }) => language === 'text').map(({ text }) => text);
  for (const block of blocks) follow(block);
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function follow({ file, language, text }: Block): void {
  if (file !== undefined) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  } else if (language === 'sh') {
    const env = { ...process.env, HOME: home, NODE_OPTIONS: '' };
    execFileSync('sh', ['-e', '-c', text.startsWith('project=') ? text : `project=~/visits\n${text}`], { cwd: ROOT, env, stdio: 'pipe' });
  }
}

test('the project of the page runs as it is told there and publishes the day’s scores', async () => {
  const again = await runNightJson(['--project', project]);
  expect(again).toMatchObject({ status: 'unchanged', as_of: '2024-09-07', exit_code: 0 });
  const [header, ...rows] = readFileSync(join(project, 'data/scores/2024-09-07.csv'), 'utf8').trim().split('\r\n');
  expect(shown.join()).toContain(`${header}\n`);
  expect(rows).toHaveLength(50);
});

test('its flow charts are drawn into its own docs, and a stale one is named', async () => {
  expect(readdirSync(join(project, 'docs')).toSorted()).toEqual(['flow.md', 'flow.svg', 'pipeline.schema.json']);
  expect(readFileSync(join(project, 'docs/flow.md'), 'utf8')).toContain('customer_history');
  expect(await runJob(['docs', '--check', '--project', project])).toMatchObject({ code: 0 });
  const script = join(project, 'steps/01-extract/features.sql');
  const text = readFileSync(script, 'utf8');
  writeFileSync(script, `-- Said anew.\n${text}`);
  const stale = await runJob(['docs', '--check', '--project', project]);
  writeFileSync(script, text);
  expect(stale.code).toBe(1);
  expect(stale.stderr).toContain('found:    docs/flow.md\n');
});

test('the mistake of the page gets the message of the page', async () => {
  const file = join(project, 'steps/01-extract/customer_history.sql');
  const right = readFileSync(file, 'utf8');
  writeFileSync(file, right.replace('a.known_on_day <= r.cutoff_day', 'a.visit_date_day <= r.cutoff_day'));
  const { exit_code: code, error } = await runNightJson(['--project', project]);
  writeFileSync(file, right);
  expect(code).toBe(1);
  for (const told of [error?.what, error?.where, error?.found, error?.expected, error?.fix]) expect(shown.join()).toContain(told);
});

test('the step, the Jest test and the override of the page on steps run in it, and the model keeps the SQL that was run', async () => {
  const blocks = blocksOf(readPage('docs/steps.md')).filter(({ file }) => file?.endsWith('.ts'));
  expect(blocks).toHaveLength(2);
  for (const block of blocks) follow(block);
  const script = join(project, 'steps/01-extract/rows.sql');
  writeFileSync(script.replace('.sql', '.duckdb.sql'), `-- As DuckDB likes it.\n${readFileSync(script, 'utf8')}`);
  const { status, model, steps, scores } = await runNightJson(['--project', project, '--warehouse', 'duckdb']);
  expect(status).toBe('done');
  expect(steps.at(-1)).toMatchObject({ name: '08-notify', status: 'done', rows: expect.any(Number) });
  expect(scores?.rows).toBe(50);
  expect(readFileSync(join(project, 'logs/06-test.csv'), 'utf8')).toMatch(/no_certainty\.test\.ts,[^\n]*,ok,/);
  expect(readFileSync(join(model?.folder ?? '', 'sql/01-extract/rows.sql'), 'utf8')).toMatch(/^-- As DuckDB likes it\./);
});

test('the step of the page on extending is planned, run, logged and read, and its family trains, is saved, scores, and joins a blend', async () => {
  // Its commands are those below.
  for (const block of blocksOf(readPage('docs/extending.md')).filter(({ file }) => file !== undefined)) follow(block);
  const own = await runNightJson(['--project', project, '--try', '--set', 'model.family=rates', '--set', 'gates=[]']);
  expect([own.status, own.error, own.model?.family]).toEqual(['tried', undefined, 'rates']);
  expect(own.steps.map(({ name }) => name)).toContain('025-enrich');
  expect(readFileSync(join(project, 'logs/025-enrich.csv'), 'utf8')).toMatch(/,brakes,\d+,/);
  expect(readFileSync(join(project, 'logs/06-test.csv'), 'utf8')).toMatch(/no_service_is_scored_unseen\.sql,[^\n]*,ok,/);
  const blended = await runNightJson(['--project', project, '--try', '--set', 'model.family=auto', '--set', 'model.options={families: [linear, rates]}', '--set', 'gates=[]']);
  expect([blended.status, blended.error, blended.model?.family]).toEqual(['tried', undefined, 'auto']);
  expect(readFileSync(join(project, 'logs/03-train.csv'), 'utf8')).toMatch(/alone: (linear|rates) 0\.\d+ \(\d+ epochs\), (linear|rates) 0\.\d+ \(\d+ epochs\)/);
  const unknown = await runNightJson(['--project', project, '--try', '--set', 'model.family=rate']);
  expect(unknown).toMatchObject({ exit_code: 2, error: { fix: 'Did you mean rates?' } });
});

test('the split by hash of the page on steps splits it, too', async () => {
  for (const block of blocksOf(readPage('docs/steps.md')).filter(({ file }) => file?.startsWith('steps/02-split/'))) follow(block);
  const { status, steps, error } = await runNightJson(['--project', project, '--set', 'split.by=hash']);
  expect([status, error]).toEqual(['tried', undefined]);
  expect(steps.map(({ status: outcome }) => outcome)).not.toContain('failed');
});
