import { expect, test } from '@jest/globals';
import { precisionRecall, rocCurve, tallyOf } from '../../src/evaluation/curves.ts';
import { sampleRows } from './tables.ts';

const { labels, predictions } = sampleRows(5_000, 1);
const tally = tallyOf(predictions, (row) => labels[row] === 1);

function areaUnder(points: readonly (readonly [number, number])[]): number {
  return points.slice(1).reduce((area, [x, y], i) => area + ((x - points[i]![0]) * (y + points[i]![1])) / 2, 0);
}

test('the area under all points of the curve is the AUC, and under the kept points nearly', () => {
  const whole = rocCurve('', tally, Number.POSITIVE_INFINITY);
  expect(areaUnder(whole.points)).toBeCloseTo(whole.auc!, 10);
  expect(areaUnder(rocCurve('', tally, 200).points)).toBeCloseTo(whole.auc!, 3);
});

test('however many rows there are, no more points are kept than asked for, and both ends always', () => {
  const { points } = rocCurve('', tally, 200);
  expect(points.length).toBeGreaterThan(100);
  expect(points.length).toBeLessThanOrEqual(202);
  expect([points[0], points.at(-1)]).toEqual([[0, 0], [1, 1]]);
  expect(precisionRecall(tally, 50).length).toBeLessThanOrEqual(52);
});

test('equal scores are one threshold: a score that says nothing is the diagonal', () => {
  const flat = tallyOf(new Float64Array(10).fill(0.3), (row) => row < 4);
  expect(rocCurve('', flat, 200)).toEqual({ name: '', positives: 4, auc: 0.5, points: [[0, 0], [1, 1]] });
  expect(precisionRecall(flat, 200)).toEqual([[1, 0.4]]);
});

test('precision and recall are those of each threshold, and begin at the first that finds anything', () => {
  const four = tallyOf(Float64Array.of(0.9, 0.8, 0.7, 0.6), (row) => row === 1 || row === 3);
  expect(precisionRecall(four, 200)).toEqual([[0.5, 0.5], [1, 0.5]]);
});

test('rows of one class alone make no curve', () => {
  const negative = tallyOf(Float64Array.of(0.1, 0.2), () => false);
  expect(rocCurve('x', negative, 200)).toEqual({ name: 'x', positives: 0, auc: null, points: [] });
  expect(precisionRecall(negative, 200)).toEqual([]);
});
