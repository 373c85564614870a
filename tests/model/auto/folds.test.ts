import { expect, test } from '@jest/globals';
import type { ColumnBatch } from '../../../src/dataset/batch.ts';
import { crossDivisions, givenDivision } from '../../../src/model/auto/folds.ts';
import { type SharedRows, readRows, sourceOfRows } from '../../../src/model/auto/rows.ts';
import { batchOf, numbers, parts, planted, plantedContract, sourceOf, text } from '../made.ts';

const batch = planted(103, 1);
const read = (): Promise<SharedRows> => readRows({ contract: plantedContract, train: sourceOf(...parts(batch, 20)), validation: sourceOf(planted(10, 2)) });

test('every row is held out once, and trains in all the other folds', async () => {
  const divisions = crossDivisions(await read(), 5, 1);
  const held = divisions.flatMap((one) => [...one.held]).sort((a, b) => a - b);
  expect(held).toEqual(Array.from({ length: 113 }, (_, row) => row));
  for (const { train, held: out } of divisions) expect(new Set([...train, ...out]).size).toBe(113);
});

test('classes are dealt evenly, and one of fewer rows than folds always trains', async () => {
  const labels = ['rare', ...Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? 'some' : 'many'))];
  const contract = { task: 'multiclass', features: [{ name: 'x', kind: 'number' }], label: 'y', classes: ['many', 'rare', 'some'] } as const;
  const rows = await readRows({ contract, train: sourceOf(batchOf({ x: numbers(labels.map((_, i) => i)), y: text(labels) })), validation: undefined });
  for (const { train, held } of crossDivisions(rows, 5, 3)) {
    expect(train).toContain(0);
    expect(held.filter((row) => labels[row] === 'some')).toHaveLength(2);
  }
});

test('rows of one group are held out together, and none is lost', async () => {
  const groups = Float64Array.from({ length: 103 }, (_, row) => row % 37);
  const rows = await readRows({ contract: plantedContract, train: sourceOf(batch), validation: undefined, groups: () => groups });
  const divisions = crossDivisions(rows, 5, 1);
  expect(divisions.flatMap(({ held }) => [...held]).sort((a, b) => a - b)).toEqual([...groups.keys()]);
  for (const { train, held } of divisions) {
    const out = new Set([...held].map((row) => groups[row]));
    expect([...train].filter((row) => out.has(groups[row]))).toEqual([]);
  }
});

test('the given division keeps to the streams', async () => {
  const { train, held } = givenDivision(await read());
  expect([train.length, held.length, held[0]]).toEqual([103, 10, 103]);
});

test('rows read back as they came, whatever the batches and their dictionaries', async () => {
  const rows = await read();
  let again: ColumnBatch | undefined;
  for await (const one of sourceOfRows(rows, Uint32Array.of(5, 60, 2))()) again = one;
  expect([0, 1, 2].map((row) => city(again!, row))).toEqual([5, 60, 2].map((row) => city(batch, row)));
  const b = again!.columns.get('b');
  const original = batch.columns.get('b');
  if (b?.storage !== 'number' || original?.storage !== 'number') throw new TypeError('b is a number');
  expect([...b.values]).toEqual([5, 60, 2].map((row) => original.values[row]));
  expect(Array.from(b.nulls ?? [])).toEqual([5, 60, 2].map((row) => original.nulls?.[row] ?? 0));
});

function city(of: ColumnBatch, row: number): string | undefined {
  const column = of.columns.get('city');
  return column?.storage === 'text' ? column.dictionary[column.codes[row]!] : undefined;
}
