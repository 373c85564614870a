import { describe, expect, test } from '@jest/globals';
import type { Column, ColumnBatch } from '../../src/dataset/batch.ts';
import type { Contract } from '../../src/dataset/contract.ts';
import { Random } from '../../src/evaluation/random.ts';
import { contributionsOf } from '../../src/model/contributions.ts';
import { familyNames } from '../../src/model/families.ts';
import type { FittedModel } from '../../src/model/family.ts';
import { batchOf, fit, numbers, text } from './made.ts';

const WIDE = Array.from({ length: 14 }, (_, i) => `x${i}`);
const CLASSES = ['high', 'low', 'middle'];

/** Two numbers, a category and fourteen numbers more, of which a price, its class and whether it is high follow. */
function priced(rows: number, seed: number): ColumnBatch {
  const random = new Random(seed);
  const made = Array.from({ length: rows }, () => {
    const wide = WIDE.map(() => random.normal());
    const [size, area] = [random.normal(), ['north', 'south', 'west'][random.below(3)]!];
    const price = 5000 + 800 * size + (area === 'north' ? 600 : 0) + 100 * wide.reduce((sum, one) => sum + one, 0);
    return { size, gap: random.uniform() < 0.1 ? null : random.normal(), area, wide, price };
  });
  return batchOf({
    size: numbers(made.map((row) => row.size)),
    gap: numbers(made.map((row) => row.gap)),
    area: text(made.map((row) => row.area)),
    ...Object.fromEntries(WIDE.map((name, i) => [name, numbers(made.map((row) => row.wide[i]!))])),
    price: numbers(made.map((row) => row.price)),
    band: text(made.map(({ price }) => CLASSES[price < 4800 ? 1 : price < 5600 ? 2 : 0]!)),
    dear: numbers(made.map(({ price }) => (price > 5200 ? 1 : 0))),
  });
}

const narrow: Contract['features'] = [{ name: 'size', kind: 'number' }, { name: 'gap', kind: 'number' }, { name: 'area', kind: 'category' }];
const tasks: readonly Contract[] = [
  { task: 'binary', features: narrow, label: 'dear', classes: [] },
  { task: 'multiclass', features: narrow, label: 'band', classes: CLASSES },
  { task: 'regression', features: narrow, label: 'price', classes: [] },
];
const [train, validation] = [priced(1500, 1), priced(300, 2)];
const usual = batchOf({ size: numbers([0]), gap: numbers([0.1]), area: text(['south']), ...Object.fromEntries(WIDE.map((name) => [name, numbers([0])])) });
const row = batchOf({ size: numbers([1.4]), gap: numbers([null]), area: text(['north']), ...Object.fromEntries(WIDE.map((name, i) => [name, numbers([i / 7 - 0.9])])) });
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
const withOne = (name: string, column: Column): ColumnBatch => ({ rows: 1, columns: new Map(usual.columns).set(name, column) });
const outputsOf = (model: FittedModel): readonly number[] => (model.contract.classes.length === 0 ? [0] : model.contract.classes.map((_, k) => k));

describe.each(familyNames)('contributions to what %s predicts', (family) => {
  test.each(tasks)('add up from the usual row to this one ($task)', async (contract) => {
    const model = await fit({ family, contract, train, validation, rounds: 5 });
    const [own, other] = [await model.predict(row), await model.predict(usual)];
    for (const output of outputsOf(model)) {
      const { contributions, empty, full, orders } = await contributionsOf(model, { row, against: usual, output, seed: 1 });
      expect([full, empty, orders]).toEqual([own[output], other[output], null]);
      expect(sum(contributions) / Math.abs(full)).toBeCloseTo((full - empty) / Math.abs(full), 9);
    }
    expect(new Set(model.encoded!(row).map(({ feature }) => feature))).toEqual(new Set(['size', 'gap', 'area']));
    model.dispose();
  });
});

describe('contributions of many features', () => {
  const features: Contract['features'] = [...narrow, ...WIDE.map((name) => ({ name, kind: 'number' as const }))];
  const contract: Contract = { task: 'regression', features, label: 'price', classes: [] };

  test('to what a linear regression predicts are what each feature does alone, also where orders are drawn; a value that is usual does nothing', async () => {
    const model = await fit({ family: 'linear', contract, train, validation });
    const half = { rows: 1, columns: new Map(row.columns).set('x3', numbers([0])) };
    const { contributions, errors, orders, same, empty } = await contributionsOf(model, { row: half, against: usual, output: 0, seed: 1 });
    expect([orders, same]).toEqual([16, 1]);
    for (const [i, { name }] of features.entries()) {
      const [alone] = await model.predict(withOne(name, half.columns.get(name)!));
      // Inputs and sums of the network are single floats.
      expect(Math.abs(contributions[i]! - (alone! - empty))).toBeLessThan(0.02);
      expect(errors[i]).toBeLessThan(0.02);
    }
    expect(contributions[features.findIndex(({ name }) => name === 'x3')]).toBe(0);
    // 800 for each unit of size was planted.
    expect(contributions[0]! / 1.4 / 800).toBeCloseTo(1, 1);
  });

  test('come out the same again, and are refused for rows that break the contract', async () => {
    const model = await fit({ family: 'mlp', contract: { ...contract, task: 'binary', label: 'dear' }, train, validation, rounds: 3 });
    const once = await contributionsOf(model, { row, against: usual, output: 0, seed: 1 });
    expect(once.orders).toBeGreaterThan(16);
    expect(await contributionsOf(model, { row, against: usual, output: 0, seed: 1 })).toEqual(once);
    await expect(contributionsOf(model, { row: batchOf({ size: numbers([1]) }), against: usual, output: 0, seed: 1 })).rejects.toThrow(expect.objectContaining({ code: 'contract-broken' }));
  });
});
