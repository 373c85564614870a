import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { Contract } from '../../../src/dataset/contract.ts';
import { gbdtFamily } from '../../../src/model/gbdt-family.ts';
import { planted, plantedContract, sourceOf } from '../made.ts';

const train = planted(20_000, 1);
const validation = planted(3000, 2);
const contract: Contract = plantedContract;

/** Every file of a model that was trained on so many threads. */
async function filesOf(threads: number, options: Readonly<Record<string, unknown>>): Promise<Record<string, Buffer>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nightshift-gbdt-'));
  try {
    const model = await gbdtFamily.fit({ contract, train: sourceOf(train), validation: sourceOf(validation), options: gbdtFamily.parseOptions(options), seed: 5, threads, progress: () => undefined });
    await model.save(folder);
    const names = (await readdir(folder)).sort();
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))])));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test.each([
  ['all rows', { rows: 1, columns: 1, trees: 4 }],
  ['drawn rows and columns', { rows: 0.6, columns: 0.7, trees: 4 }],
])('with %s, one, two and three threads come to the same bytes', async (_, options) => {
  const one = await filesOf(1, options);
  expect(Object.keys(one)).toEqual(['bins.json', 'forest.json', 'model.json', 'trees.bin']);
  expect(one['trees.bin']!.length).toBeGreaterThan(8 * 20 * 4);
  expect(await filesOf(2, options)).toEqual(one);
  expect(await filesOf(3, options)).toEqual(one);
});
