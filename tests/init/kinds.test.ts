import { describe, expect, test } from '@jest/globals';
import type { ColumnBatch } from '../../src/dataset/batch.ts';
import { TextBuilder } from '../../src/dataset/batch-builder.ts';
import { kindOf } from '../../src/init/kinds.ts';
import { profileOf, type Profile, readAs } from '../../src/init/profile.ts';
import { literal, numberSql } from '../../src/init/sql.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';

/** The profile of a column of text, an empty cell missing. */
async function textProfile(name: string, cells: readonly string[]): Promise<Profile> {
  const builder = new TextBuilder(cells.length);
  cells.forEach((cell, row) => (cell === '' ? builder.setNull(row) : builder.set(row, cell)));
  const batch: ColumnBatch = { rows: cells.length, columns: new Map([[name, builder.finish(cells.length)]]) };
  async function* batches(): AsyncGenerator<ColumnBatch> {
    yield batch;
  }
  const [profile] = await profileOf({ columns: [{ name, stored: 'text' }], batches: batches() });
  return profile!;
}

const kindOfText = async (name: string, cells: readonly string[]) => kindOf(await textProfile(name, cells), true);
const repeated = (cells: readonly string[], times: number): readonly string[] => Array.from({ length: times }, () => cells).flat();

test.each([
  ['whole numbers', 'tenure', ['1', '-2', '30'], 'integer', 'number'],
  ['fractions', 'fee', ['1', '2.5', '1e3'], 'number', 'number'],
  ['true and false', 'active', ['true', 'FALSE', ''], 'boolean', 'number'],
  ['dates', 'joined', ['2024-02-29', '1970-01-01', ''], 'date', 'date'],
  ['timestamps among dates', 'at', ['2024-02-29', '2024-02-29T13:45:00Z'], 'timestamp', 'date'],
  ['words', 'plan', ['a', 'b', '3'], 'text', 'category'],
  ['days that are none', 'day', ['2024-02-30', '2024-02-29'], 'text', 'category'],
  ['whole numbers that are called a code', 'zip', ['8001', '8002'], 'integer', 'category'],
  ['digits with a zero in front', 'plz', ['01067', '10115'], 'text', 'category'],
  ['digits that a number cannot hold', 'serial', ['12345678901234567890', '1'], 'text', 'category'],
  ['nothing but marks of a missing value', 'gone', ['N/A', '', '?'], 'text', 'empty'],
] as const)('%s', async (_, name, cells, type, use) => {
  expect(await kindOfText(name, cells)).toMatchObject({ type, use, parse: false });
});

test('numbers with a few cells of text are numbers that have to be read, and odd cells are counted', async () => {
  const cells = [...repeated(['1', '2', '3.5'], 20), 'N/A', ' ', '?', '>10'];
  const profile = await textProfile('amount', cells);
  expect(kindOf(profile, true)).toEqual({ type: 'text', use: 'number', parse: true, odd: 1 });
  expect(profile).toMatchObject({ filled: 64, numbers: 60, markers: 3, min: 1, max: 3.5, whole: false });
  expect(profile.strays.map(({ text }) => text).toSorted()).toEqual([' ', '>10', '?', 'N/A']);
});

test('numbers with much text among them are text', async () => {
  expect(await kindOfText('size', [...repeated(['1', '2'], 20), ...repeated(['large'], 5)])).toMatchObject({ type: 'text', use: 'category' });
});

test('a name that pipeline.yaml cannot declare leaves numbers as text that is read', async () => {
  for (const name of ['__proto__', 'two\nlines', 'x'.repeat(201)]) expect(await kindOfText(name, ['1', '2.5'])).toMatchObject({ type: 'text', use: 'number', parse: true });
});

