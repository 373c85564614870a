import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { csvColumns, readCsv } from '../../src/dataset/csv-read.ts';
import type { SqlType } from '../../src/dataset/sql-type.ts';
import { errorOf, readAll } from '../contract/warehouses.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string | Uint8Array, name = 'a.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function read(text: string, types: Readonly<Record<string, SqlType>> = {}, batchRows = 16_384) {
  return readAll(readCsv([file(text)], { delimiter: ',', types, batchRows }));
}

test('quotes, line ends within them, a byte-order mark, empty lines and a missing last line end are read', async () => {
  const { columns } = await read('\uFEFFa,"b ""c"""\r\n1,"x, ""y"""\r\n\r\n2,"two\r\nlines"\r\n3,');
  expect(columns).toEqual({ a: ['1', '2', '3'], 'b "c"': ['x, "y"', 'two\r\nlines', null] });
});

test('a file with nothing but a header gives no rows', async () => {
  expect(await read('a,b\n')).toEqual({ columns: {}, sizes: [] });
});

test('rows come in batches of the size that was asked for, across files', async () => {
  const files = [file('a\n1\n2\n3\n', '1.csv'), file('a\n4\n5', '2.csv'), file('a\n', '3.csv')];
  expect(await readAll(readCsv(files, { delimiter: ',', types: { a: 'integer' }, batchRows: 2 }))).toEqual({ columns: { a: [1, 2, 3, 4, 5] }, sizes: [2, 2, 1] });
});

test('pieces of a large file are put together', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => i);
  const { columns } = await read(`n,t\n${rows.map((i) => `${i},"é ${i}\n"`).join('\n')}`, { n: 'integer' });
  expect(columns['n']).toEqual(rows);
  expect(columns['t']).toEqual(rows.map((i) => `é ${i}\n`));
});

describe.each<[SqlType, readonly string[], readonly (string | number)[], readonly string[]]>([
  ['integer', ['0', '-7', '+3', '9007199254740991', '007'], [0, -7, 3, 9007199254740991, 7], ['1.5', 'x', ' 1', '9007199254740993', '1e3', 'NaN']],
  ['number', ['1', '-.5', '2.', '1e-3', '-Infinity', 'inf'], [1, -0.5, 2, 0.001, -Infinity, Infinity], ['1,5', 'NaN', '0x10', '1_000', 'e5', '.']],
  ['boolean', ['0', '1', 'true', 'FALSE'], [0, 1, 1, 0], ['2', 'yes', 'wahr']],
  ['date', ['2001-06-10', '1600-02-29', '9999-12-31'], ['2001-06-10', '1600-02-29', '9999-12-31'], ['2001-02-29', '2001-6-1', '10.06.2001', '2001-06-10 00:00:00']],
  ['timestamp', ['2001-06-10 13:45:00', '2001-06-10T13:45:00.120Z', '2001-06-10', '2001-06-10 13:45'], ['2001-06-10 13:45:00', '2001-06-10 13:45:00.12', '2001-06-10 00:00:00', '2001-06-10 13:45:00'], ['2001-06-10 24:00:00', '2001-06-10T13:45:00+02:00', 'noon']],
])('cells of type %s', (type, good, values, bad) => {
  test('are read in every form that files write', async () => {
    expect((await read(['c', ...good.map((text) => JSON.stringify(text))].join('\n'), { c: type })).columns['c']).toEqual(values);
  });

  test.each(bad)('are refused with file, line, column and value: %s', async (text) => {
    const error = await errorOf(read(`id,c\n1,\n\n"2\n",""\n3,"${text}"\n`, { c: type }));
    expect(error.code).toBe('source-type');
    expect(error.details.what).toContain('"c"');
    expect([error.details.where, error.details.found]).toEqual([`${join(folder, 'a.csv')}, line 6`, JSON.stringify(text)]);
  });
});

test.each([
  ['a,b\n1,2\n3\n', 'line 3'],
  ['a,b\n1,"2\n', 'line'],
  ['a,b\n1,x"y"\n', 'line 2'],
  ['a,a\n1,2\n', 'line 1'],
  ['', 'line 1'],
])('what is no table is refused with its line: %j', async (text, where) => {
  const error = await errorOf(read(text));
  expect(error.code).toBe('csv-invalid');
  expect(error.details.where).toContain(where);
});

test('files of other columns than the first are refused by name', async () => {
  const files = [file('a,b\n', '1.csv'), file('b,a\n', '2.csv')];
  const error = await errorOf(csvColumns(files, { delimiter: ',' }));
  expect([error.code, error.details.found, error.details.where]).toEqual(['source-headers', 'b, a', `${files[1]}, line 1`]);
});

