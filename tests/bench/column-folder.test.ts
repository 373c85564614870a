import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeColumns, readColumns, writeColumns } from '../../src/bench/column-folder.ts';
import { holdOut } from '../../src/bench/hold-out.ts';
import { sizesOf } from '../../src/bench/sizes.ts';
import { readAll, withFolder } from '../contract/warehouses.ts';
import { batchOf, numbers, sourceOf, text } from '../model/made.ts';

const rows = sourceOf(batchOf({ n: numbers([1, null]), c: text(['b', null]), y: numbers([0, 1]) }), batchOf({ n: numbers([0.1]), c: text(['a']), y: numbers([1]) }), batchOf({ n: numbers([-2]), c: text(['b']), y: numbers([0]) }));
const all = { n: [1, null, 0.1, -2], c: ['b', null, 'a', 'b'], y: [0, 1, 1, 0] };

test('columns are read as they were written, from the start as often as wanted, in batches of any size', async () => {
  await withFolder(async (folder) => {
    expect(await writeColumns(folder, rows)).toEqual(describeColumns(folder));
    const read = readColumns(folder, { batchRows: 3 });
    expect(await readAll(read())).toEqual({ columns: all, sizes: [3, 1] });
    expect((await readAll(read())).columns).toEqual(all);
    expect((await readAll(readColumns(folder, { rows: 2 })())).columns).toEqual({ n: [1, null], c: ['b', null], y: [0, 1] });
  });
});

test('a share of the rows is held out by the seed, and every row is in one of the parts', async () => {
  const many = sourceOf(...Array.from({ length: 10 }, (_, i) => batchOf({ n: numbers(Array.from({ length: 10 }, (_, j) => i * 10 + j)) })));
  const drawn = async (seed: number): Promise<readonly (readonly unknown[])[]> => {
    const { train, validation } = holdOut(many, { rows: 100, share: 0.15, seed });
    return [(await readAll(train())).columns['n']!, (await readAll(validation!())).columns['n']!];
  };
  const [train, validation] = await drawn(1);
  expect(validation).toHaveLength(15);
  expect([...train!, ...validation!].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(await drawn(1)).toEqual([train, validation]);
  expect(await drawn(2)).not.toEqual([train, validation]);
  expect(holdOut(many, { rows: 100, share: 0, seed: 1 }).validation).toBeUndefined();
});

test('more features than there are repeat them, fewer keep the share of categories, and nothing is copied', async () => {
  await withFolder(async (folder) => {
    for (const part of ['train', 'test']) await writeColumns(join(folder, part), rows);
    const contract = { task: 'binary', features: [{ name: 'n', kind: 'number' }, { name: 'c', kind: 'category' }], label: 'y', classes: [] } as const;
    const job = { contract, train: join(folder, 'train'), test: join(folder, 'test'), trainRows: 4 };
    const [own, wide] = sizesOf(job, { rows: [2], columns: [2, 4] });
    expect([own?.name, wide?.name]).toEqual(['2 × 2', '2 × 4']);
    const four = wide!.on(job);
    expect(four.contract.features.map(({ name, kind }) => [name, kind])).toEqual([['n', 'number'], ['n_again_1', 'number'], ['c', 'category'], ['c_again_1', 'category']]);
    expect((await readAll(readColumns(four.train)())).columns).toEqual({ n: all.n, n_again_1: all.n, c: all.c, c_again_1: all.c, y: all.y });
    expect(describeColumns(four.test).columns[1]?.file).toBe(join(folder, 'test', '0.bin'));
    expect(() => sizesOf(job, { rows: [2, 5], columns: [] })).toThrow('fewer rows');
  });
});
