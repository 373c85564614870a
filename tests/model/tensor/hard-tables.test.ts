import { describe, expect, test } from '@jest/globals';
import type { Contract } from '../../../src/dataset/contract.ts';
import { Random } from '../../../src/evaluation/random.ts';
import { batchOf, fit, logLoss, numbers, planted, text } from '../made.ts';

const quick = { members: 4, width: 16, epochs: 2 };

function drawn(rows: number, seed: number): { random: Random; y: number[] } {
  const random = new Random(seed);
  return { random, y: Array.from({ length: rows }, () => random.below(2)) };
}

describe('TabM takes', () => {
  test('50 rows', async () => {
    const fresh = planted(500, 3);
    const model = await fit({ family: 'tabm', train: planted(50, 1), validation: planted(20, 2), options: { members: 4 } });
    // A coin has 0.69.
    expect(logLoss(fresh, await model.predict(fresh))).toBeLessThan(0.69);
  });

  test('a class with one row', async () => {
    const { random, y } = drawn(200, 4);
    const table = batchOf({ x: numbers(y.map((label) => label + 0.3 * random.normal())), c: text(y.map((label, i) => (i === 0 ? 'rare' : label === 1 ? 'b' : 'a'))) });
    const contract: Contract = { task: 'multiclass', features: [{ name: 'x', kind: 'number' }], label: 'c', classes: ['a', 'b', 'rare'] };
    const model = await fit({ family: 'tabm', contract, train: table, validation: table, options: quick });
    expect((await model.predict(table)).every((p) => p > 0 && p < 1)).toBe(true);
  });

  test('10,000 values of a category', async () => {
    const { random, y } = drawn(20_000, 5);
    const table = batchOf({ c: manyValues(random, y.length), x: numbers(y.map((label) => label + random.normal())), y: numbers(y) });
    const contract: Contract = { task: 'binary', features: [{ name: 'c', kind: 'category' }, { name: 'x', kind: 'number' }], label: 'y', classes: [] };
    const model = await fit({ family: 'tabm', contract, train: table, validation: table, options: { ...quick, min_count: 1, epochs: 1 } });
    expect(logLoss(table, await model.predict(table))).toBeLessThan(0.69);
  });

  test('2,000 columns', async () => {
    const { random, y } = drawn(300, 6);
    const names = Array.from({ length: 2000 }, (_, i) => `x${i}`);
    const columns = names.map((name, i) => [name, numbers(y.map((label) => (i % 20 === 0 ? label : 0) + random.normal()))] as const);
    const table = batchOf({ ...Object.fromEntries(columns), y: numbers(y) });
    const contract: Contract = { task: 'binary', features: names.map((name) => ({ name, kind: 'number' })), label: 'y', classes: [] };
    const model = await fit({ family: 'tabm', contract, train: table, validation: table, options: { ...quick, epochs: 6 } });
    expect(logLoss(table, await model.predict(table))).toBeLessThan(0.6);
  });

  test('a target equal to a feature', async () => {
    const { random } = drawn(0, 7);
    const price = Array.from({ length: 600 }, () => 1000 * random.normal());
    const table = batchOf({ price: numbers(price), copy: numbers(price) });
    const contract: Contract = { task: 'regression', features: [{ name: 'copy', kind: 'number' }], label: 'price', classes: [] };
    const model = await fit({ family: 'tabm', contract, train: table, validation: table, options: { ...quick, epochs: 20 } });
    const squares = [...(await model.predict(table))].map((p, i) => (p - price[i]!) ** 2);
    expect(Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / squares.length)).toBeLessThan(200);
  });
});

/** `text` looks every value up in a list, which is slow for so many. */
function manyValues(random: Random, rows: number): ReturnType<typeof text> {
  return { storage: 'text', codes: Int32Array.from({ length: rows }, () => random.below(10_000)), dictionary: Array.from({ length: 10_000 }, (_, i) => `v${i}`) };
}
