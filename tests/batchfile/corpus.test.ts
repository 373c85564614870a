import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { DEFAULT_LIMITS } from '../../src/batchfile/limits.ts';
import { openBatchFile } from '../../src/batchfile/read.ts';
import type { BatchFormat } from '../../src/batchfile/read.ts';
import { NightshiftError } from '../../src/shared/errors.ts';
import { CORPUS } from './corpus.ts';
import type { Outcome } from './corpus.ts';
import { date, integer, number, openBytes, readWhole, text } from './support.ts';

const FOLDER = join(import.meta.dirname, 'corpus');
const OPTIONS = { columns: [integer('id'), integer('n'), number('x'), date('d'), text('t')], key: ['id'], keep: { format: 'csv', columns: 'all' }, limits: DEFAULT_LIMITS } as const;
/** What may refuse a file. Anything else that is thrown is a fault of the reader. */
const REFUSALS = ['batch-empty', 'not-text', 'header-invalid', 'duplicate-column', 'column-missing', 'column-retyped', 'too-many-columns', 'row-too-large', 'quote-open', 'gzip-broken'];

const bytesOf = (name: string): Buffer => readFileSync(join(FOLDER, name));
const formatOf = (name: string): BatchFormat | undefined => (name.endsWith('.jsonl') ? 'jsonl' : undefined);

/** Reads bytes to their end or their refusal, and holds that no row of them was lost, and none made up. */
async function outcome(bytes: Uint8Array, options: { readonly format?: BatchFormat | undefined; readonly pieceBytes?: number; readonly isDirect?: boolean } = {}): Promise<Outcome> {
  try {
    const { rows, kept, lines, rejects, file } = await readWhole(await openBytes(bytes, { ...OPTIONS, ...options }));
    const { read, accepted, rejected, byReason } = file.counts();
    expect([accepted + rejected, rows.length, kept.length, lines.length, rejects.length]).toEqual([read, accepted, accepted, accepted, rejected]);
    expect(Object.values(byReason).reduce((sum, count) => sum + count, 0)).toBe(rejected);
    const numbers = new Set(rejects.map(({ row }) => row));
    expect([numbers.size, [...numbers].every((row) => row !== null && row >= 1 && row <= read)]).toEqual([rejected, true]);
    return { rows: kept, rejects: rejects.map(({ line, column, reason }) => `${line} ${column ?? '-'} ${reason}`) };
  } catch (thrown) {
    if (!(thrown instanceof NightshiftError)) throw thrown;
    expect(REFUSALS).toContain(thrown.code);
    return { error: thrown.code };
  }
}

test('every file of the corpus has an expectation', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(CORPUS).toSorted());
});

test.each(Object.entries(CORPUS))('%s gives its rows, its rejects or its error, in whatever pieces it comes', async (name, expected) => {
  const whole = 'error' in expected ? expected : { rejects: [], ...expected };
  const format = formatOf(name);
  expect(await outcome(bytesOf(name), { format })).toEqual(whole);
  for (const pieceBytes of [1, 2, 3, 7, 64]) expect(await outcome(bytesOf(name), { format, pieceBytes })).toEqual(whole);
  expect(await outcome(bytesOf(name), { format, isDirect: false })).toEqual(whole);
});

test('a file of the corpus is read by its path as well', async () => {
  const { kept } = await readWhole(await openBatchFile({ ...OPTIONS, input: join(FOLDER, 'whole.csv.gz') }));
  expect(kept).toEqual((CORPUS['whole.csv.gz'] as { readonly rows: readonly string[] }).rows);
});

/** A change of some bytes; where it is made is a share of their length. */
type Change = (bytes: Buffer) => Buffer;
const share = fc.integer({ min: 0, max: 999 }).map((n) => n / 1000);
const sign = fc.constantFrom(...Buffer.from('",;\n\r\t|\'{}[]:\\-=.0eE \0'), 0xff, 0xfe, 0xef, 0xc3, 0x80, 0xd8, 0x1f, 0x8b);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(share, fc.integer({ min: 0, max: 7 })).map(([at, bit]): Change => (bytes) => changed(bytes, at, (one) => [one ^ (1 << bit)])),
  fc.tuple(share, sign).map(([at, one]): Change => (bytes) => changed(bytes, at, () => [one])),
  fc.tuple(share, sign).map(([at, one]): Change => (bytes) => changed(bytes, at, (old) => [one, old])),
  share.map((at): Change => (bytes) => changed(bytes, at, () => [])),
  share.map((at): Change => (bytes) => bytes.subarray(0, Math.floor(at * bytes.length))),
  fc.tuple(share, share).map(([at, to]): Change => (bytes) => {
    const [from, end] = [Math.min(at, to), Math.max(at, to)].map((one) => Math.floor(one * bytes.length));
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(from)]);
  }),
);

function changed(bytes: Buffer, at: number, by: (old: number) => readonly number[]): Buffer {
  if (bytes.length === 0) return bytes;
  const place = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, place), Buffer.from(by(bytes[place]!)), bytes.subarray(place + 1)]);
}

test('files of the corpus with bytes flipped, cut off and doubled are read or refused, alike in whatever pieces they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(CORPUS)), fc.array(change, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 50 }), async (name, changes, pieceBytes) => {
      const bytes = changes.reduce((some, one) => one(some), bytesOf(name));
      expect(await outcome(bytes, { format: formatOf(name), pieceBytes })).toEqual(await outcome(bytes, { format: formatOf(name) }));
    }),
    { numRuns: 400, seed: 11 },
  );
});

test('bytes of any kind are read or refused, and have no more rows than lines', async () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.array(sign, { maxLength: 200 }).map((signs) => Uint8Array.from(signs)));
  await fc.assert(
    fc.asyncProperty(bytes, fc.constantFrom('', 'id,n,x,d,t\n', '{"id":1,"n":1,"x":1,"d":"2024-01-01","t":"a"}\n'), async (some, head) => {
      const all = Buffer.concat([Buffer.from(head), some]);
      const found = await outcome(all);
      const lines = all.filter((byte) => byte === 10 || byte === 13).length + 1;
      if (!('error' in found)) expect(found.rows.length + (found.rejects?.length ?? 0)).toBeLessThanOrEqual(lines);
    }),
    { numRuns: 200, seed: 12 },
  );
});
