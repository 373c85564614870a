import { expect, test } from '@jest/globals';
import { Random } from '../../src/evaluation/random.ts';

const words = (seed: number) => {
  const random = new Random(seed);
  return Array.from({ length: 4 }, () => random.word());
};

test('a seed gives the same numbers for ever', () => {
  expect(words(1)).toEqual(words(1));
  expect(words(1)).toEqual([573063952, 3268221502, 703077755, 2308299391]);
});

test('seeds that differ in any part give streams that differ', () => {
  const streams = [0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 40].map((seed) => words(seed).join(' '));
  expect(new Set(streams).size).toBe(streams.length);
});

test('uniform, whole and normal numbers have the means and spreads that they should', () => {
  const random = new Random(7);
  const n = 100_000;
  const mean = (draw: () => number) => Array.from({ length: n }, draw).reduce((sum, value) => sum + value, 0) / n;
  expect(mean(() => random.uniform())).toBeCloseTo(0.5, 2);
  expect(mean(() => random.uniform() ** 2)).toBeCloseTo(1 / 3, 2);
  expect(mean(() => random.below(11))).toBeCloseTo(5, 1);
  expect(mean(() => random.normal())).toBeCloseTo(0, 1);
  expect(mean(() => random.normal() ** 2)).toBeCloseTo(1, 1);
});
