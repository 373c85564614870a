import { expect, test } from '@jest/globals';
import type { ColumnBatch } from '../../src/dataset/batch.ts';
import { TextBuilder } from '../../src/dataset/batch-builder.ts';
import { kindOf } from '../../src/init/kinds.ts';
import { profileOf, type Profile } from '../../src/init/profile.ts';

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

const kindOfText = async (name: string, cells: readonly string[]) => kindOf(await textProfile(name, cells));
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
  expect(kindOf(profile)).toEqual({ type: 'text', use: 'number', parse: true, odd: 1 });
  expect(profile).toMatchObject({ filled: 64, numbers: 60, markers: 3, min: 1, max: 3.5, whole: false });
  expect(profile.strays.map(({ text }) => text).toSorted()).toEqual([' ', '>10', '?', 'N/A']);
});

test('numbers with much text among them are text', async () => {
  expect(await kindOfText('size', [...repeated(['1', '2'], 20), ...repeated(['large'], 5)])).toMatchObject({ type: 'text', use: 'category' });
});

test('a name that pipeline.yaml cannot declare leaves numbers as text that is read', async () => {
  for (const name of ['__proto__', 'two\nlines', 'x'.repeat(201)]) expect(await kindOfText(name, ['1', '2.5'])).toMatchObject({ type: 'text', use: 'number', parse: true });
});
