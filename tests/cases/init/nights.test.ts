import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { openWarehouse } from '../../../src/warehouse/open.ts';
import { type NightJson, runJob, runNightJson, shortenBudget, temporaryFolder } from '../../support/job.ts';
import { appointments, houses, plants, rents } from './tables.ts';

interface InitJson {
  readonly task: string;
  readonly positive: string | null;
  readonly unlabelled: number;
  readonly batches: { readonly fit: number; readonly validation: number; readonly test: number; readonly fresh: number };
  readonly left_out: readonly { readonly column: string }[];
  readonly warnings: readonly string[];
}

/** Quick, as the family by default need not be: what is tested is that the project runs. */
const QUICK = ['--set', 'model.family=linear', '--set', 'metrics.resamples=50', '--publish'];

let home: string;
const at = (...names: readonly string[]): string => join(home, ...names);

beforeAll(() => {
  home = temporaryFolder('init nights');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function init(project: string, from: string, target: string): Promise<InitJson> {
  const { code, stdout, stderr } = await runJob(['init', at(project), '--from', from, '--target', target, '--json']);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as InitJson;
}

/** Whatever came of a night, with what failed. */
function outcome({ status, exit_code: code, error }: NightJson): object {
  return { status, code, error };
}
const DONE = { status: 'done', code: 0, error: undefined };

describe('a regression without a key', () => {
  let made: InitJson;
  let night: NightJson;
  const score = (...words: readonly string[]): ReturnType<typeof runJob> => runJob(['score', '--project', at('houses'), ...words]);

  beforeAll(async () => {
    writeFileSync(at('houses.csv'), houses());
    made = await init('houses', at('houses.csv'), 'price');
    shortenBudget(at('houses'));
    const env = { ...process.env, NODE_OPTIONS: '' };
    night = JSON.parse(execFileSync('sh', [at('houses/run.sh'), '--json'], { cwd: '/', env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as NightJson;
  });

  test('runs as it is written, by its own run.sh, and makes the same keys in DuckDB', async () => {
    const { task, batches, warnings } = made;
    expect([task, warnings]).toEqual(['regression', [expect.stringContaining('"rooms" is a column of numbers with text in ')]]);
    expect(batches.fit + batches.validation + batches.test + batches.fresh).toBe(900);
    expect(outcome(night)).toEqual(DONE);
    expect(night.scores?.rows).toBe(batches.fresh);
    expect(night.metrics.test?.['r2']).toBeGreaterThan(0.8);
    expect(readFileSync(at('houses/logs/04-evaluate.csv'), 'utf8')).not.toContain(',warn,');
    for (const step of ['01-extract', '02-split']) expect((await runNightJson(['step', step, '--project', at('houses'), '--warehouse', 'duckdb', '--as-of', night.as_of])).exit_code).toBe(0);
    expect(await keysOf('houses', 'duckdb')).toEqual(await keysOf('houses', 'sqlite'));
  });

  test('scores a file of such rows on demand, equal ones too, and those that the night scored as it did', async () => {
    const [header, ...rows] = houses().trimEnd().split('\n');
    writeFileSync(at('more.csv'), [header, ...rows.toReversed(), rows[0], ''].join('\n'));
    for (const warehouse of ['sqlite', 'duckdb']) {
      const { code, stdout } = await score('--warehouse', warehouse, '--input', at('more.csv'), '--output', '-');
      const [names, ...scored] = stdout.trimEnd().split('\r\n');
      expect([code, names]).toEqual([0, `${header},score,class,run_id,as_of,score_low,score_high`]);
      expect(scored.map((line, i) => line.startsWith([...rows.toReversed(), rows[0]][i]!))).toEqual(Array.from({ length: 901 }, () => true));
      expect(scored.at(-1)).toBe(scored.at(-2));
      const scoresOf = (text: string): readonly (string | undefined)[] => parse<Record<string, string>>(text, { columns: true }).map((row) => row['score']);
      const found = new Set(scoresOf(stdout));
      expect(scoresOf(readFileSync(night.scores?.file ?? '', 'utf8')).filter((one) => !found.has(one))).toEqual([]);
    }
  });

  test('says that the key alone cannot be written, and which script has to pass all columns on', async () => {
    expect(await score('--input', at('more.csv'), '--output', '-', '--columns', 'key')).toMatchObject({ code: 2, stderr: expect.stringContaining('row_key, which the SQL makes') });
    const script = at('houses/steps/01-extract/rows.sql');
    const names = houses().split('\n')[0]!.split(',').map((name) => `"${name}"`).join(', ');
    writeFileSync(script, readFileSync(script, 'utf8').replace('SELECT *, md5', `SELECT ${names}, md5`));
    expect(outcome(await runNightJson(['--project', at('houses'), ...QUICK]))).toEqual(DONE);
    expect(await score('--input', at('more.csv'), '--output', '-')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('a script that makes row_key with SELECT *') });
  });
});

/** The keys of the fresh batch, which were made of what rows hold. */
async function keysOf(project: string, kind: 'sqlite' | 'duckdb'): Promise<readonly unknown[]> {
  const warehouse = await openWarehouse({ kind, file: at(project, 'data', kind === 'sqlite' ? 'warehouse.db' : 'warehouse.duckdb') });
  try {
    return (await warehouse.rows('SELECT row_key FROM fresh ORDER BY row_key')).map((row) => row['row_key']);
  } finally {
    await warehouse.close();
  }
}

describe('a multiclass table under headers that need quotes', () => {
  let made: InitJson;
  let night: NightJson;

  beforeAll(async () => {
    writeFileSync(at('plants.txt'), plants());
    made = await init('plants', at('plants.txt'), "it's: a kind");
    night = await runNightJson(['--project', at('plants'), ...QUICK]);
  });

  test('runs, and scores the rows whose class is yet to be told', () => {
    expect(outcome(night)).toEqual(DONE);
    expect(made.unlabelled).toBe(59);
    expect(night.scores?.rows).toBe(59);
    expect(readdirSync(at('plants/data/work'))).toEqual([night.run_id]);
    expect(night.metrics.test?.['accuracy']).toBeGreaterThan(0.6);
  });

  test('names the class of one row, and the column that no script can name', () => {
    expect(made.warnings.join('\n')).toContain('The class "rare \\"one\\"" of "it\'s: a kind" has 1 row');
    expect(made.left_out.map(({ column }) => column)).toEqual(['plant id', 'true']);
  });

  test('delivers a score for each class that training rows have', () => {
    const [first] = parse<Record<string, string>>(readFileSync(night.scores?.file ?? '', 'utf8'), { columns: true });
    expect(Object.keys(first ?? {})).toEqual(['plant id', 'as_of', 'run_id', 'score', 'class', 'rank', "score_lady's fern", 'score_moss', 'score_reed, common']);
  });
});

test('a regression that the test batch contradicts says that it is worse than no model, and that its interval does not hold', async () => {
  // Written as people do: day first, and a comma before a fraction.
  const written = rents().replaceAll(',', ';').replaceAll('.', ',').replace(/(\d{4})-(\d{2})-(\d{2})/g, '$3.$2.$1');
  writeFileSync(at('rents.csv'), written);
  await init('rents', at('rents.csv'), 'rent');
  const night = await runNightJson(['--project', at('rents'), ...QUICK]);
  expect(outcome(night)).toEqual(DONE);
  const held = night.metrics.test?.['coverage'] ?? NaN;
  expect(held).toBeLessThan(0.6);
  const log = readFileSync(at('rents/logs/04-evaluate.csv'), 'utf8');
  expect(log).toMatch(/,rmse against baseline,,,warn,"?rmse differs from that of baseline by [^\n]*: worse than without a model/);
  const onDemand = await runJob(['score', '--project', at('rents'), '--input', at('rents.csv'), '--output', '-', '--columns', 'key']);
  expect([onDemand.code, onDemand.stdout.trimEnd().split('\r\n').length]).toEqual([0, 2401]);
  expect(log).toContain(`,interval,,,warn,the interval of a score is to hold 95% of the labels and holds ${Math.round(held * 100)}% of those of the test batch`);
});

test('rows that recur are drawn together, so that six of each make intervals no narrower than one', async () => {
  const [header, ...rows] = houses().trimEnd().split('\n').slice(0, 401);
  const widths: number[] = [];
  for (const copies of [1, 6]) {
    writeFileSync(at('recurring.csv'), [header, ...Array.from({ length: copies }, () => rows).flat(), ''].join('\n'));
    await init(`recurring ${copies}`, at('recurring.csv'), 'price');
    expect(outcome(await runNightJson(['--project', at(`recurring ${copies}`), ...QUICK, '--set', 'metrics.resamples=300']))).toEqual(DONE);
    const record = new Database(at(`recurring ${copies}`, 'data/runs.db'), { readonly: true });
    const { low, high } = record.prepare<[], { low: number; high: number }>("SELECT low, high FROM metrics WHERE metric = 'mae' AND model = 'candidate' AND slice = 'all'").get()!;
    record.close();
    widths.push(high - low);
  }
  expect(widths[1]! / widths[0]!).toBeGreaterThan(0.7);
  expect(widths[1]! / widths[0]!).toBeLessThan(1.4);
});

test('a table of a SQLite file with a time is split by it, blind-tested, and runs in DuckDB', async () => {
  loadInto(at('shop.db'), appointments());
  const { task, positive, batches } = await init('visits', `${at('shop.db')}#appointments`, 'missed');
  expect([task, positive, batches.fresh]).toEqual(['binary', 'yes', 30]);
  const before = statSync(at('shop.db')).mtimeMs;
  const night = await runNightJson(['--project', at('visits'), '--warehouse', 'duckdb', ...QUICK]);
  expect(outcome(night)).toEqual(DONE);
  expect(night).toMatchObject({ as_of: '2024-03-20', scores: { rows: 30 } });
  expect(readFileSync(at('visits/logs/01-extract.csv'), 'utf8')).toContain('blind test of 2024-');
  expect(statSync(at('shop.db')).mtimeMs).toBe(before);
});

/** Puts a CSV text into a table, its columns typed as a careful person would. */
function loadInto(file: string, text: string): void {
  const db = new Database(file);
  db.exec('CREATE TABLE appointments (appointment_id INTEGER, customer_id INTEGER, visit_date TEXT, notice_days INTEGER, service TEXT, missed TEXT, known_on TEXT)');
  const insert = db.prepare('INSERT INTO appointments VALUES (?, ?, ?, ?, ?, ?, ?)');
  db.transaction((rows: readonly (readonly string[])[]) => rows.forEach((row) => insert.run(...row)))(parse(text).slice(1));
  db.close();
}
