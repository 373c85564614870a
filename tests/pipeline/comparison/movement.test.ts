import { expect, test } from '@jest/globals';
import { featureDistances } from '../../../src/pipeline/comparison/feature-distance.ts';
import { changeOf, flipsOf, mostMoved, slicesOf } from '../../../src/pipeline/comparison/movement.ts';
import { Mask } from '../../../src/shared/sensitive.ts';
import { text } from '../../model/made.ts';

const NOBODY = new Mask([], '');
const movement = { first: Float64Array.of(0.1, 0.2, 0.3, 0.4), second: Float64Array.of(0.2, 0.2, 0.1, 0.8), classes: undefined };

test('the change is told by its mean, its mean size and its quantiles, from least to most', () => {
  const { mean, meanAbsolute, quantiles } = changeOf(movement);
  expect([mean, meanAbsolute]).toEqual([expect.closeTo(0.075, 10), expect.closeTo(0.175, 10)]);
  expect(quantiles.filter(({ share }) => [0, 0.5, 1].includes(share)).map(({ value }) => value)).toEqual([expect.closeTo(-0.2, 10), expect.closeTo(0.05, 10), expect.closeTo(0.4, 10)]);
});

test('the rows that move most come first, whichever way, and of equal ones the earlier', () => {
  expect(mostMoved(movement, 2)).toEqual([3, 2]);
  expect(mostMoved({ ...movement, second: Float64Array.of(0.2, 0.3, 0.2, 0.5) }, 3).length).toBe(3);
  const equal = { first: new Float64Array(50), second: new Float64Array(50).fill(1), classes: undefined };
  expect(mostMoved(equal, 3)).toEqual([0, 1, 2]);
});

test('flips are counted both ways, of three classes each pair that occurs', () => {
  const binary = { ...movement, classes: { first: Int32Array.of(0, 0, 1, 1), second: Int32Array.of(1, 1, 1, 1), names: ['0', '1'] } };
  expect(flipsOf(binary)).toEqual([{ from: '0', to: '1', rows: 2 }, { from: '1', to: '0', rows: 0 }]);
  const three = { ...movement, classes: { first: Int32Array.of(0, 1, 2, 2), second: Int32Array.of(2, 1, 0, 0), names: ['a', 'b', 'c'] } };
  expect(flipsOf(three)).toEqual([{ from: 'c', to: 'a', rows: 2 }, { from: 'a', to: 'c', rows: 1 }]);
  expect(flipsOf(movement)).toBeNull();
});

test('every row is in exactly one slice of a column, those without a value in one of their own', () => {
  const slices = slicesOf(movement, 'place', text(['x', null, 'x', 'y']));
  expect(slices.map(({ value, rows, meanChange }) => [value, rows, meanChange])).toEqual([[null, 1, 0], ['x', 2, expect.closeTo(-0.05, 10)], ['y', 1, expect.closeTo(0.4, 10)]]);
});

test('a feature’s distance is in robust standard units, and where most values are one the mean deviation stands in', () => {
  // Median 3, median absolute deviation 1: 1.4826 is the unit, which the outlier does not stretch.
  const numbers = [{ name: 'spread', values: Float64Array.of(1, 2, 3, 4, 1000) }, { name: 'mostly', values: Float64Array.of(0, 0, 0, 0, 5) }, { name: 'constant', values: Float64Array.of(7, 7, 7, 7, 7) }];
  const [last] = featureDistances({ numbers, categories: [] }, [4], NOBODY);
  expect(last).toEqual([
    { feature: 'spread', value: '1000', median: 3, units: expect.closeTo(997 / 1.4826, 6), share: null },
    { feature: 'mostly', value: '5', median: 0, units: expect.closeTo(5 / 1.2533, 6), share: null },
  ]);
});

test('a category is told where hardly any row has it', () => {
  const column = text(['rare', ...Array.from({ length: 39 }, () => 'usual')]);
  const [first, second] = featureDistances({ numbers: [], categories: [{ name: 'place', column }] }, [0, 1], NOBODY);
  expect(first).toEqual([{ feature: 'place', value: 'rare', median: null, units: null, share: 1 / 40 }]);
  expect(second).toEqual([]);
});
