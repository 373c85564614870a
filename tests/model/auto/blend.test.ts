import { describe, expect, test } from '@jest/globals';
import { blend, blendWeights } from '../../../src/model/auto/blend.ts';
import { lossOf } from '../../../src/model/loss.ts';
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

describe('where rows are of days that have luck of their own', () => {
  // The first member is far better on one day of ten, the second one a little better on the others: by rows alone the one day decides.
  const truth = Float64Array.from({ length: 6000 }, () => random.normal());
  const days = Float64Array.from({ length: 6000 }, (_, row) => row % 10);
  const predictions = [truth.map((label) => label + 0.5), truth.map((label, row) => label + (days[row] === 0 ? 1.8 : 0.3))];
  const held = { task: 'regression', labels: truth, predictions } as const;

  test('each stretch of days counts as much as another', () => {
    expect(blendWeights(held)[1]).toBeLessThan(0.15);
    expect([...blendWeights(held, days)]).toEqual([expect.closeTo(0.1, 2), expect.closeTo(0.9, 2)]);
  });

  test('a member that is worse on every day is left out', () => {
    const worse = [truth.map((label) => label + 0.1), truth.map((label) => label + 2)];
    expect([...blendWeights({ ...held, predictions: worse }, days)]).toEqual([1, 0]);
  });

  test('days of a few rows are taken together, and where there are few in all, rows choose as without days', () => {
    const few = { ...held, labels: truth.subarray(0, 900), predictions: predictions.map((one) => one.subarray(0, 900)) };
    expect(blendWeights(few, days.subarray(0, 900))).toEqual(blendWeights(few));
    expect(blendWeights(held, new Float64Array(6000))).toEqual(blendWeights(held));
  });
});
