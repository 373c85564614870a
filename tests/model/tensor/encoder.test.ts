import { describe, expect, test } from '@jest/globals';
import type { Contract } from '../../../src/dataset/contract.ts';
import { Encoder, type Encoding } from '../../../src/model/tensor/encoder.ts';
import { fitEncoder } from '../../../src/model/tensor/fit-encoder.ts';
import { batchOf, numbers, text } from '../made.ts';

function contractOf(features: Readonly<Record<string, 'number' | 'category'>>): Contract {
  const list = Object.entries(features).map(([name, kind]) => ({ name, kind }));
  return { task: 'binary', features: list, label: 'y', classes: [] };
}

const onlyX = contractOf({ x: 'number' });
const onlyC = contractOf({ c: 'category' });

describe('numbers', () => {
  test('are scaled to mean 0 and standard deviation 1', () => {
    const batch = batchOf({ x: numbers([1, 2, 3, 4, 5]) });
    const { encoder } = fitEncoder(onlyX, [batch], { minCount: 1 });
    const root = Math.sqrt(2);
    expect([...encoder.encode(batch).numbers]).toEqual([-2, -1, 0, 1, 2].map((value) => Math.fround(value / root)));
  });

  test('take the median where missing, and a flag beside it if any was missing in training', () => {
    const batch = batchOf({ x: numbers([0, null, 1, 10]) });
    const { encoder } = fitEncoder(onlyX, [batch], { minCount: 1 });
    expect(encoder.numbers).toBe(2);
    const { numbers: encoded } = encoder.encode(batch);
    expect(encoded[2]).toBe(encoded[4]);
    expect([encoded[1], encoded[3], encoded[5], encoded[7]]).toEqual([0, 1, 0, 0]);
  });

  test('have no flag where none was missing in training, and take the median if one is missing later', () => {
    const { encoder } = fitEncoder(onlyX, [batchOf({ x: numbers([0, 1, 10]) })], { minCount: 1 });
    const [missing, median] = encoder.encode(batchOf({ x: numbers([null, 1]) })).numbers;
    expect(encoder.numbers).toBe(1);
    expect(missing).toBe(median);
  });

  test('are held within eight deviations, and one wild value does not flatten the others', () => {
    const values = Array.from({ length: 5000 }, (_, i) => i % 100);
    const wild = batchOf({ x: numbers([...values, 1e12]) });
    const { encoder } = fitEncoder(onlyX, [wild], { minCount: 1 });
    const { numbers: encoded } = encoder.encode(wild);
    expect(encoded[5000]).toBe(8);
    expect(encoded[99]! - encoded[0]!).toBeGreaterThan(3);
  });

  test('that lie far out are drawn in towards four deviations, the further ones more, and stay in their order', () => {
    const column = numbers([...Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 1 : -1)), 3, 12]);
    const { encoder } = fitEncoder(onlyX, [batchOf({ x: column })], { minCount: 1, numbers: 'drawn-in' });
    const encoded = [...encoder.encode(batchOf({ x: numbers([-Number.MAX_VALUE, 1, 3, 12, 1e9, 1e200, Number.MAX_VALUE]) })).numbers];
    expect(encoded).toEqual([...encoded].sort((a, b) => a - b));
    const [lowest, one, three, twelve, ...far] = encoded;
    expect(lowest).toBeCloseTo(-4, 6);
    expect([one! > 0.9, three! < 2.5, twelve! < 3.9]).toEqual([true, true, true]);
    for (const value of far) expect(value).toBeCloseTo(4, 6);
  });

  test('of which nearly all are the same keep the few that differ', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i === 77 ? 1 : 0));
    const { encoder } = fitEncoder(onlyX, [batchOf({ x: numbers(values) })], { minCount: 1 });
    expect(encoder.encode(batchOf({ x: numbers([0, 1]) })).numbers[1]).toBe(8);
  });

  test('that are constant but sometimes missing leave their flag alone, with a note', () => {
    const batch = batchOf({ x: numbers([0.1, null, 0.1]) });
    const { encoder, notes } = fitEncoder(onlyX, [batch], { minCount: 1 });
    expect([...encoder.encode(batch).numbers]).toEqual([0, 1, 0]);
    expect(notes).toEqual(['x: constant where present, only its absence is used']);
  });

  test('far from zero keep their differences', () => {
    const batch = batchOf({ x: numbers([1e15, 1e15 + 1, 1e15 + 2]) });
    const { encoder } = fitEncoder(onlyX, [batch], { minCount: 1 });
    const { numbers: encoded } = encoder.encode(batch);
    expect(encoded[2]).toBeCloseTo(Math.sqrt(1.5), 5);
    expect(encoded[0]).toBeCloseTo(-Math.sqrt(1.5), 5);
  });
});

describe('categories', () => {
  test('get codes by frequency, then bytewise; 0 is missing, 1 is any other', () => {
    const batch = batchOf({ c: text(['b', 'a', 'Z', 'Z', null, 'Z', 'b', 'a', 'rare']) });
    const { encoder, notes } = fitEncoder(onlyC, [batch], { minCount: 2 });
    expect(encoder.cardinalities).toEqual([5]);
    expect([...encoder.encode(batch).codes]).toEqual([4, 3, 2, 2, 0, 2, 4, 3, 1]);
    expect([...encoder.encode(batchOf({ c: text(['unseen', 'Z']) })).codes]).toEqual([1, 2]);
    expect(notes).toEqual(['c: 1 rare value folded into one bucket']);
  });

  test('are the same whatever dictionary a batch brings', () => {
    const { encoder } = fitEncoder(onlyC, [batchOf({ c: text(['a', 'b', 'a']) }), batchOf({ c: text(['b', 'a', 'c']) })], { minCount: 1 });
    expect([...encoder.encode(batchOf({ c: text(['c', 'b', 'a']) })).codes]).toEqual([4, 3, 2]);
  });

  test('that a dictionary holds but no row has are not counted', () => {
    const column = { storage: 'text' as const, codes: Int32Array.of(0, 0, 2), dictionary: ['a', 'ghost', 'b'] };
    const { encoder } = fitEncoder(onlyC, [batchOf({ c: column })], { minCount: 1 });
    expect(encoder.cardinalities).toEqual([4]);
  });

  test('with one value, or none often enough, are left out', () => {
    const contract = contractOf({ c: 'category', rare: 'category', x: 'number' });
    const batch = batchOf({ c: text(['a', 'a']), rare: text(['p', 'q']), x: numbers([1, 2]) });
    const { encoder, notes } = fitEncoder(contract, [batch], { minCount: 2 });
    expect(encoder.categories).toBe(0);
    expect(notes).toHaveLength(2);
  });
});

test('an encoding goes through JSON unchanged', () => {
  const contract = contractOf({ x: 'number', c: 'category' });
  const batch = batchOf({ x: numbers([0.1, null, 1 / 3, 7]), c: text(['ä', 'b', null, 'b']) });
  const { encoder } = fitEncoder(contract, [batch], { minCount: 1 });
  const again = new Encoder(contract, JSON.parse(JSON.stringify(encoder.encoding)) as Encoding);
  expect(again.encode(batch)).toEqual(encoder.encode(batch));
});
