import { expect, test } from '@jest/globals';
import { baselineData, baselineOf, predictBaseline, summariseLabels } from '../../src/evaluation/baseline.ts';
import { metricsOf } from '../../src/evaluation/metrics.ts';

test('the binary baseline is the training base rate, and its log loss the entropy of the labels', () => {
  const labels = Float64Array.of(1, 0, 0, 0);
  const baseline = baselineOf(summariseLabels('binary', labels));
  expect(baseline).toEqual({ task: 'binary', outputs: [0.25] });
  const found = metricsOf('binary', { labels, predictions: predictBaseline(baseline, 4) });
  expect(found.get('auc')).toBe(0.5);
  expect(found.get('log_loss')).toBeCloseTo(-0.25 * Math.log(0.25) - 0.75 * Math.log(0.75), 12);
});

test('the binary baseline decides for the likelier class, and for the cheaper one where errors have costs', () => {
  const labels = Float64Array.of(1, 0, 0, 0);
  const baseline = baselineOf(summariseLabels('binary', labels));
  const likelier = metricsOf('binary', baselineData(baseline, { labels, predictions: labels }));
  expect(['accuracy', 'f1', 'precision', 'cost'].map((name) => likelier.get(name))).toEqual([0.75, 0, null, null]);
  const cheaper = metricsOf('binary', baselineData(baseline, { labels, predictions: labels, cost: { fp: 1, fn: 5 } }));
  expect(['accuracy', 'recall', 'cost'].map((name) => cheaper.get(name))).toEqual([0.25, 1, 0.75]);
});

test('the multiclass baseline is the share of each class, one that does not occur included', () => {
  const baseline = baselineOf(summariseLabels('multiclass', Float64Array.of(0, 1, 1, 1), 3));
  expect(baseline).toEqual({ task: 'multiclass', outputs: [0.25, 0.75, 0] });
  expect(Array.from(predictBaseline(baseline, 2))).toEqual([0.25, 0.75, 0, 0.25, 0.75, 0]);
});

test('the regression baseline is the training mean, and explains nothing of the training labels', () => {
  const labels = Float64Array.of(2, 4, 9);
  const baseline = baselineOf(summariseLabels('regression', labels));
  expect(baseline).toEqual({ task: 'regression', outputs: [5] });
  expect(metricsOf('regression', { labels, predictions: predictBaseline(baseline, 3) }).get('r2')).toBeCloseTo(0, 12);
});

test('a baseline without training labels is refused', () => {
  for (const task of ['binary', 'multiclass', 'regression'] as const) {
    expect(() => baselineOf(summariseLabels(task, new Float64Array(0), 2))).toThrow(expect.objectContaining({ code: 'labels-empty' }));
  }
});
