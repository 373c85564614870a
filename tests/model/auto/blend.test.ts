import { describe, expect, test } from '@jest/globals';
import { blend, blendWeights, lossOf } from '../../../src/model/auto/blend.ts';
import { Random } from '../../../src/evaluation/random.ts';

const random = new Random(4);
const labels = Float64Array.from({ length: 400 }, () => random.normal());
const noisy = (deviation: number, seed: number): Float64Array => {
  const noise = new Random(seed);
  return labels.map((label) => label + deviation * noise.normal());
};

describe('the weights of a blend', () => {
  test('add up to 1, and leave out a member that only harms', () => {
    const weights = blendWeights({ task: 'regression', labels, predictions: [noisy(0.3, 1), noisy(5, 2), noisy(0.3, 3)] });
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(weights[1]).toBe(0);
    expect(weights[0]).toBeCloseTo(0.5, 1);
  });

  test('make a blend that is better than each of its members, where their errors differ', () => {
    const predictions = [noisy(0.5, 5), noisy(0.6, 6)];
    const blended = blend(predictions, blendWeights({ task: 'regression', labels, predictions }));
    const rows = { task: 'regression', labels } as const;
    expect(lossOf(rows, blended)).toBeLessThan(0.8 * Math.min(...predictions.map((one) => lossOf(rows, one))));
  });

  test('follow what rows count for', () => {
    const two = { task: 'binary', labels: Float64Array.of(1, 0), predictions: [Float64Array.of(0.9, 0.9), Float64Array.of(0.1, 0.1)] } as const;
    expect([...blendWeights({ ...two, weights: Float64Array.of(1, 0) })]).toEqual([1, 0]);
    expect([...blendWeights({ ...two, weights: Float64Array.of(0, 1) })]).toEqual([0, 1]);
  });
});

test('losses are log loss in nats, and squared error', () => {
  expect(lossOf({ task: 'binary', labels: Float64Array.of(1, 0) }, Float64Array.of(0.5, 0.25))).toBeCloseTo((Math.log(2) + Math.log(4 / 3)) / 2, 12);
  expect(lossOf({ task: 'multiclass', labels: Float64Array.of(2) }, Float64Array.of(0.2, 0.3, 0.5))).toBeCloseTo(Math.log(2), 12);
  expect(lossOf({ task: 'regression', labels: Float64Array.of(1, 2) }, Float64Array.of(2, 4))).toBe(2.5);
});
