import { expect, test } from '@jest/globals';
import { settleInterval } from '../../src/evaluation/interval.ts';
import { metricsOf } from '../../src/evaluation/metrics.ts';
import { Random } from '../../src/evaluation/random.ts';

const random = new Random(3);
const draw = (rows: number) => {
  const scores = Float64Array.from({ length: rows }, () => random.normal());
  return { scores, labels: scores.map((score) => score + random.normal() ** 3) };
};

test('the interval holds its share of new labels, whatever their distribution', () => {
  const shares = Array.from({ length: 40 }, () => {
    const { margin } = settleInterval(draw(200), 0.9)!;
    const { labels, scores } = draw(500);
    return metricsOf('regression', { labels, predictions: scores, margin }).get('coverage')!;
  });
  expect(shares.reduce((sum, share) => sum + share, 0) / 40).toBeGreaterThan(0.885);
  expect(shares.reduce((sum, share) => sum + share, 0) / 40).toBeLessThan(0.915);
});

test('of four rows at 0.5 the third smallest error is the margin; of too few rows the largest', () => {
  const rows = { scores: Float64Array.of(0, 0, 0, 0), labels: Float64Array.of(-4, 1, 3, 2) };
  expect(settleInterval(rows, 0.5)).toEqual({ level: 0.5, margin: 3 });
  expect(settleInterval(rows, 0.99)).toEqual({ level: 0.99, margin: 4 });
  expect(settleInterval({ scores: new Float64Array(0), labels: new Float64Array(0) }, 0.5)).toBeNull();
});
