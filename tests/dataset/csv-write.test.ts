import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { appendCsv, csvLine, writeCsv } from '../../src/dataset/csv-write.ts';
import type { CsvValue } from '../../src/dataset/csv-write.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a record is quoted where it must be and reads back as it was', () => {
  const values = ['plain', 'a,b', 'a "b"', 'two\nlines', 'cr\rlf\n', ' space', 'ü', "it's"];
  expect(csvLine(values)).toBe('plain,"a,b","a ""b""","two\nlines","cr\rlf\n"," space",ü,it\'s\r\n');
  expect(parse(csvLine(values))).toEqual([values]);
});

test('numbers are the shortest that read back the same, missing values empty cells, empty text quoted', () => {
  expect(csvLine([0.1, 1e21, -0, 1 / 3, 5e-324, 123456789012345678901n, null, ''])).toBe('0.1,1e+21,-0,0.3333333333333333,5e-324,123456789012345678901,,""\r\n');
  expect(csvLine([null])).toBe('""\r\n');
});

test('appending begins a file with its header and goes on without it', () => {
  const file = join(folder, 'logs', 'run.csv');
  appendCsv(file, ['a', 'b'], [[1, 'x']]);
  appendCsv(file, ['a', 'b'], [[2, null], [3, 'y']]);
  expect(readFileSync(file, 'utf8')).toBe('a,b\r\n1,x\r\n2,\r\n3,y\r\n');
});

test('appending under another header keeps the old file and begins a new one', () => {
  const file = join(folder, 'run.csv');
  appendCsv(file, ['a'], [[1]]);
  appendCsv(file, ['a', 'b'], [[1, 2]]);
  appendCsv(file, ['c'], [[3]]);
  expect(readdirSync(folder).sort()).toEqual(['run.csv', 'run.old-1.csv', 'run.old-2.csv']);
  expect(readFileSync(join(folder, 'run.old-1.csv'), 'utf8')).toBe('a\r\n1\r\n');
  expect(readFileSync(join(folder, 'run.old-2.csv'), 'utf8')).toBe('a,b\r\n1,2\r\n');
  expect(readFileSync(file, 'utf8')).toBe('c\r\n3\r\n');
});

test('a line that a crash broke off stays alone, and an empty file gets its header', () => {
  const file = join(folder, 'run.csv');
  writeFileSync(file, 'a\r\n1\r\n2');
  appendCsv(file, ['a'], [[3]]);
  expect(readFileSync(file, 'utf8')).toBe('a\r\n1\r\n2\r\n3\r\n');
  writeFileSync(file, '');
  appendCsv(file, ['a'], [[3]]);
  expect(readFileSync(file, 'utf8')).toBe('a\r\n3\r\n');
});

test('a written file is whole, counted and hashed', async () => {
  const file = join(folder, 'scores', '2001-06-10.csv');
  const rows = Array.from({ length: 100_000 }, (_, i): CsvValue[] => [i, `name ${i}`]);
  const written = await writeCsv(file, ['id', 'name'], rows);
  const bytes = readFileSync(file);
  expect(written).toEqual({ rows: 100_000, sha256: createHash('sha256').update(bytes).digest('hex') });
  expect(bytes.toString('utf8')).toBe(['id,name', ...rows.map((row) => row.join(',')), ''].join('\r\n'));
  expect(readdirSync(join(folder, 'scores'))).toEqual(['2001-06-10.csv']);
});

async function* broken(): AsyncGenerator<CsvValue[]> {
  yield [1];
  throw new Error('the stream broke');
}

test('a file that could not be written to its end leaves the one that was there', async () => {
  const file = join(folder, 'scores.csv');
  writeFileSync(file, 'before');
  await expect(writeCsv(file, ['id'], broken())).rejects.toThrow('the stream broke');
  expect(readFileSync(file, 'utf8')).toBe('before');
  expect(readdirSync(folder)).toEqual(['scores.csv']);
});

test('a place that cannot be written is named', async () => {
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'taken.csv', 'inner'), { recursive: true });
  await expect(writeCsv(join(folder, 'file', 'scores.csv'), ['id'], [])).rejects.toThrow(join(folder, 'file', 'scores.csv'));
  await expect(writeCsv(join(folder, 'taken.csv'), ['id'], [])).rejects.toThrow(join(folder, 'taken.csv'));
  expect(() => appendCsv(join(folder, 'file', 'run.csv'), ['id'], [])).toThrow(join(folder, 'file', 'run.csv'));
});
