import { expect, test } from '@jest/globals';
import type { ColumnBatch } from '../../../src/dataset/batch.ts';
import type { Contract } from '../../../src/dataset/contract.ts';
import { Random } from '../../../src/evaluation/random.ts';
import { gbdtFamily } from '../../../src/model/gbdt-family.ts';
import { batchOf, numbers, sourceOf } from '../made.ts';

async function predicted(contract: Contract, train: ColumnBatch, options: Readonly<Record<string, unknown>> = {}): Promise<Float64Array> {
  const model = await gbdtFamily.fit({ contract, train: sourceOf(train), validation: undefined, options: gbdtFamily.parseOptions(options), seed: 1, progress: () => undefined });
  return model.predict(train);
}

const random = new Random(2);
const drawn = (rows: number): number[] => Array.from({ length: rows }, () => random.normal());

/** Text of so many rows, without looking through a dictionary of thousands for each. */
function cities(names: readonly string[]): ColumnBatch['columns'] extends ReadonlyMap<string, infer C> ? C : never {
  const dictionary = [...new Set(names)];
  const codes = new Map(dictionary.map((name, code) => [name, code]));
  return { storage: 'text', codes: Int32Array.from(names, (name) => codes.get(name)!), dictionary };
}

test('fifty rows are too few for leaves of twenty to matter much, and enough to train', async () => {
  const y = drawn(50);
  const predictions = await predicted({ task: 'regression', features: [{ name: 'a', kind: 'number' }], label: 'y', classes: [] }, batchOf({ a: numbers(y), y: numbers(y) }));
  expect(predictions).toHaveLength(50);
  expect(predictions.every(Number.isFinite)).toBe(true);
});

test('a class with one row has a probability of its own', async () => {
  const a = drawn(300);
  const contract: Contract = { task: 'multiclass', features: [{ name: 'a', kind: 'number' }], label: 'y', classes: ['high', 'low', 'once'] };
  const predictions = await predicted(contract, batchOf({ a: numbers(a), y: cities(a.map((one, row) => (row === 7 ? 'once' : one > 0 ? 'high' : 'low'))) }), { trees: 20 });
  expect(predictions).toHaveLength(900);
  expect(predictions.every((chance) => chance > 0 && chance < 1)).toBe(true);
});

test('ten thousand categories share what they cannot each have, and are told of', async () => {
  const names = Array.from({ length: 20_000 }, (_, row) => `c${row % 10_000}`);
  const contract: Contract = { task: 'binary', features: [{ name: 'city', kind: 'category' }, { name: 'a', kind: 'number' }], label: 'y', classes: [] };
  const a = drawn(20_000);
  const train = batchOf({ city: cities(names), a: numbers(a), y: numbers(a.map((one) => (one > 0.5 ? 1 : 0))) });
  const model = await gbdtFamily.fit({ contract, train: sourceOf(train), validation: undefined, options: gbdtFamily.parseOptions({ trees: 3, min_count: 1 }), seed: 1, threads: 1, progress: () => undefined });
  expect(model.summary.notes).toEqual(['city: 9746 rare values folded into one bucket']);
});

test('two thousand columns', async () => {
  const features = Array.from({ length: 2000 }, (_, at) => ({ name: `x${at}`, kind: 'number' as const }));
  const columns = Object.fromEntries(features.map(({ name }) => [name, numbers(drawn(200))]));
  const y = columns['x7']!.values;
  const predictions = await predicted({ task: 'regression', features, label: 'y', classes: [] }, batchOf({ ...columns, y: { storage: 'number', values: y, nulls: undefined } }), { trees: 5, columns: 1 });
  const size = (values: Float64Array): number => values.reduce((sum, value) => sum + value ** 2, 0);
  expect(size(predictions.map((one, row) => one - y[row]!))).toBeLessThan(0.7 * size(y));
});

test('a target equal to a feature is learned without an error', async () => {
  const a = drawn(1000).map((one) => (one > 0 ? 1 : 0));
  const predictions = await predicted({ task: 'binary', features: [{ name: 'a', kind: 'number' }], label: 'y', classes: [] }, batchOf({ a: numbers(a), y: numbers(a) }));
  expect(Math.max(...predictions.map((one, row) => Math.abs(one - a[row]!)))).toBeLessThan(0.01);
});

test('more leaves times columns than memory should hold are refused before anything is trained', async () => {
  const features = Array.from({ length: 300 }, (_, at) => ({ name: `x${at}`, kind: 'number' as const }));
  const columns = Object.fromEntries(features.map(({ name }) => [name, numbers(drawn(900))]));
  const fitting = predicted({ task: 'regression', features, label: 'y', classes: [] }, batchOf({ ...columns, y: numbers(drawn(900)) }), { leaves: 4096 });
  await expect(fitting).rejects.toMatchObject({ code: 'histograms-too-large', details: { found: expect.stringContaining('GB') } });
});

test('an option out of its range is refused', () => {
  for (const options of [{ bins: 256 }, { leaves: 1 }, { columns: 0 }, { monotone: { a: 2 } }, { monotone: [1] }, { learning_rate: 0 }]) {
    expect(() => gbdtFamily.parseOptions(options)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  }
});
