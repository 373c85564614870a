import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DEFAULT_LIMITS } from '../../src/batchfile/limits.ts';
import { openBatchFile } from '../../src/batchfile/read.ts';
import { openBatchWriter } from '../../src/batchfile/write.ts';
import { errorOf, integer, limits, number, openBytes, readBytes, readPath, readWhole, text, told } from './support.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CONTRACT = { columns: [text('name')], key: ['id'] };
const TWO = [{ name: 'Zoë', id: '1' }, { name: 'Ann', id: '2' }];
const TEXT = 'id,name\n1,Zoë\n2,Ann\n';

function utf16(content: string, isBig: boolean): Buffer {
  const bytes = Buffer.from(content, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
}

test.each([
  ['a byte-order mark', Buffer.from(`\ufeff${TEXT}`), 'utf-8'],
  ['CR LF', Buffer.from(TEXT.replaceAll('\n', '\r\n')), 'utf-8'],
  ['CR', Buffer.from(TEXT.replaceAll('\n', '\r')), 'utf-8'],
  ['line ends of all three kinds', Buffer.from('id,name\r\n1,Zoë\r2,Ann\n'), 'utf-8'],
  ['no final line end', Buffer.from(TEXT.trimEnd()), 'utf-8'],
  ['empty lines', Buffer.from(`\n\n${TEXT.replaceAll('\n', '\n\r\n\n')}\n`), 'utf-8'],
  ['everything in quotes', Buffer.from('"id","name"\n"1","Zoë"\n"2","Ann"\n'), 'utf-8'],
  ['UTF-16 with a mark', utf16(`\ufeff${TEXT}`, false), 'utf-16le'],
  ['UTF-16 of the other order with a mark', utf16(`\ufeff${TEXT}`, true), 'utf-16be'],
  ['UTF-16 without a mark', utf16(TEXT, false), 'utf-16le'],
  ['UTF-16 of the other order without a mark', utf16(TEXT, true), 'utf-16be'],
  ['gzip', gzipSync(TEXT), 'utf-8'],
  ['gzip of UTF-16', gzipSync(utf16(`\ufeff${TEXT}`, false)), 'utf-16le'],
])('a file with %s is read', async (_, bytes, encoding) => {
  const { rows, file } = await readBytes(bytes, CONTRACT);
  expect(rows).toEqual(TWO);
  expect(file.encoding).toBe(encoding);
});

test('the same bytes are the same rows however they arrive', async () => {
  for (const bytes of [utf16(`\ufeff${TEXT}`, true), gzipSync(TEXT), Buffer.from(TEXT)]) {
    const single = Readable.from(Array.from(bytes, (byte) => Buffer.from([byte])));
    expect((await readWhole(await openBatchFile({ ...CONTRACT, limits: DEFAULT_LIMITS, input: single }))).rows).toEqual(TWO);
  }
});

test('Latin-1 is read where it is given, with what Windows adds to it, and its rows are rejected where it is not', async () => {
  const bytes = Buffer.from('id,name\n1,Zo\xeb\n2,\x80 5\n3,Ann\n', 'latin1');
  expect((await readBytes(bytes, { ...CONTRACT, encoding: 'latin1' })).rows.map(({ name }) => name)).toEqual(['Zoë', '€ 5', 'Ann']);
  const { rows, rejects } = await readBytes(bytes, CONTRACT);
  expect(rows).toEqual([{ name: 'Ann', id: '3' }]);
  expect(told(rejects)).toEqual(['2 name Zo\ufffd invalid-utf-8', '3 name \ufffd 5 invalid-utf-8']);
  expect((await errorOf(openBytes(Buffer.from('id,n\xe4me\n', 'latin1')))).code).toBe('header-invalid');
});

test('a replacement character that the file has is data', async () => {
  expect((await readBytes('id,name\n1,\ufffd\n2,"\ufffd"\n', CONTRACT)).rows.map(({ name }) => name)).toEqual(['\ufffd', '\ufffd']);
});

test('half a character in UTF-16 rejects its row', async () => {
  const { rows, rejects } = await readBytes(utf16('\ufeffid,name\n1,a\ud800b\n2,😀\n', false), CONTRACT);
  expect(rows).toEqual([{ name: '😀', id: '2' }]);
  expect(rejects.map(({ line, column, reason }) => [line, column, reason])).toEqual([[2, 'name', 'lone-surrogate']]);
  const cut = utf16('\ufeffid,name\n1,ab', false).subarray(0, -1);
  expect((await readBytes(cut, CONTRACT)).rejects.map(({ reason }) => reason)).toEqual(['lone-surrogate']);
});

test('cells with line ends in quotes are one row, and lines are counted on', async () => {
  const { rows, lines, rejects } = await readBytes('id,name\n1,"a\nb\r\nc\rd"\n\n2,Ann\n2,"x\ny"\n,z\n', CONTRACT);
  expect(rows).toEqual([{ name: 'a\nb\r\nc\rd', id: '1' }, { name: 'Ann', id: '2' }]);
  expect(lines).toEqual([2, 7]);
  expect(told(rejects)).toEqual(['8 id 2 duplicate-key', '10 id  null-key']);
});

test('a NUL rejects its row, wherever it stands', async () => {
  const { rows, rejects } = await readBytes('id,name,more\n1,a\0b,x\n\0,b,x\n3,c,\0\n4,d,x\n\0\0\0\0', CONTRACT);
  expect(rows).toEqual([{ name: 'd', id: '4', more: 'x' }]);
  expect(told(rejects)).toEqual(['2 name a\0b nul-character', '3 id \0 nul-character', '4 more \0 nul-character', '6 - 1 of 3 fields too-few-fields']);
});

test('a quote within a cell is data, one that is never closed refuses the file', async () => {
  expect((await readBytes('id,name\n1,5" pipe\n2,"a ""b"" c"\n', CONTRACT)).rows.map(({ name }) => name)).toEqual(['5" pipe', 'a "b" c']);
  const error = await errorOf(readBytes(`${TEXT}\n3,"open\n4,x\n`, CONTRACT));
  expect(error.code).toBe('quote-open');
  expect(error.details.where).toBe('the stream that was piped in, the record that begins on line 5');
});

test.each([0.2, 0.6, 0.99])('gzip that was cut off is an error, not fewer rows (%d of it)', async (share) => {
  const packed = gzipSync(`id\n${Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 1_000_003).join('\n')}\n`);
  const file = join(folder, 'batch.csv.gz');
  writeFileSync(file, packed.subarray(0, Math.floor(packed.length * share)));
  const error = await errorOf(readPath(file, { key: ['id'] }));
  expect([error.code, error.details.where]).toEqual(['gzip-broken', file]);
});

test('gzip whose bytes were changed is an error', async () => {
  const packed = gzipSync(TEXT);
  packed[packed.length - 6]! ^= 0xff;
  expect((await errorOf(readBytes(packed, CONTRACT))).code).toBe('gzip-broken');
});

test('an empty file is an error, a header alone is a batch of no rows', async () => {
  for (const empty of ['', '\ufeff', '\n\r\n', gzipSync('')]) expect((await errorOf(openBytes(empty))).code).toBe('batch-empty');
  for (const header of ['id,name', 'id,name\n', '\ufeffid,name\r\n\r\n']) {
    const { rows, file } = await readBytes(header, CONTRACT);
    expect(rows).toEqual([]);
    expect(file.counts()).toEqual({ read: 0, accepted: 0, rejected: 0, byReason: {} });
  }
});

test('ten thousand columns are refused by a limit that is named, and read where it allows them', async () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
  const content = [names.join(','), ...Array.from({ length: 110 }, (_, row) => `${row}${','.repeat(9999)}${row}`), '1,2'].join('\n');
  const error = await errorOf(openBytes(names.join(',')));
  expect([error.code, error.details.found]).toEqual(['too-many-columns', '10000 columns']);
  expect(error.details.expected).toContain('score.limits.columns');
  const file = await openBytes(content, { columns: [integer('c9999')], delimiter: ',', quote: '"', limits: limits({ columns: 10_000 }) });
  const sizes: number[] = [];
  for await (const { batch } of file.batches()) sizes.push(batch.rows);
  expect(sizes).toEqual([104, 6]);
  expect(file.counts()).toEqual({ read: 111, accepted: 110, rejected: 1, byReason: { 'too-few-fields': 1 } });
});

