import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { KeptWriter, readKept } from '../../src/batchfile/kept-file.ts';
import { openKeptRowsWriter } from '../../src/batchfile/write-kept.ts';
import { integer, number, readBytes, text } from './support.ts';

const CONTRACT = { columns: [integer('id'), number('x'), text('t')], key: ['id'], delimiter: ',', keep: { format: 'csv', columns: 'all' } } as const;
const FILE = 'id,x,t,more\n007,1.50,a,b\n8,-.5, padded ,=1+1\n9,,Zürich,-5\n10,x,bad,\n11,+1e3,-kept-,\n';
const KEPT = ['007,1.50,a,b', '8,-.5," padded ",\'=1+1', '9,,Zürich,-5', "11,+1e3,'-kept-,"];

test('rows that hold are kept as they came, but for what a spreadsheet would run', async () => {
  const plain = await readBytes(FILE, CONTRACT);
  expect(plain.kept).toEqual(KEPT);
  expect(plain.rows.map((row) => row['id'])).toEqual([7, 8, 9, 11]);
  expect((await readBytes(`${FILE}12,1,"a, ""b""","two\nlines"\n`, CONTRACT)).kept).toEqual([...KEPT, '12,1,"a, ""b""","two\nlines"']);
  expect((await readBytes(FILE.replaceAll(',', ';'), { ...CONTRACT, delimiter: ';' })).kept).toEqual(KEPT);
  expect((await readBytes(FILE, { ...CONTRACT, keep: { format: 'csv', columns: 'key' } })).kept).toEqual(['007', '8', '9', '11']);
});

test('of JSON Lines an empty text and a missing value stay apart', async () => {
  const lines = [{ id: 1, x: 2, t: '' }, { id: 2, x: null, t: null }].map((one) => JSON.stringify(one)).join('\n');
  expect((await readBytes(lines, { columns: CONTRACT.columns, key: ['id'], keep: CONTRACT.keep })).kept).toEqual(['1,2,""', '2,,']);
});

test('kept rows go through a file and get further columns; those that are left out are not there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-kept-'));
  try {
    const writer = new KeptWriter(join(folder, 'kept'));
    const lines = ['1,é', '2,"x\ny"', '3,'].map((line) => Buffer.from(line));
    const ends = Int32Array.from([4, 11, 13]);
    for (let i = 0; i < 3; i++) writer.write({ data: Buffer.concat(lines), ends });
    writer.close();
    const output = new PassThrough();
    const rows = await openKeptRowsWriter({ output, format: 'csv', kept: ['id', 't'], further: ['class', 'score'] });
    const further = { rows: 3, columns: new Map([['score', { storage: 'number', values: Float64Array.of(0.1, 0.2, 0.3), nulls: undefined }], ['class', { storage: 'text', codes: Int32Array.of(0, 1, 0), dictionary: ['größer', 'b'] }]] as const) };
    for await (const kept of readKept(join(folder, 'kept'))) await rows.write(kept, further, Uint8Array.of(1, 1, 0));
    await rows.finish();
    output.end();
    const each = [['1', 'é', 'größer', '0.1'], ['2', 'x\ny', 'b', '0.2']];
    expect(parse(await textOf(output))).toEqual([['id', 't', 'class', 'score'], ...each, ...each, ...each]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
