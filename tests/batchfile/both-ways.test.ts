import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ReadOptions } from '../../src/batchfile/read.ts';
import { NightshiftError } from '../../src/shared/errors.ts';
import { date, integer, limits, number, readBytes, text } from './support.ts';

/** What is split directly and what csv-parse gives must be the same, wherever the pieces of the stream end. */
type Some = Partial<Omit<ReadOptions, 'input'>>;

const CONTRACT: Some = {
  columns: [integer('n', { min: -50 }), number('x', { nullable: false, max: 1e6 }), date('d', { min: '2024-01-01' }), text('t'), { name: 'b', type: 'boolean', nullable: true }, { name: 'at', type: 'timestamp', nullable: true }],
  key: ['id', 'd'],
};
const KEEP = [undefined, { format: 'csv', columns: 'all' }, { format: 'csv', columns: 'key' }] as const;
const HEADER = ['n', 'x', 'd', 't', 'b', 'at', 'id', 'more'];

async function outcome(bytes: Uint8Array, options: Some): Promise<unknown> {
  try {
    const { names, rows, lines, rejects, kept, file } = await readBytes(bytes, options);
    const counts = file.counts();
    expect(counts.accepted + counts.rejected).toBe(counts.read);
    expect([rows.length, rejects.length]).toEqual([counts.accepted, counts.rejected]);
    return { names: rows.length === 0 ? [] : names, rows: rows.map((row) => Object.entries(row)), lines, rejects, kept, counts, warnings: [...file.warnings].sort() };
  } catch (thrown) {
    if (thrown instanceof NightshiftError) return thrown.details;
    throw thrown;
  }
}

async function assertBothWays(bytes: Uint8Array, options: Some, pieceBytes: number): Promise<void> {
  const parsed = await outcome(bytes, { ...options, isDirect: false });
  expect(await outcome(bytes, { ...options, pieceBytes })).toEqual(parsed);
  expect(await outcome(bytes, options)).toEqual(parsed);
  expect(await outcome(bytes, { ...options, isDirect: false, pieceBytes })).toEqual(parsed);
}

const cell = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -99, max: 99 }).map(String) },
  fc.double({ noNaN: true }).map(String),
  fc.tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: 0, max: 999 })).map(([a, b]) => `${a}.${b}`),
  fc.constantFrom('', '', '1.0', '007', '+5', '-0', '.5', '5.', '.', '-', '1,5', '1e400', '1e5', 'inf', '0x10', ' 1', '9007199254740991', '9007199254740993', '123456789012345678', '0.1234567890123456789', '999999999999999.9'),
  fc.constantFrom('2024-01-01', '2024-02-29', '2023-12-31', '2024-02-30', '2024-01-01 00:00:00', '2024-03-04T05:06:07Z', '04.03.2024', 'true', 'FALSE', '0'),
  fc.constantFrom('Zürich', '東京', '🙂', 'a b', "it's", '=1+1', '\ufeff', '\ufffd'),
  fc.string({ maxLength: 6 }).map((one) => one.replaceAll(/["\r\n\0,]/g, '_')),
);
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n');
const record = fc.array(cell, { minLength: HEADER.length, maxLength: HEADER.length }).map((cells) => cells.join(','));
const odd = fc.array(cell, { maxLength: 10 }).map((cells) => cells.join(','));
const plainFile = fc.array(fc.tuple(lineEnd, fc.oneof({ weight: 6, arbitrary: record }, odd)), { maxLength: 25 }).map((lines) => HEADER.join(',') + lines.map(([end, line]) => end + line).join(''));

test('files of plain cells are read alike, cell by cell, reject by reject', async () => {
  await fc.assert(
    fc.asyncProperty(plainFile, fc.boolean(), fc.integer({ min: 1, max: 60 }), async (content, ends, pieceBytes) => {
      await assertBothWays(Buffer.from(content + (ends ? '\n' : '')), { ...CONTRACT, delimiter: ',', batchRows: 7, keep: KEEP[pieceBytes % KEEP.length] }, pieceBytes);
    }),
    { numRuns: 120, seed: 6 },
  );
});

/** Bytes that mean something to a CSV reader, and halves of characters. */
const byte = fc.constantFrom(...Buffer.from('",\n\r;\t|a1-.=\0 \''), 0xc3, 0xa9, 0xff, 0xe2, 0x82, 0xac, 0x31, 0x32, 0x2c, 0x0a, 0x22);
const rubble = fc.array(byte, { maxLength: 120 }).map((bytes) => Buffer.from(bytes));

test('files of quotes, NULs and broken characters are read alike, and nothing of them is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(rubble, plainFile.map((one) => Buffer.from(one.slice(HEADER.join(',').length)))), { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), async (parts, pieceBytes) => {
      const bytes = Buffer.concat([Buffer.from(`${HEADER.join(',')}\n`), ...parts]);
      await assertBothWays(bytes, { ...CONTRACT, delimiter: ',', quote: '"', batchRows: 5, keep: KEEP[pieceBytes % KEEP.length] }, pieceBytes);
    }),
    { numRuns: 120, seed: 7 },
  );
});

test('limits are found alike', async () => {
  const long = fc.integer({ min: 0, max: 80 }).map((length) => 'x'.repeat(length));
  const lines = fc.array(fc.tuple(long, long, fc.boolean()).map(([a, b, isQuoted]) => (isQuoted ? `"${a}",${b}` : `${a},${b}`)), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(lines, lineEnd, fc.integer({ min: 1, max: 40 }), async (some, end, pieceBytes) => {
      const options: Some = { delimiter: ',', quote: '"', limits: limits({ row_bytes: 90, cell_bytes: 50 }) };
      await assertBothWays(Buffer.from(`a,b\n${some.join(end)}\n`), options, pieceBytes);
    }),
    { numRuns: 80, seed: 8 },
  );
});