test.each([['', '', DEFAULT_LIMITS], ['"', '"', limits({ row_bytes: 1 << 18 })]])('a cell of 64 MB refuses the file by a limit that is named (quoted with %j)', async (open, close, some) => {
  const piece = Buffer.alloc(1 << 20, 'x');
  const pieces = [Buffer.from(`${TEXT}3,${open}`), ...Array.from({ length: 64 }, () => piece), Buffer.from(`${close}\n4,y\n`)];
  const file = await openBatchFile({ ...CONTRACT, limits: some, input: Readable.from(pieces) });
  const error = await errorOf(readWhole(file));
  expect(error.code).toBe('row-too-large');
  expect(error.details.where).toContain('line 4');
  expect(error.details.found).toContain(`${some.row_bytes} bytes`);
  expect(error.details.expected).toContain('score.limits.row_bytes');
});

test('a header of 64 MB is refused as well', async () => {
  const cell = Buffer.alloc(1 << 20, 'x');
  const input = Readable.from(Array.from({ length: 64 }, () => cell));
  const error = await errorOf(openBatchFile({ ...CONTRACT, limits: limits({ row_bytes: 1 << 18 }), input }));
  expect([error.code, error.details.where]).toEqual(['row-too-large', 'the stream that was piped in, line 1']);
});

