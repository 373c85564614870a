import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { type JobResult, runJob, runNightJson } from '../../support/job.ts';
import { makeProject, visitsCsv } from './project.ts';

const NIGHT = '2024-03-27';
type Row = Readonly<Record<string, string>>;

let project: string;
let model: string;

const at = (name: string): string => join(project, name);
const rowsIn = (text: string): readonly Row[] => parse(text, { columns: true });
const rowsOf = (file: string): readonly Row[] => rowsIn(readFileSync(file, 'utf8'));
const score = (...words: readonly string[]): Promise<JobResult> => runJob(['score', '--project', project, '--as-of', NIGHT, ...words]);

/** Scores a text as a file. */
async function scoreText(text: string | Buffer, { name = 'batch.csv', more = [] }: { name?: string; more?: readonly string[] } = {}): Promise<JobResult & { readonly rows: readonly Row[]; readonly rejects: readonly Row[] }> {
  for (const file of ['out.csv', 'rejects.csv']) rmSync(at(file), { force: true });
  writeFileSync(at(name), text);
  const result = await score('--input', at(name), '--output', at('out.csv'), '--rejects', at('rejects.csv'), ...more);
  return { ...result, rows: existsSync(at('out.csv')) ? rowsOf(at('out.csv')) : [], rejects: existsSync(at('rejects.csv')) ? rowsOf(at('rejects.csv')) : [] };
}

/** The rows of one day as somebody brings them: in another order, with a column more and without the label. */
function dayCsv(): string {
  const [, ...lines] = visitsCsv().trim().split('\n');
  const ofDay = lines.filter((line) => line.includes(`,${NIGHT},`)).reverse();
  return ['note,spend,visit_id,visited_on,kind,minutes', ...ofDay.map((line, i) => {
    const [id, day, kind, spend, minutes] = line.split(',');
    return [i === 0 ? '=cmd()' : `note ${i}`, spend, id, day, kind, minutes].join(',');
  })].join('\n');
}

beforeAll(async () => {
  project = await makeProject();
  const night = await runNightJson(['--project', project, '--as-of', NIGHT]);
  model = night.run_id;
});

afterAll(() => rmSync(join(project, '..'), { recursive: true, force: true }));

describe('a batch scored on demand', () => {
  test('has the scores of the night bit for bit, in its own order, with every column that it came with', async () => {
    const { code, rows, stderr } = await scoreText(dayCsv());
    expect([code, stderr]).toEqual([0, expect.stringContaining('Scored 40 of 40 rows')]);
    const night = new Map(rowsOf(at(`data/scores/${NIGHT}.csv`)).map((row) => [row['visit_id'], row]));
    expect(rows.map((row) => [row['score'], row['class']])).toEqual(rows.map((row) => [night.get(row['visit_id'])?.['score'], night.get(row['visit_id'])?.['class']]));
    expect(rows.map(({ visit_id: id }) => Number(id))).toEqual(rows.map((_, i) => Number(rows[0]!['visit_id']) - i));
    expect(rows[0]).toMatchObject({ note: "'=cmd()", run_id: model, as_of: NIGHT });
  });

  test('has the same scores alone, gzipped, as JSON Lines, in UTF-16, and through a pipe', async () => {
    const text = dayCsv();
    const whole = (await scoreText(text)).rows.map((row) => row['score']);
    const [header, , second] = text.split('\n');
    expect((await scoreText(`${header}\n${second}\n`)).rows[0]?.['score']).toBe(whole[1]);
    expect((await scoreText(gzipSync(text), { name: 'batch.csv.gz' })).rows.map((row) => row['score'])).toEqual(whole);
    expect((await scoreText(Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'utf16le'))).rows.map((row) => row['score'])).toEqual(whole);
    const objects = rowsIn(text).map((row) => JSON.stringify({ ...row, visit_id: Number(row['visit_id']), spend: Number(row['spend']) })).join('\n');
    expect((await scoreText(objects, { name: 'batch.jsonl' })).rows.map((row) => row['score'])).toEqual(whole);
    const piped = await runJob(['score', '--project', project, '--as-of', NIGHT, '--input', '-', '--output', '-', '--columns', 'key'], { during: (child) => child.stdin?.end(text) });
    expect(rowsIn(piped.stdout).map((row) => row['score'])).toEqual(whole);
    expect(Object.keys(rowsIn(piped.stdout)[0]!)).toEqual(['visit_id', 'score', 'class', 'run_id', 'as_of']);
  });
});

