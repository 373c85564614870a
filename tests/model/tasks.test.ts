import { describe, expect, test } from '@jest/globals';
import type { ColumnBatch } from '../../src/dataset/batch.ts';
import type { Contract } from '../../src/dataset/contract.ts';
import { Random } from '../../src/evaluation/random.ts';
import { familyNames } from '../../src/model/families.ts';
import { batchOf, fit, numbers, text } from './made.ts';

const CLASSES = ['low', 'middle', 'top'];

/** A number and a category of which a price (in the thousands) and its class follow. */
function priced(rows: number, seed: number): ColumnBatch {
  const random = new Random(seed);
  const made = Array.from({ length: rows }, () => {
    const size = random.normal();
    const area = ['north', 'south'][random.below(2)]!;
    const price = 5000 + 800 * size + (area === 'north' ? 600 : 0) + 200 * random.normal();
    return { size, area, price, band: price < 5000 ? 'low' : price < 6000 ? 'middle' : 'top' };
  });
  return batchOf({
    size: numbers(made.map((row) => row.size)),
    area: text(made.map((row) => row.area)),
    price: numbers(made.map((row) => row.price)),
    band: text(made.map((row) => row.band)),
  });
}

const features: Contract['features'] = [
  { name: 'size', kind: 'number' },
  { name: 'area', kind: 'category' },
];
const train = priced(3000, 1);
const validation = priced(600, 2);
const fresh = priced(1000, 3);

function columnOf(name: string): readonly (number | string)[] {
  const column = fresh.columns.get(name)!;
  return column.storage === 'number' ? [...column.values] : Array.from(column.codes, (code) => column.dictionary[code]!);
}

describe.each(familyNames)('%s', (family) => {
  test('regresses in the unit of the label', async () => {
    const contract: Contract = { task: 'regression', features, label: 'price', classes: [] };
    const model = await fit({ family, contract, train, validation });
    const predictions = await model.predict(fresh);
    const squares = columnOf('price').map((price, i) => (predictions[i]! - Number(price)) ** 2);
    // The noise alone has a deviation of 200; the price's own is 880.
    expect(Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / squares.length)).toBeLessThan(215);
  });

  test('gives every class a probability, in the order of the contract', async () => {
    const contract: Contract = { task: 'multiclass', features, label: 'band', classes: CLASSES };
    const model = await fit({ family, contract, train, validation });
    const predictions = await model.predict(fresh);
    expect(predictions).toHaveLength(fresh.rows * 3);
    const right = columnOf('band').filter((band, i) => {
      const chances = predictions.subarray(3 * i, 3 * i + 3);
      expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 10);
      return CLASSES[chances.indexOf(Math.max(...chances))] === band;
    });
    // The planted function itself is right in 86%, the most frequent class in 37%.
    expect(right.length / fresh.rows).toBeGreaterThan(0.82);
  });
});
