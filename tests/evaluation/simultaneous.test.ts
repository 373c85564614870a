import { expect, test } from '@jest/globals';
import { normalQuantile } from '../../src/evaluation/normal.ts';
import { criticalValue } from '../../src/evaluation/simultaneous.ts';

const options = { level: 0.95, seed: 1 };

/** Correlations that are all alike. */
const alike = (size: number, correlation: number): Float64Array => new Float64Array(size * size).map((_zero, i) => (i % (size + 1) === 0 ? 1 : correlation));

test('normal quantiles are those of tables', () => {
  for (const [probability, quantile] of [[0.5, 0], [0.975, 1.959963985], [0.995, 2.575829304], [0.001, -3.090232306], [1e-9, -5.997807015]] as const) {
    expect(normalQuantile(probability)).toBeCloseTo(quantile, 7);
  }
});

test('one interval takes 1.96 standard errors, and none takes nothing', () => {
  expect(criticalValue(alike(1, 1), options)).toBeCloseTo(1.96, 3);
  expect(criticalValue(new Float64Array(0), options)).toBe(0);
});

test('independent estimates take what Šidák gives, and never more', () => {
  for (const [size, sidak] of [[2, 2.2365], [10, 2.7997], [50, 3.2835]] as const) {
    const found = criticalValue(alike(size, 0), options);
    expect(found).toBeGreaterThan(sidak - 0.04);
    expect(found).toBeLessThanOrEqual(sidak + 0.0001);
  }
});

test('the more estimates hang together the less they take, down to one that is told several times', () => {
  const found = [0, 0.5, 0.9, 1].map((correlation) => criticalValue(alike(10, correlation), options));
  expect(found).toEqual(found.toSorted((a, b) => b - a));
  // Dunnett's two-sided table: ten comparisons of correlation 0.5 take 2.69.
  expect(found[1]).toBeCloseTo(2.69, 1);
  expect(found[3]).toBeCloseTo(1.96, 1);
});

test('opposite estimates, too, are one', () => {
  expect(criticalValue(Float64Array.of(1, -1, -1, 1), options)).toBeCloseTo(1.96, 1);
});

test('hundreds of estimates take the bound, and are quick', () => {
  expect(criticalValue(alike(300, 0.5), options)).toBeCloseTo(normalQuantile((1 + 0.95 ** (1 / 300)) / 2), 10);
});
