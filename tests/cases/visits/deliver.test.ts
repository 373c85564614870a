import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { openWarehouse } from '../../../src/warehouse/open.ts';
import { runJob, runNightJson } from '../../support/job.ts';
import { startChild } from '../../warehouse/child.ts';
import { makeProject } from './project.ts';

type Row = Readonly<Record<string, string>>;

let project: string;

const at = (name: string): string => join(project, name);
const night = (asOf: string, more: readonly string[] = [], env: NodeJS.ProcessEnv = {}): ReturnType<typeof runNightJson> => runNightJson(['--project', project, '--as-of', asOf, ...more], { env });
const bytes = (name: string): string => readFileSync(at(`delivered/${name}`), 'utf8');
const rowsOf = (file: string): readonly Row[] => parse(readFileSync(file, 'utf8'), { columns: true });

beforeAll(async () => {
  project = await makeProject();
  appendFileSync(at('pipeline.yaml'), 'deliver:\n  folder: delivered\n  formats: [csv, jsonl, parquet]\n  name: returns\n  columns: {visit_id: visit, score: p_returns, class: returns, as_of: day}\n');
});

afterAll(() => rmSync(join(project, '..'), { recursive: true, force: true }));

describe('a published night', () => {
  test('is delivered in every format under the names that are asked for, as a dated file and as the latest', async () => {
    expect((await night('2024-03-26')).code).toBe(0);
    expect(readdirSync(at('delivered')).sort()).toEqual(['2024-03-26', 'latest'].flatMap((which) => ['csv', 'jsonl', 'parquet'].map((format) => `returns-${which}.${format}`)));
    const published = rowsOf(at('data/scores/2024-03-26.csv')).map(({ visit_id, score, class: label, as_of }) => ({ visit: visit_id, p_returns: score, returns: label, day: as_of }));
    expect(published).toHaveLength(40);
    expect(rowsOf(at('delivered/returns-2024-03-26.csv'))).toEqual(published);
    const values = published.map(({ visit, p_returns, returns, day }) => ({ visit: Number(visit), p_returns: Number(p_returns), returns: Number(returns), day }));
    expect(bytes('returns-2024-03-26.jsonl').trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(values);
    const reader = await openWarehouse({ kind: 'duckdb', file: ':memory:' });
    await reader.attach([{ name: 'delivered', location: { kind: 'parquet', files: [at('delivered/returns-latest.parquet')] }, types: {} }]);
    expect(await reader.rows('SELECT * FROM delivered')).toEqual(values);
    expect((await reader.columns('SELECT * FROM delivered', 'delivered')).map(({ type }) => type)).toEqual(['BIGINT', 'DOUBLE', 'BIGINT', 'DATE']);
    await reader.close();
  });

  test('of a later date becomes the latest, one of an earlier date does not', async () => {
    expect((await night('2024-03-27')).code).toBe(0);
    expect((await night('2024-03-25')).code).toBe(0);
    expect(bytes('returns-latest.csv')).toBe(bytes('returns-2024-03-27.csv'));
    expect(existsSync(at('delivered/returns-2024-03-25.csv'))).toBe(true);
  });

  test('that was killed before it was delivered is delivered by the next start', async () => {
    expect((await night('2024-03-28', [], { NIGHTSHIFT_KILL_AT: 'file-renamed' })).code).toBe(1);
    expect(existsSync(at('delivered/returns-2024-03-28.csv'))).toBe(false);
    const { code, stderr } = await runJob(['--project', project, '--as-of', '2024-03-28']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('follow what was published for 2024-03-28')]);
    expect(bytes('returns-latest.csv')).toBe(bytes('returns-2024-03-28.csv'));
  });
});

describe('before anything is trained', () => {
  test('a column that scores do not have is named, with the closest that they have', async () => {
    const { code, error, steps } = await night('2024-03-29', ['--set', 'deliver.columns={skore: s}', '--publish']);
    expect([code, steps, error?.found]).toEqual([2, [], 'skore']);
    expect(error?.fix).toContain('score');
  });

  test('a folder that cannot be is named', async () => {
    writeFileSync(at('a-file'), '');
    const { code, error, steps } = await night('2024-03-29', ['--set', 'deliver.folder=a-file/scores', '--publish']);
    expect([code, steps, error?.where]).toEqual([1, [], expect.stringContaining('a-file')]);
  });
});

test('a night waits for a dashboard that holds its DuckDB file, and says who it is', async () => {
  const args = ['--warehouse', 'duckdb', '--set', 'state=duck', '--publish'];
  const child = await startChild('hold', 'duckdb', at('duck/data/warehouse.duckdb'));
  try {
    await child.heard('holding');
    const { code, stderr } = await runJob(['--project', project, '--as-of', '2024-03-26', ...args], {
      during: (job) => job.stderr?.on('data', (said) => String(said).includes('held by process') && child.process.stdin.end()),
    });
    expect([code, stderr]).toEqual([0, expect.stringContaining(`held by process ${child.process.pid}`)]);
  } finally {
    await child.kill();
  }
});
