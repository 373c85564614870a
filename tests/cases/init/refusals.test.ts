import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { runJob, temporaryFolder } from '../../support/job.ts';
import { houses } from './tables.ts';

let home: string;
const at = (name: string): string => join(home, name);

beforeAll(() => {
  home = temporaryFolder('init refusals');
  writeFileSync(at('houses.csv'), houses());
  writeFileSync(at('twice.csv'), `a,A,y\n${'1,2,3\n'.repeat(30)}`);
  writeFileSync(at('rows.jsonl'), '{"a": 1, "y": 0}\n'.repeat(30));
  writeFileSync(at('book.xlsx'), 'PK\u0003\u0004 and what follows');
  const db = new Database(at('shop.db'));
  db.exec('CREATE TABLE visits (a, y); CREATE TABLE orders (a, y)');
  db.close();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const init = (...args: readonly string[]) => runJob(['init', at('made'), ...args]);

test.each([
  ['a mistyped column, with the closest one', () => ['--from', at('houses.csv'), '--target', 'pirce'], 2, 'did you mean --target "price"?'],
  ['a file that is not there', () => ['--from', at('house.csv')], 2, 'There is no such file'],
  ['a database file without a table, with those that there are', () => ['--from', at('shop.db')], 2, 'shop.db#orders'],
  ['a mistyped table, with the closest one', () => ['--from', `${at('shop.db')}#visit`, '--target', 'y'], 2, 'shop.db#visits?'],
  ['a time that is no date', () => ['--from', at('houses.csv'), '--target', 'price', '--time', 'town'], 2, '"town" is no column of dates'],
  ['a header that names a column twice', () => ['--from', at('twice.csv'), '--target', 'y'], 1, '"A" twice'],
  ['JSON Lines, with how to make a table of them', () => ['--from', at('rows.jsonl'), '--target', 'y'], 2, "TO 'rows.parquet'"],
  ['a workbook', () => ['--from', at('book.xlsx'), '--target', 'y'], 2, 'a workbook or another ZIP file'],
  ['no table at all', () => [], 2, "required option '--from <place>' not specified"],
] as const)('%s is refused, and nothing is written', async (_, args, code, told) => {
  const result = await init(...args());
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code, stderr: expect.stringContaining(told) });
  expect(readdirSync(home).filter((name) => name.startsWith('made'))).toEqual([]);
});

test('a folder in which there is something is left as it is', async () => {
  mkdirSync(at('full'));
  writeFileSync(at('full/notes.txt'), 'mine');
  const { code, stderr } = await runJob(['init', at('full'), '--from', at('houses.csv')]);
  expect([code, readdirSync(at('full'))]).toEqual([2, ['notes.txt']]);
  expect(stderr).toContain('found:    notes.txt');
});

test('an empty folder is taken, the last column is the target unless said, and what was chosen is told', async () => {
  mkdirSync(at('empty'));
  const { code, stderr, stdout } = await runJob(['init', at('empty'), '--from', at('houses.csv')]);
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toMatch(/target +price +the last column; --target names another/);
  expect(stderr).toContain("empty'/run.sh");
  expect(existsSync(at('empty/pipeline.yaml'))).toBe(true);
});
