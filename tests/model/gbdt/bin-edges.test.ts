import { expect, test } from '@jest/globals';
import { edgesOf } from '../../../src/model/gbdt/bin-edges.ts';

function share(edges: Float64Array, values: Float64Array): readonly number[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  for (const value of values) counts[edges.filter((edge) => edge < value).length]!++;
  return counts;
}

test('a few distinct values get a bin each, with edges between them', () => {
  expect([...edgesOf(Float64Array.of(1, 1, 2, 2, 2, 5, 9), 255)]).toEqual([1.5, 3.5, 7]);
});

test('neighbouring numbers are told apart where no number lies between them', () => {
  const next = 1 + Number.EPSILON;
  expect([...edgesOf(Float64Array.of(1, 1, 1, next, next, next), 255)]).toEqual([1]);
});

test('the largest numbers have edges that are no infinity', () => {
  const [edge] = edgesOf(Float64Array.of(-1.7e308, -1.7e308, 1.7e308, 1.7e308, 1.7e308), 255);
  expect(Number.isFinite(edge)).toBe(true);
});

test('where values do not fit, bins hold about as many rows each', () => {
  const values = Float64Array.from({ length: 10_000 }, (_, i) => i ** 2);
  const counts = share(edgesOf(values, 100), values);
  expect(counts).toHaveLength(100);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(90);
  expect(Math.max(...counts)).toBeLessThanOrEqual(110);
});

test('a column that is mostly zero keeps zero apart and divides the rest finely', () => {
  const values = Float64Array.from({ length: 10_000 }, (_, i) => (i < 9000 ? 0 : i)).sort();
  const counts = share(edgesOf(values, 51), values);
  expect(counts[0]).toBe(9000);
  expect(counts.length).toBeGreaterThan(45);
  expect(Math.max(...counts.slice(1))).toBeLessThan(40);
});