test('a cell above its limit rejects its row alone, and its value is not copied whole', async () => {
  const large = 'y'.repeat(20_000);
  for (const cell of [large, `"${large}"`]) {
    const { rows, rejects } = await readBytes(`id,name\n1,a\n2,${cell}\n3,c\n`, { ...CONTRACT, limits: limits({ cell_bytes: 10_000 }) });
    expect(rows.map(({ id }) => id)).toEqual(['1', '3']);
    expect(rejects.map(({ line, column, value, reason }) => [line, column, value!.length, reason])).toEqual([[3, 'name', 201, 'cell-too-large']]);
  }
});

test('a cell of a hundred thousand digits, or of almost as many, takes no longer than reading it', async () => {
  const digits = '1'.repeat(100_000);
  const { rejects } = await readBytes(`id,n,i\n1,${digits}x,0\n2,0,${digits}x\n${digits}x,0,0\n3,${digits}.${digits.slice(9)}e,0\n`, { columns: [number('n'), integer('i'), integer('id')], key: ['id'] });
  expect(rejects.map(({ reason }) => reason)).toEqual(['not-a-number', 'not-a-number', 'not-a-number', 'not-a-number']);
});

test('many empty lines, many delimiters and many quotes end', async () => {
  expect((await readBytes(`id\n${'\n'.repeat(200_000)}1\n`)).lines).toEqual([200_002]);
  expect(told((await readBytes(`id,name\n${','.repeat(100_000)}\n`)).rejects)).toEqual(['2 - 100001 of 2 fields too-many-fields']);
  const quotes = await readBytes(`id,name\n1,"${'"'.repeat(20_000)}"\n`);
  expect(quotes.rows[0]!['name']).toBe('"'.repeat(10_000));
});

test('JSON Lines have the same limits, and brackets as deep as they allow', async () => {
  const line = (id: number, name: string): string => `{"id":${id},"name":${name}}\n`;
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const found = await readBytes(line(1, '"a"') + line(2, deep) + line(3, `"${'y'.repeat(300_000)}"`) + line(4, '['.repeat(100_000)), { ...CONTRACT, limits: limits({ cell_bytes: 250_000 }) });
  expect(found.rows).toEqual([{ id: '1', name: 'a' }, { id: '2', name: deep }]);
  expect(found.rejects.map(({ line: at, column, value, reason }) => [at, column, value?.length, reason])).toEqual([[3, 'name', 201, 'cell-too-large'], [4, null, undefined, 'not-json']]);
  const error = await errorOf(readBytes(line(1, '"a"') + line(2, `"${'y'.repeat(3000)}"`), { ...CONTRACT, limits: limits({ row_bytes: 1000 }) }));
  expect([error.code, error.details.where]).toEqual(['row-too-large', 'the stream that was piped in, line 2']);
  const cut = gzipSync(line(1, '"a"') + line(2, '"b"')).subarray(0, -9);
  expect((await errorOf(readBytes(cut, CONTRACT))).code).toBe('gzip-broken');
});

test('the file that is read may be the file that is written', async () => {
  const path = join(folder, 'batch.csv');
  writeFileSync(path, `id,n\n${Array.from({ length: 50_000 }, (_, i) => `${i},${i / 4}`).join('\n')}`);
  const file = await openBatchFile({ columns: [number('n')], key: ['id'], limits: DEFAULT_LIMITS, input: path });
  const writer = await openBatchWriter({ output: path, format: 'csv', columns: ['n', 'id'] });
  for await (const { batch } of file.batches()) await writer.write(batch);
  expect(await writer.finish()).toEqual({ rows: 50_000 });
  expect(readFileSync(path, 'utf8')).toBe(`n,id\r\n${Array.from({ length: 50_000 }, (_, i) => `${i / 4},${i}\r\n`).join('')}`);
});