describe('numbers as people write them', () => {
  test.each([
    ['thousands', ['1,234', '56', '1,234,567.5'], 'point', [','], [1234, 56, 1234567.5]],
    ['currencies', ['$1,200', '$ 7.50', '-$3', '12 €'], 'point', [' ', '$', ',', '€'], [1200, 7.5, -3, 12]],
    ['percents', ['12%', '7.5 %', '100%'], 'point', [' ', '%'], [12, 7.5, 100]],
    ['a comma before the fraction', ['12,5', '1.234', '3', '-1.234.567,25 €'], 'comma', [' ', '.', '€'], [12.5, 1234, 3, -1234567.25]],
    ['spaces and apostrophes between thousands', ['1 234', "1'234,5", '1\u202f234,0'], 'comma', [' ', "'", '\u202f'], [1234, 1234.5, 1234]],
    ['a plain number with an exponent among them', ['1,234', '1e3'], 'point', [','], [1234, 1000]],
  ] as const)('%s are read, on either engine', async (_, cells, mark, signs, values) => {
    const profile = await textProfile('amount', cells);
    const kind = kindOf(profile, true);
    expect(kind).toMatchObject({ type: 'text', use: 'number', parse: true, odd: 0, written: { mark, signs } });
    const read = readAs(profile, mark);
    expect(read).toMatchObject({ numbers: cells.length, min: Math.min(...values), max: Math.max(...values), strays: [] });
    const sql = numberSql({ profile: read, kind });
    for (const engine of ['sqlite', 'duckdb'] as const) {
      const warehouse = await openWarehouse({ kind: engine, file: ':memory:' });
      const rows = await warehouse.rows(`SELECT ${sql} AS value FROM (${[...cells, 'n/a', '-'].map((cell, i) => `SELECT ${i} AS i, ${literal(cell)} AS amount`).join(' UNION ALL ')}) AS r ORDER BY i`);
      expect(rows.map(({ value }) => value)).toEqual([...values, null, null]);
      await warehouse.close();
    }
  });

  test.each([
    ['decimals that could be thousands stay what they are', 'ratio', ['1.234', '2.345'], { type: 'number', parse: false }],
    ['a fraction of three places behind a zero is none of thousands', 'ratio', ['0,125', '0,250'], { use: 'number', written: { mark: 'comma' } }],
    ['lists of numbers are text', 'tags', ['1,2,3', '4,5', '1'], { use: 'category' }],
    ['telephone numbers are names', 'contact', Array.from({ length: 60 }, (_, i) => `+34 612 1${10 + i} 200`), { type: 'text', use: 'category' }],
    ['digits in groups that hardly ever come twice are names', 'sin', Array.from({ length: 60 }, (_, i) => `123 4${10 + i} 789`), { use: 'category' }],
    ['thousands stay thousands whatever one cell says', 'price', [...Array.from({ length: 59 }, (_, i) => `$${i + 2},500`), '12,5'], { use: 'number', written: { mark: 'point' }, odd: 1 }],
    ['codes with a space in them are names', 'postcode', ['12 345', '54 321'], { use: 'category' }],
    ['much text among them makes them text', 'size', [...repeated(['1,000', '2,000'], 20), ...repeated(['large'], 5)], { use: 'category' }],
  ])('%s', async (_, name, cells, kind) => {
    expect(await kindOfText(name, cells)).toMatchObject(kind);
  });

  test('and what is none of them is missing, on either engine', async () => {
    for (const [cells, odd] of [
      [repeated(['12,5', '1.234,5', '7'], 30), ['1.5', '10.06.2001', '1-2', '5 - 10']],
      [repeated(['$1,200.50', '$ 900', '12'], 30), ['12,5', '5 - 10', '1.2.3', '--']],
      [repeated(['1', '2.5', '1e-3'], 30), ['12-15', '1.2.3', '5-', '2024-01']],
    ] as const) {
      const profile = await textProfile('amount', [...cells, ...odd]);
      const kind = kindOf(profile, true);
      const sql = numberSql({ profile: kind.written === undefined ? profile : readAs(profile, kind.written.mark), kind });
      for (const engine of ['sqlite', 'duckdb'] as const) {
        const warehouse = await openWarehouse({ kind: engine, file: ':memory:' });
        const rows = await warehouse.rows(`SELECT ${sql} AS value FROM (${[...odd, cells[0]!].map((cell, i) => `SELECT ${i} AS i, ${literal(cell)} AS amount`).join(' UNION ALL ')}) AS r ORDER BY i`);
        expect(rows.map(({ value }) => value)).toEqual([...odd.map(() => null), expect.any(Number)]);
        await warehouse.close();
      }
    }
  });

  test('are read with a few cells of text among them, which are told', async () => {
    const profile = await textProfile('income', [...repeated(['$1,200', '$900'], 30), 'N/A', 'on request']);
    expect(kindOf(profile, true)).toMatchObject({ use: 'number', odd: 1, written: { example: '$1,200' } });
    expect(readAs(profile, 'point').strays.map(({ text }) => text).toSorted()).toEqual(['N/A', 'on request']);
  });
});