const idAndScore = (row: Row): readonly [string, string] => [row['visit_id'] ?? '', row['score'] ?? ''];
const byId = ([a]: readonly [string, string], [b]: readonly [string, string]): number => Number(a) - Number(b);

describe('a batch that lies in the warehouse', () => {
  test('is scored by a query or whole, as from a file', async () => {
    const byFile = (await scoreText(dayCsv())).rows.map(idAndScore).toSorted(byId);
    const query = await score('--query', `SELECT * FROM visits WHERE visited_on = '${NIGHT}'`, '--output', '-', '--columns', 'key');
    expect(rowsIn(query.stdout).map(idAndScore).toSorted(byId)).toEqual(byFile);
    const table = await score('--table', 'visits', '--output', '-', '--columns', 'key');
    expect(rowsIn(table.stdout)).toHaveLength(4000);
    expect(rowsIn(table.stdout).filter(({ visit_id: id }) => byFile.some(([one]) => one === id)).map(idAndScore).toSorted(byId)).toEqual(byFile);
    expect((await score('--table', 'visits', '--query', 'SELECT 1', '--output', '-')).code).toBe(2);
  });
});

describe('rows that break the contract', () => {
  const bad = `visit_id,visited_on,kind,spend,minutes,extra
9001,${NIGHT},a,12.5,10,fine
9002,${NIGHT},a,"1,5",10,comma
9003,27.03.2024,a,3,10,date
,${NIGHT},a,3,10,no key
9001,${NIGHT},b,3,10,again
9005,${NIGHT},b,1e400,10,too large
9006,${NIGHT},b
9007,${NIGHT},b,5,10,ok,more
9008,${NIGHT},"b
c",5,10,two lines
9009,${NIGHT},b,,,gaps
9010,${NIGHT},b,7,9007199254740993,whole
`;

  test('go to the rejects with line, column, value and reason, and the others are scored', async () => {
    const { code, rows, rejects, stderr } = await scoreText(bad, { more: ['--set', 'score.limits.max_reject_share=0.9'] });
    expect(code).toBe(0);
    expect(rows.map((row) => row['visit_id'])).toEqual(['9001', '9008', '9009']);
    expect(rejects.map(({ line, column, value, reason }) => [line, column, value, reason])).toEqual([
      ['3', 'spend', '1,5', 'decimal-comma'],
      ['4', 'visited_on', '27.03.2024', 'bad-date'],
      ['5', 'visit_id', '', 'null-key'],
      ['6', 'visit_id', '9001', 'duplicate-key'],
      ['7', 'spend', '1e400', 'number-too-large'],
      ['8', '', '3 of 6 fields', 'too-few-fields'],
      ['9', '', '7 of 6 fields', 'too-many-fields'],
      ['13', 'minutes', '9007199254740993', 'integer-too-large'],
    ]);
    expect(stderr).toContain('Scored 3 of 11 rows');
  });

  test('deliver nothing where they are too many, and leave the file that was there', async () => {
    writeFileSync(at('kept.csv'), 'as it was');
    writeFileSync(at('batch.csv'), bad);
    const { code, stderr } = await score('--input', at('batch.csv'), '--output', at('kept.csv'));
    expect([code, stderr]).toEqual([4, expect.stringContaining('8 of 11 rows')]);
    expect(readFileSync(at('kept.csv'), 'utf8')).toBe('as it was');
  });
});

