import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { type JobResult, runJob, runNightJson } from '../../support/job.ts';
import { makeProject } from './project.ts';

/** Hostile files through the real command; `tests/batchfile/` has the rest of them, at the reader. */
const NIGHT = '2024-03-27';
const HEADER = 'visit_id,visited_on,kind,spend,minutes';

let project: string;
const at = (name: string): string => join(project, name);

interface Scored extends JobResult {
  /** The output as it lies there; undefined where there is none. */
  readonly out: string | undefined;
  readonly rejects: readonly (readonly string[])[];
}

/** Scores bytes as a file, from a folder that has nothing of the last time. */
async function score(bytes: string | Buffer, { form = 'csv', output = 'csv', more = [] }: { form?: string; output?: string; more?: readonly string[] } = {}): Promise<Scored> {
  writeFileSync(at(`batch.${form}`), bytes);
  const result = await runJob(['score', '--project', project, '--as-of', NIGHT, '--input', at(`batch.${form}`), '--output', at(`out.${output}`), '--rejects', at('rejects.csv'), ...more]);
  return { ...result, out: textOf(`out.${output}`), rejects: parse(textOf('rejects.csv') ?? '') };
}

function textOf(name: string): string | undefined {
  return existsSync(at(name)) ? readFileSync(at(name), 'utf8') : undefined;
}

const rowsOf = (out: string | undefined): readonly (readonly string[])[] => parse(out ?? '');

beforeAll(async () => {
  project = await makeProject();
  await runNightJson(['--project', project, '--as-of', NIGHT]);
});
beforeEach(() => {
  for (const file of ['out.csv', 'out.jsonl', 'rejects.csv']) rmSync(at(file), { force: true });
});
afterAll(() => rmSync(join(project, '..'), { recursive: true, force: true }));

test('a file is read as it is said to be written, where that is not to be found out', async () => {
  const bytes = Buffer.from(`${HEADER.replaceAll(',', '~')}~note\n9001~${NIGHT}~a~12.5~10~"Zo\xeb, 5"\n`, 'latin1');
  const { code, out } = await score(bytes, { more: ['--delimiter', '~', '--quote', '', '--encoding', 'latin1'] });
  expect([code, rowsOf(out)[1]?.slice(0, 6)]).toEqual([0, ['9001', NIGHT, 'a', '12.5', '10', '"Zoë, 5"']]);
  const signs = await score(bytes, { more: ['--delimiter', '~~'] });
  expect([signs.code, signs.stderr]).toEqual([2, expect.stringContaining('~~')]);
  const query = await runJob(['score', '--project', project, '--query', 'SELECT 1 AS x', '--output', at('out.csv'), '--encoding', 'latin1']);
  expect([query.code, query.stderr]).toEqual([2, expect.stringContaining('--encoding')]);
});

