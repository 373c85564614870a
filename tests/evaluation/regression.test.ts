import { expect, test } from '@jest/globals';
import { metricsOf } from '../../src/evaluation/metrics.ts';
import { regression } from '../../src/evaluation/regression.ts';
import { data } from './tables.ts';

const labels = [3.5, -1.2, 10, 4.4, 7.7, 2.1, -6, 0.5, 12.25, 3.5];
const predictions = [3.0, -0.7, 9.1, 5.9, 7.7, 1.4, -4.5, 1.0, 11.0, 6.25];

/*
 * scikit-learn 1.9.1 on the same table; weights repeat rows:
 *
 *   import numpy as np
 *   from sklearn import metrics as m
 *   y = [3.5,-1.2,10,4.4,7.7,2.1,-6,0.5,12.25,3.5]
 *   p = [3.0,-0.7,9.1,5.9,7.7,1.4,-4.5,1.0,11.0,6.25]
 *   print(m.root_mean_squared_error(y, p), m.mean_absolute_error(y, p), m.r2_score(y, p),
 *         m.median_absolute_error(y, p), m.mean_absolute_percentage_error(y, p))
 *   w = [0,3,1,0,2,1,1,4,0,1]
 *   y, p = np.repeat(y, w), np.repeat(p, w)
 *   print(m.root_mean_squared_error(y, p), m.r2_score(y, p), m.median_absolute_error(y, p))
 */
test('regression metrics agree with scikit-learn', () => {
  expect(Object.fromEntries(metricsOf('regression', data(labels, predictions)))).toEqual({
    rmse: expect.closeTo(1.2519984025548916, 12),
    mae: expect.closeTo(1.01, 12),
    r2: expect.closeTo(0.9397708988737062, 12),
    median_absolute_error: expect.closeTo(0.8, 12),
    mape: expect.closeTo(0.346152133580705, 12),
    coverage: null,
    rows: 10,
  });
});

test('rows that count several times weigh as if they stood there several times', () => {
  const reading = regression.prepare(data(labels, predictions))(Uint8Array.of(0, 3, 1, 0, 2, 1, 1, 4, 0, 1));
  expect(reading('rmse')).toBeCloseTo(0.9946974801029089, 12);
  expect(reading('r2')).toBeCloseTo(0.9451352158334755, 12);
  expect(reading('median_absolute_error')).toBeCloseTo(0.5, 12);
});

test('R² is null where the labels are equal, even where their mean is not exactly theirs', () => {
  expect(metricsOf('regression', data([0.1, 0.1, 0.1], [0.1, 0.2, 0.3])).get('r2')).toBeNull();
  expect(metricsOf('regression', data([1, 2], [1.5, 1.5])).get('r2')).toBe(0);
});

test('R² keeps its digits where the labels are large and close together', () => {
  const offset = 1e9;
  const found = metricsOf('regression', data([1, 2, 3, 4].map((y) => y + offset), [1, 2, 3, 5].map((p) => p + offset)));
  expect(found.get('r2')).toBeCloseTo(0.8, 12);
});

test('a percentage error is null as soon as a label is 0', () => {
  expect(metricsOf('regression', data([0, 2], [1, 1])).get('mape')).toBeNull();
});

test('an even number of rows has the mean of the middle two errors as its median', () => {
  expect(metricsOf('regression', data([0, 0, 0, 0], [1, 7, 2, 4])).get('median_absolute_error')).toBe(3);
});

test('no rows give no metrics but their number', () => {
  const { rows, ...others } = Object.fromEntries(metricsOf('regression', data([], [])));
  expect(rows).toBe(0);
  expect(new Set(Object.values(others))).toEqual(new Set([null]));
});