describe('a batch that cannot be scored', () => {
  const header = 'visit_id,visited_on,kind,spend,minutes';
  const cases: readonly (readonly [string, string | Buffer, string])[] = [
    ['an empty file', '', 'The batch is empty'],
    ['a column that was renamed', `${header.replace('spend', 'spent')}\n1,${NIGHT},a,1,1\n`, '"spent", which is the closest to "spend"'],
    ['a column named twice', `${header},kind\n1,${NIGHT},a,1,1,b\n`, 'the column "kind" more than once'],
    ['a gzip that ends too early', gzipSync(dayCsv()).subarray(0, 300), 'broken or was cut off'],
    ['a quote that never closes', `${header}\n1,${NIGHT},"a,1,1\n`, 'ends within a quoted cell'],
  ];

  test.each(cases)('%s is named, and nothing is written', async (_name, text, said) => {
    const { code, stderr, rows } = await scoreText(text);
    expect([code === 0, stderr, rows]).toEqual([false, expect.stringContaining(said), []]);
    expect(existsSync(at('out.csv'))).toBe(false);
  });

  test('a header alone gives a header alone; odd names pass through', async () => {
    expect(await scoreText(`${header}\n`)).toMatchObject({ code: 0, rows: [] });
    const { rows } = await scoreText(`${header},__proto__,select\n9001,${NIGHT},a,12.5,10,p,s\n`);
    expect([rows[0]?.['select'], Object.entries(rows[0] ?? {}).some(([name, value]) => name === '__proto__' && value === 'p')]).toEqual(['s', expect.any(Boolean)]);
    expect(readFileSync(at('out.csv'), 'utf8')).toContain(',p,s,');
  });

  test('an output that is the input is refused', async () => {
    writeFileSync(at('batch.csv'), dayCsv());
    expect((await score('--input', at('batch.csv'), '--output', at('batch.csv'))).code).toBe(2);
    expect(readFileSync(at('batch.csv'), 'utf8')).toBe(dayCsv());
  });
});

/** Ways to bring the night's rows, as a SELECT on `rows` gives them. */
const FORMS: Readonly<Record<string, (select: string) => Promise<readonly string[]>>> = {
  CSV: async (select) => brought('formed.csv', csvOf(rowsBy(select))),
  'JSON Lines': async (select) => brought('formed.jsonl', rowsBy(select).map((row) => JSON.stringify(row)).join('\n')),
  Parquet: async (select) => {
    writeFileSync(at('formed.csv'), csvOf(rowsBy(select)));
    const duckdb = await DuckDBInstance.create(':memory:');
    const connection = await duckdb.connect();
    await connection.run(`COPY (SELECT * FROM read_csv('${at('formed.csv')}')) TO '${at('formed.parquet')}' (FORMAT parquet)`);
    connection.closeSync();
    duckdb.closeSync();
    return ['--input', at('formed.parquet')];
  },
  'a query': async (select) => ['--query', select],
  'a table': async (select) => {
    inWarehouse((warehouse) => warehouse.exec(`DROP TABLE IF EXISTS brought_by_hand; CREATE TABLE brought_by_hand AS ${select}`));
    return ['--table', 'brought_by_hand'];
  },
};

function inWarehouse<T>(act: (warehouse: Database.Database) => T): T {
  const warehouse = new Database(at('data/warehouse.db'));
  try {
    return act(warehouse);
  } finally {
    warehouse.close();
  }
}