describe('a hostile file', () => {
  const odd = `${HEADER},__proto__,select,"a ""b"""\n`;

  test('has headers that objects and SQL have of their own, and cells that a spreadsheet would run: CSV neutralises those, JSON Lines does not', async () => {
    const batch = `${odd}9001,${NIGHT},a,12.5,10,=cmd(),-1+1,-1\n`;
    const { code, out } = await score(batch);
    expect(code).toBe(0);
    const [names, cells] = rowsOf(out);
    expect(names?.slice(5, 8)).toEqual(['__proto__', 'select', 'a "b"']);
    expect(cells?.slice(0, 8)).toEqual(['9001', NIGHT, 'a', '12.5', '10', "'=cmd()", "'-1+1", '-1']);
    const lines = (await score(batch, { output: 'jsonl' })).out?.trimEnd().split('\n') ?? [];
    expect(lines).toHaveLength(1);
    expect(Object.fromEntries(Object.entries(JSON.parse(lines[0]!) as object).filter(([name]) => !['score', 'class', 'run_id', 'as_of'].includes(name)))).toEqual(
      Object.fromEntries([['visit_id', '9001'], ['visited_on', NIGHT], ['kind', 'a'], ['spend', 12.5], ['minutes', 10], ['__proto__', '=cmd()'], ['select', '-1+1'], ['a "b"', '-1']]),
    );
  });

  test('in UTF-16 comes out in UTF-8, quoted newlines and all, and keys of text beyond 2^53 digit for digit', async () => {
    const keys = ['9007199254740993', '9007199254740992', '123456789012345678'];
    const batch = `\ufeff${HEADER},note\r\n${keys.map((key) => `${key},${NIGHT},a,12.5,10,"Zoë\n東京 🙂"`).join('\r\n')}`;
    const { code, out, stderr } = await score(Buffer.from(batch, 'utf16le'), { more: ['--set', 'sources.visits.types.visit_id=text'] });
    expect([code, stderr]).toEqual([0, expect.stringContaining('Scored 3 of 3 rows')]);
    expect(rowsOf(out).slice(1).map((cells) => [cells[0], cells[5]])).toEqual(keys.map((key) => [key, 'Zoë\n東京 🙂']));
  });

  test('with keys of whole numbers beyond 2^53, which would be taken for their neighbours, has those rows rejected and the others scored', async () => {
    for (const form of ['csv', 'jsonl']) {
      const ids = ['9007199254740993', '9007199254740992', '9007199254740991'];
      const batch = form === 'csv' ? `${HEADER}\n${ids.map((id) => `${id},${NIGHT},a,1,1`).join('\n')}` : ids.map((id) => `{"visit_id":${id},"visited_on":"${NIGHT}","kind":"a","spend":1,"minutes":1}`).join('\n');
      const { code, out, rejects } = await score(batch, { form, more: ['--set', 'score.limits.max_reject_share=0.9'] });
      expect([code, rowsOf(out).slice(1).map(([id]) => id)]).toEqual([0, [ids[2]]]);
      expect(rejects.slice(1).map(([, , column, value, reason]) => [column, value, reason])).toEqual([['visit_id', ids[0], 'integer-too-large'], ['visit_id', ids[1], 'integer-too-large']]);
    }
  });

  test('with a header alone gives a header alone', async () => {
    const { code, out, rejects, stderr } = await score(`${HEADER}\n`);
    expect([code, out, rejects.length]).toEqual([0, `${HEADER},score,class,run_id,as_of\r\n`, 1]);
    expect(stderr).toContain('Scored 0 of 0 rows');
  });

  test.each<readonly [string, string | Buffer, string]>([
    ['that is empty', '', 'The batch is empty'],
    ['with a header of 6000 columns', `${Array.from({ length: 6000 }, (_, i) => `c${i}`).join(',')}\n`, 'score.limits.columns'],
    ['that ends within quotes', `${HEADER}\n9001,${NIGHT},"a,1,1\n`, 'ends within a quoted cell'],
    ['that is a workbook', 'PK\u0003\u0004', 'a workbook'],
  ])('%s is refused, and neither an output nor rejects are there', async (_, bytes, said) => {
    const { code, out, stderr } = await score(bytes);
    expect([code === 1 || code === 2, stderr, out, existsSync(at('rejects.csv'))]).toEqual([true, expect.stringContaining(said), undefined, false]);
    expect(readdirSync(project).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('with a cell of 64 MB, piped in, is refused by a limit that is named', async () => {
    const piece = Buffer.alloc(1 << 20, 'x');
    const pieces = [Buffer.from(`${HEADER}\n9001,${NIGHT},a,1,1\n9002,${NIGHT},`), ...Array.from({ length: 64 }, () => piece), Buffer.from(',1,1\n')];
    const { code, stderr } = await runJob(['score', '--project', project, '--as-of', NIGHT, '--input', '-', '--output', at('out.csv')], { during: (child) => Readable.from(pieces).pipe(child.stdin!) });
    expect([code, existsSync(at('out.csv'))]).toEqual([1, false]);
    expect(stderr).toMatch(/the batch that was piped in, line 3\n.*more than 16777216 bytes\n.*score\.limits\.row_bytes/s);
  });

  test('of the corpus, where too many of its rows are broken, is not delivered: exit code 4, and the rejects say why', async () => {
    const { code, out, rejects, stderr } = await score(`${HEADER}\n9001,${NIGHT},a,"1,5",1\n9002,${NIGHT},a,1e400,1\n9003,${NIGHT},a,1,1\n`);
    expect([code, out]).toEqual([4, undefined]);
    expect(rejects.slice(1)).toEqual([['2', '1', 'spend', '1,5', 'decimal-comma'], ['3', '2', 'spend', '1e400', 'number-too-large']]);
    expect(stderr).toContain('2 of 3 rows: 1 decimal-comma, 1 number-too-large');
  });
});

describe('values of sensitive columns', () => {
  const hidden = ['--set', 'sensitive=[Visit_ID, spend]', '--set', 'score.limits.max_reject_share=0.9'];

  test('are in neither rejects nor on the console: keyed hashes stand for them, equal ones for equal values', async () => {
    const batch = `${HEADER}\n7700001,${NIGHT},a,1,1\n7700001,${NIGHT},a,1,1\n7700001,${NIGHT},b,1,1\n7700x02,${NIGHT},a,1,1\n7700003,${NIGHT},a,"888,77",1\n7700004,27.03.2024,a,1,1\n,${NIGHT},a,1,1\n`;
    const { code, out, stderr, rejects } = await score(batch, { more: hidden });
    const hash = expect.stringMatching(/^#[0-9a-f]{12}$/);
    expect([code, rowsOf(out).length]).toEqual([0, 2]);
    expect(rejects.slice(1).map(([line, , ...rest]) => [line, ...rest])).toEqual([
      ['3', 'visit_id', hash, 'duplicate-key'],
      ['4', 'visit_id', hash, 'duplicate-key'],
      ['5', 'visit_id', hash, 'not-a-number'],
      ['6', 'spend', hash, 'decimal-comma'],
      ['7', 'visited_on', '27.03.2024', 'bad-date'],
      ['8', 'visit_id', '', 'null-key'],
    ]);
    expect(rejects[1]?.[3]).toBe(rejects[2]?.[3]);
    for (const shown of [textOf('rejects.csv'), stderr]) expect(shown).not.toMatch(/7700|888,77/);
  });

  test('are not quoted by the error that a column was retyped', async () => {
    const batch = `${HEADER}\n${Array.from({ length: 12 }, (_, i) => `${i},${NIGHT},a,secret${i},1`).join('\n')}\n`;
    const { code, stderr, stdout } = await score(batch, { more: hidden });
    expect([code, stderr]).toEqual([1, expect.stringContaining('The column "spend" of the batch is of another type')]);
    expect(stderr + stdout).not.toContain('secret');
    expect((await score(batch)).stderr).toContain('"secret0"');
  });
});
