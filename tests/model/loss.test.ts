import { expect, test } from '@jest/globals';
import { lossOf } from '../../src/model/loss.ts';

test('losses are log loss in nats, and squared error', () => {
  expect(lossOf({ task: 'binary', labels: Float64Array.of(1, 0) }, Float64Array.of(0.5, 0.25))).toBeCloseTo((Math.log(2) + Math.log(4 / 3)) / 2, 12);
  expect(lossOf({ task: 'multiclass', labels: Float64Array.of(2) }, Float64Array.of(0.2, 0.3, 0.5))).toBeCloseTo(Math.log(2), 12);
  expect(lossOf({ task: 'regression', labels: Float64Array.of(1, 2) }, Float64Array.of(2, 4))).toBe(2.5);
});