test.each([['Z\xfcrich'], ['cut \xc3']])('letters that are not UTF-8 are refused', async (text) => {
  const path = join(folder, 'latin1.csv');
  writeFileSync(path, `city\n${text}`, 'latin1');
  const error = await errorOf(readAll(readCsv([path], { delimiter: ',', types: {} })));
  expect([error.code, error.details.where]).toEqual(['csv-invalid', path]);
});

test('a file may be left before its end', async () => {
  const batches = readCsv([file(`a\n${'1\n'.repeat(100_000)}`)], { delimiter: ',', types: {}, batchRows: 10 });
  for await (const batch of batches) {
    expect(batch.rows).toBe(10);
    break;
  }
  expect((await batches.next()).done).toBe(true);
});

test('a file that is not there is an error and no end', async () => {
  await expect(readAll(readCsv([join(folder, 'none.csv')], { delimiter: ',', types: {} }))).rejects.toThrow('none.csv');
});

test('dates in the order that is said are read as those of the calendar, besides ISO, and others are refused with the way out', async () => {
  const path = file('day,at\n15.01.2023,1.2.2023 7:30\n2023-01-16,2023-02-01\n,\n');
  const { columns } = await readAll(readCsv([path], { delimiter: ',', types: { day: 'date', at: 'timestamp' }, dates: 'dmy' }));
  expect(columns).toEqual({ day: ['2023-01-15', '2023-01-16', null], at: ['2023-02-01 07:30:00', '2023-02-01 00:00:00', null] });
  const unsaid = await errorOf(read('day\n15.01.2023\n', { day: 'date' }));
  expect([unsaid.code, unsaid.details.fix]).toEqual(['source-type', expect.stringContaining('`dates:` of the source')]);
  const wrong = await errorOf(readAll(readCsv([file('day\n30.02.2023\n')], { delimiter: ',', types: { day: 'date' }, dates: 'dmy' })));
  expect([wrong.code, wrong.details.found]).toEqual(['source-type', '"30.02.2023"']);
});

test('what Windows and UTF-16 files hold is read as it is meant, and a fault in it has its line', async () => {
  const text = 'city,price\n"Zürich\n– old town",3 €\n😀,4 €\n';
  const latin1 = Buffer.from('city,price\n"Z\xfcrich\n\x96 old town",3 \x80\n:-),4 \x80\n', 'latin1');
  const expected = { city: ['Zürich\n– old town', '😀'], price: ['3 €', '4 €'] };
  const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
  const files = { little: file(little, 'little.csv'), big: file(Buffer.from(little).swap16(), 'big.csv'), unmarked: file(Buffer.from(text, 'utf16le'), 'unmarked.csv') };
  for (const path of Object.values(files)) expect((await readAll(readCsv([path], { delimiter: ',', types: {} }))).columns).toEqual(expected);
  const windows = file(latin1, 'windows.csv');
  expect((await readAll(readCsv([windows], { delimiter: ',', encoding: 'latin1', types: {} }))).columns).toEqual({ ...expected, city: [expected.city[0], ':-)'] });
  const marked = file(`\uFEFF${text}`, 'marked.csv');
  expect((await readAll(readCsv([marked], { delimiter: ',', encoding: 'latin1', types: {} }))).columns).toEqual(expected);
  for (const [path, encoding] of [[files.little, undefined], [windows, 'latin1']] as const) {
    expect((await errorOf(readAll(readCsv([path], { delimiter: ',', encoding, types: { price: 'number' } })))).details).toMatchObject({ code: 'source-type', where: `${path}, line 2`, found: '"3 €"' });
  }
  expect((await errorOf(readAll(readCsv([windows], { delimiter: ',', types: {} })))).details).toMatchObject({ code: 'csv-invalid', fix: expect.stringContaining('`encoding: latin1`') });
});

test('a gzipped file is unpacked, one that was cut off or is a workbook is named, and a column without a name is called by its place', async () => {
  const text = ',x,\n0,1.5,a\n1,2.5,b\n';
  const packed = gzipSync(text);
  const expected = { column_1: ['0', '1'], x: ['1.5', '2.5'], column_3: ['a', 'b'] };
  for (const path of [file(text), file(packed, 'a.csv.gz')]) expect((await readAll(readCsv([path], { delimiter: ',', types: {} }))).columns).toEqual(expected);
  const cut = file(packed.subarray(0, packed.length - 9), 'cut.csv.gz');
  expect((await errorOf(readAll(readCsv([cut], { delimiter: ',', types: {} })))).details).toMatchObject({ code: 'gzip-broken', where: cut });
  const workbook = file(Buffer.from('PK\u0003\u0004 and so on', 'latin1'), 'book.csv');
  expect((await errorOf(readAll(readCsv([workbook], { delimiter: ',', types: {} })))).details).toMatchObject({ code: 'not-text', where: workbook });
});
