import { describe, expect, test } from '@jest/globals';
import { Random } from '../../src/evaluation/random.ts';
import { fitTemperature, tempered } from '../../src/model/temperature.ts';
import { withoutFactors } from '../../src/model/class-weights.ts';

const prior = [0.1];
const odds = (p: number): number => p / (1 - p);
const sure = (p: number, times: number): number => {
  const raised = odds(0.1) * (odds(p) / odds(0.1)) ** times;
  return raised / (1 + raised);
};
const random = new Random(11);
const chances = Float64Array.from({ length: 6000 }, () => sure(0.02 + 0.3 * random.uniform(), 1));
const labels = chances.map((p) => (random.uniform() < p ? 1 : 0));

describe('the temperature', () => {
  test('is found again where chances were made too sure, and too unsure', () => {
    for (const times of [0.5, 2]) {
      const found = fitTemperature({ task: 'binary', labels, predictions: chances.map((p) => sure(p, times)), prior });
      expect(found).toBeGreaterThan(times * 0.8);
      expect(found).toBeLessThan(times * 1.2);
    }
  });

  test('leaves a row that says what the prior says where it is', () => {
    expect(tempered(Float64Array.of(0.1), { task: 'binary', temperature: 3, prior })[0]).toBeCloseTo(0.1, 12);
    expect([...tempered(Float64Array.of(0.2, 0.3, 0.5), { task: 'multiclass', temperature: 2, prior: [0.2, 0.3, 0.5] })]).toEqual([expect.closeTo(0.2), expect.closeTo(0.3), expect.closeTo(0.5)]);
  });

  test('is not moved by a time with more positives, where it is told that there may be one', () => {
    const later = chances.map((p) => (random.uniform() < odds(p) * 2 / (1 + odds(p) * 2) ? 1 : 0));
    const held = { task: 'binary', labels: later, predictions: chances, prior } as const;
    expect(fitTemperature(held)).toBeLessThan(0.8);
    const found = fitTemperature({ ...held, levelled: true });
    expect(found).toBeGreaterThan(0.8);
    expect(found).toBeLessThan(1.25);
    const classes = { ...held, task: 'multiclass', predictions: Float64Array.from({ length: 2 * chances.length }, (_, i) => (i % 2 === 1 ? chances[(i - 1) / 2]! : 1 - chances[i / 2]!)), prior: [0.9, 0.1] } as const;
    expect(fitTemperature({ ...classes, levelled: true })).toBeCloseTo(found, 6);
  });

  test('of a regression is 1', () => {
    expect(fitTemperature({ task: 'regression', labels, predictions: chances, prior })).toBe(1);
  });
});

test('what classes counted for in training is taken out of the probabilities again', () => {
  // Of 9 rows of 0 and 1 of 1, weighed 1 and 9, a model of no features says one half.
  const [binary] = withoutFactors(Float64Array.of(0.5), Float64Array.of(1, 9), 'binary');
  expect(binary).toBeCloseTo(0.1, 12);
  expect([...withoutFactors(Float64Array.of(0.5, 0.5), Float64Array.of(1, 3), 'multiclass')]).toEqual([0.75, 0.25]);
});
