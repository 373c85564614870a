import { expect, test } from '@jest/globals';
import { calibrationBins, histogram, predictedBins, wilson } from '../../src/evaluation/bins.ts';
import { expectedCalibrationError } from '../../src/evaluation/calibration.ts';
import { tallyOf } from '../../src/evaluation/curves.ts';
import { sampleRows } from './tables.ts';

test.each([undefined, 7])('the bins are those that the calibration error is measured over (ties: %s)', (ties) => {
  const { labels, predictions } = sampleRows(3_000, 2, ties);
  const tally = tallyOf(predictions, (row) => labels[row] === 1);
  const bins = calibrationBins(tally);
  expect(bins.reduce((rows, bin) => rows + bin.rows, 0)).toBe(3_000);
  const gaps = bins.reduce((sum, { rows, observed, predicted }) => sum + (rows * Math.abs(observed - predicted)) / 3_000, 0);
  expect(gaps).toBeCloseTo(expectedCalibrationError(tally)!, 12);
});

test('the interval of a share is Wilson’s: 15 of 50 lie between 0.1910 and 0.4375', () => {
  const { low, high } = wilson(15, 50);
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.1910', '0.4375']);
  expect(wilson(0, 10).low).toBe(0);
});

test('a histogram counts every value once, those beyond its ends in the outermost bins', () => {
  const found = histogram({ a: Float64Array.of(-5, 0, 0.5, 1, 9), b: Float64Array.of(0.2) }, { bins: 4, from: 0, to: 1 });
  expect(found.edges).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(found.series).toEqual([{ name: 'a', counts: [2, 0, 1, 2] }, { name: 'b', counts: [1, 0, 0, 0] }]);
});

test('values that are all the same make one bin', () => {
  expect(histogram({ a: Float64Array.of(2, 2) }, { bins: 9, from: 2, to: 2 })).toEqual({ edges: [2, 2], series: [{ name: 'a', counts: [2] }] });
});

test('rows are binned by prediction, each bin with the labels that it came to', () => {
  const predictions = Float64Array.from({ length: 100 }, (_, i) => 99 - i);
  const labels = predictions.map((value) => value * 10);
  const bins = predictedBins(labels, predictions, 10);
  expect(bins.map(({ rows }) => rows)).toEqual(Array.from({ length: 10 }, () => 10));
  expect(bins[0]).toEqual({ rows: 10, predicted: 4.5, actual: 45, low: 10, high: 90 });
  expect(predictedBins(Float64Array.of(1), Float64Array.of(2), 10)).toHaveLength(1);
});
