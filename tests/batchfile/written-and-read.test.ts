import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { neutralised } from '../../src/batchfile/csv-text.ts';
import type { BatchFormat } from '../../src/batchfile/read.ts';
import { openBatchWriter } from '../../src/batchfile/write.ts';
import type { Column, ColumnBatch } from '../../src/dataset/batch.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { writeParquet } from '../../src/warehouse/parquet-file.ts';
import { date, integer, number, readBytes, text, valueAt } from './support.ts';
import type { Value } from './support.ts';

/** A table as rows; of the columns `i` is whole, `x` a number, `b` true or false as 1 or 0, `d` a date, `t` text and `other` one that no contract knows. */
type Row = Readonly<Record<'i' | 'x' | 'b' | 'd' | 't' | 'other', Value>>;

const NUMBERS = ['i', 'x', 'b'];
const CONTRACT = { columns: [integer('i'), number('x'), { name: 'b', type: 'boolean', nullable: true } as const, date('d'), text('t')] };

/** Any text without NUL, which no batch may hold, and much of what a reader or a spreadsheet could stumble over. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }).map((one) => one.replaceAll('\0', '')),
  fc.array(fc.constantFrom('"', "'", ',', ';', '\t', '|', '\n', '\r', '\r\n', ' ', '=', '+', '-', '@', '\\', '{', '\ufeff', '\ufffd', '\u2028', '\u0085', '1', 'e', '.', 'é', '🙂'), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.constantFrom('', '=cmd()', '-1', '-1e5', '+x', '@a', 'null', 'NaN', '1e400', '007', '2024-01-01', '"', "'=1"),
);
const ODD_NUMBERS = [0, -0, 5e-324, -5e-324, 2.2250738585072014e-308, Number.MAX_VALUE, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 0.1, 1e21, 1e-7, 123456.789];
const missing = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { freq: 6, nil: null });
const anyRow: fc.Arbitrary<Row> = fc.record({
  i: missing(fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, 2 ** 53 - 1, 1 - 2 ** 53))),
  x: missing(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(...ODD_NUMBERS))),
  b: missing(fc.constantFrom(0, 1)),
  d: missing(fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }).map((one) => one.toISOString().slice(0, 10))),
  t: missing(anyText),
  other: missing(anyText),
});
const anyTable = fc.array(anyRow, { maxLength: 12 });

function batchOf(rows: readonly Row[]): ColumnBatch {
  const names = ['t', 'i', 'x', 'other', 'b', 'd'] as const;
  return { rows: rows.length, columns: new Map(names.map((name): [string, Column] => [name, columnOf(rows.map((row) => row[name]), NUMBERS.includes(name))])) };
}

function columnOf(values: readonly Value[], isNumber: boolean): Column {
  if (isNumber) return { storage: 'number', values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))), nulls: Uint8Array.from(values, (value) => Number(value === null)) };
  const dictionary = [...new Set(values.filter((value) => typeof value === 'string'))];
  return { storage: 'text', codes: Int32Array.from(values, (value) => (value === null ? -1 : dictionary.indexOf(String(value)))), dictionary };
}

async function written(rows: readonly Row[], format: BatchFormat): Promise<Buffer> {
  const output = new PassThrough();
  const bytes = buffer(output);
  const batch = batchOf(rows);
  const writer = await openBatchWriter({ output, format, columns: [...batch.columns.keys()] });
  await writer.write(batch);
  await writer.finish();
  output.end();
  return bytes;
}

/** Every cell by its name, minus zero apart from zero. */
const cellsOf = (rows: readonly Readonly<Record<string, Value>>[]): unknown => rows.map((row) => Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** What CSV changes of a text: one that a spreadsheet would run gets an apostrophe, and an empty one is missing. */
function throughCsv(value: Value): Value {
  return typeof value === 'string' ? (value === '' ? null : neutralised(value)) : value;
}

test('any table that is written as CSV is read as the same table, in whatever pieces it comes', async () => {
  await fc.assert(
    fc.asyncProperty(anyTable, fc.integer({ min: 1, max: 60 }), async (rows, pieceBytes) => {
      const bytes = await written(rows, 'csv');
      const found = await readBytes(bytes, CONTRACT);
      expect(found.rejects).toEqual([]);
      expect(cellsOf(found.rows)).toEqual(cellsOf(rows.map((row) => ({ ...row, t: throughCsv(row.t), other: throughCsv(row.other) }))));
      expect((await readBytes(bytes, { ...CONTRACT, delimiter: ',', quote: '"', pieceBytes })).rows).toEqual(found.rows);
    }),
    { numRuns: 120, seed: 21 },
  );
});

test('any table that is written as JSON Lines is read as the same table, empty texts and missing values apart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 60 }), async (rows, pieceBytes) => {
      const found = await readBytes(await written(rows, 'jsonl'), { ...CONTRACT, format: 'jsonl', pieceBytes });
      expect(found.rejects).toEqual([]);
      expect(cellsOf(found.rows)).toEqual(cellsOf(rows));
    }),
    { numRuns: 150, seed: 22 },
  );
});

test('rows that were kept and are read again are kept as they were: what was neutralised once is not neutralised again', async () => {
  await fc.assert(
    fc.asyncProperty(anyTable, async (rows) => {
      const first = await written(rows, 'csv');
      const keep = { ...CONTRACT, delimiter: ',', quote: '"', keep: { format: 'csv', columns: 'all' } } as const;
      const { kept, file } = await readBytes(first, keep);
      const again = await readBytes(`${file.header.join(',')}\r\n${kept.map((line) => `${line}\r\n`).join('')}`, keep);
      expect([again.kept, again.rejects]).toEqual([kept, []]);
    }),
    { numRuns: 100, seed: 23 },
  );
});

test('tables that are written as Parquet are read as the same tables', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-parquet-'));
  const warehouse = await openWarehouse({ kind: 'duckdb', file: ':memory:' });
  try {
    const rows = fc.sample(anyRow, { numRuns: 500, seed: 24 });
    const file = join(folder, 'rows.parquet');
    await writeParquet(file, { t: 'text', i: 'integer', x: 'number', other: 'text', b: 'boolean', d: 'date' }, batches(rows, 90));
    await warehouse.attach([{ name: 'brought', location: { kind: 'parquet', files: [file] }, types: {} }]);
    const found: Readonly<Record<string, Value>>[] = [];
    const columns = { i: 'number', x: 'number', b: 'number', d: 'text', t: 'text', other: 'text' } as const;
    for await (const batch of warehouse.stream('SELECT i, x, b, d, t, other FROM brought', { columns })) {
      for (let row = 0; row < batch.rows; row++) found.push(Object.fromEntries(Object.keys(columns).map((name) => [name, valueAt(batch.columns.get(name)!, row)])));
    }
    expect(cellsOf(found)).toEqual(cellsOf(rows));
  } finally {
    await warehouse.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function* batches(rows: readonly Row[], size: number): AsyncGenerator<ColumnBatch> {
  for (let from = 0; from < rows.length; from += size) yield batchOf(rows.slice(from, from + size));
}