const rowsBy = (select: string): readonly Readonly<Record<string, string | number | null>>[] => inWarehouse((warehouse) => warehouse.prepare<[], Readonly<Record<string, string | number | null>>>(select).all());
const csvOf = (rows: readonly Readonly<Record<string, string | number | null>>[]): string => [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n');

function brought(name: string, text: string): readonly string[] {
  writeFileSync(at(name), text);
  return ['--input', at(name)];
}

describe.each(Object.keys(FORMS))('the columns of a batch that is brought as %s', (form) => {
  const scored = async (columns: string, ...more: readonly string[]): Promise<JobResult> => {
    rmSync(at('formed-out.csv'), { force: true });
    return score(...(await FORMS[form]!(`SELECT ${columns} FROM rows WHERE visited_on = '${NIGHT}'`)), '--output', at('formed-out.csv'), ...more);
  };

  test('are found by name, in any order; others pass through, and one of a wider type is warned of', async () => {
    const wider = form.startsWith('a ') ? 'CAST(minutes AS REAL)' : `printf('%.1f', minutes)`;
    const { code, stderr } = await scored(`'x' AS mark, kind, ${wider} AS minutes, visit_id, spend, visited_on`);
    expect([code, stderr]).toEqual([0, expect.stringContaining('Scored 40 of 40 rows')]);
    expect(stderr).toMatch(/^! "minutes" is a whole number and .* taken/m);
    expect(rowsOf(at('formed-out.csv')).map((row) => [row['mark'], row['score']])).toContainEqual(['x', expect.stringMatching(/^0\.\d+/)]);
  });

  test('are named before the first row where one was renamed, with what was expected and what is closest', async () => {
    const { code, stderr } = await scored('visit_id, visited_on, kind, spend AS spent, minutes');
    expect([code, existsSync(at('formed-out.csv'))]).toEqual([1, false]);
    expect(stderr).toMatch(form.startsWith('a ') ? /where: +--(query|table brought_by_hand)\n/ : /where: .*formed\.\w+\n/);
    expect(stderr).toContain('The batch has no column "spend"');
    expect(stderr).toContain('"spent", which is the closest to "spend"');
    expect(stderr).toContain('spend (a number with a decimal point)');
  });

  test('are named before the first row where one was retyped', async () => {
    const { code, stderr } = await scored(`visit_id, visited_on, kind, 'much' AS spend, minutes`);
    expect([code, existsSync(at('formed-out.csv'))]).toEqual([1, false]);
    expect(stderr).toContain('The column "spend" of the batch is of another type');
    expect(stderr).toContain('"much"');
    expect(stderr).toContain('a number with a decimal point');
  });
});

describe('a row beyond what is usual', () => {
  const unusual = `visit_id,visited_on,kind,spend,minutes\n9001,${NIGHT},a,12.5,10\n9002,${NIGHT},z,5000,10\n9003,${NIGHT},y,,10\n9004,${NIGHT},b,-3,10\n`;

  test('is scored and told of, where training saw nothing like it', async () => {
    const { code, stderr, rows, rejects } = await scoreText(unusual);
    expect([code, rows.length, rejects]).toEqual([0, 4, []]);
    expect(stderr).toMatch(/! 2 rows have spend beyond 0\.?\d* to (99|100)\.?\d*, which training rows had\n/);
    expect(stderr).toContain('! 1 row has no spend, which no training row lacked\n');
    expect(stderr).toContain('! 2 rows have a value of kind that no training row had: "z", "y"\n');
    const json = JSON.parse((await scoreText(unusual, { more: ['--json'] })).stdout.split('\n').find((line) => line.startsWith('{')) ?? '') as { beyond: unknown };
    expect(json.beyond).toEqual([{ feature: 'spend', what: 'missing', rows: 1 }, { feature: 'spend', what: 'range', rows: 2 }, { feature: 'kind', what: 'category', rows: 2 }]);
  });

  test('is rejected where pipeline.yaml says what may be', async () => {
    const { rows, rejects, stderr } = await scoreText(unusual, { more: ['--set', 'score.range={spend: {min: 0, max: 1000}, visited_on: {max: 2024-12-31}}', '--set', 'score.limits.max_reject_share=0.5'] });
    expect(rows.map((row) => row['visit_id'])).toEqual(['9001', '9003']);
    expect(rejects.map(({ line, column, value, reason }) => [line, column, value, reason])).toEqual([['3', 'spend', '5000', 'out-of-range'], ['5', 'spend', '-3', 'out-of-range']]);
    expect(stderr).not.toContain('spend beyond');
  });
});
