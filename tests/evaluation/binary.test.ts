import { expect, test } from '@jest/globals';
import { confusionOf } from '../../src/evaluation/binary.ts';
import { metricsOf } from '../../src/evaluation/metrics.ts';
import type { EvaluationData } from '../../src/evaluation/task-metrics.ts';
import { data, sampleRows } from './tables.ts';

const labels = [1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0];
const scores = [0.95, 0.9, 0.9, 0.8, 0.8, 0.75, 0.7, 0.7, 0.7, 0.6, 0.55, 0.5, 0.5, 0.45, 0.4, 0.35, 0.3, 0.3, 0.25, 0.2, 0.2, 0.1, 0.05, 0];
const decided = Uint8Array.from(scores, (score) => (score >= 0.6 ? 1 : 0));

/*
 * scikit-learn 1.9.1 on the same table, with ties:
 *
 *   import numpy as np
 *   from sklearn import metrics as m
 *   from sklearn.calibration import calibration_curve
 *   y = [1,0,1,1,0,0,1,0,0,1,0,0,0,1,0,0,0,0,1,0,0,0,0,0]
 *   p = [.95,.9,.9,.8,.8,.75,.7,.7,.7,.6,.55,.5,.5,.45,.4,.35,.3,.3,.25,.2,.2,.1,.05,0]
 *   d = [int(s >= .6) for s in p]
 *   print(m.roc_auc_score(y, p), m.average_precision_score(y, p), m.log_loss(y, p), m.brier_score_loss(y, p))
 *   print(m.accuracy_score(y, d), m.precision_score(y, d), m.recall_score(y, d), m.f1_score(y, d))
 *   t, q = calibration_curve(y, p, n_bins=10, strategy='quantile')
 *   n = np.bincount(np.searchsorted(np.percentile(p, np.linspace(0, 100, 11))[1:-1], p), minlength=10)
 *   print(np.sum(n / len(p) * np.abs(t - q)))
 *
 * Lift by hand: the top tenth is 2.4 rows, .95 (positive) and 1.4 of the two at .9 (one positive): 1.7 / 2.4 over 7 / 24.
 */
const reference = {
  auc: 0.7394957983193278,
  average_precision: 0.5725862274734455,
  log_loss: 0.6492110149728855,
  brier: 0.22989583333333333,
  ece: 0.21875,
  accuracy: 0.7083333333333334,
  precision: 0.5,
  recall: 0.7142857142857143,
  f1: 0.5882352941176471,
  cost: (5 + 2 * 5) / 24,
  lift_top_10: 1.7 / 2.4 / (7 / 24),
  base_rate: 7 / 24,
  rows: 24,
  positives: 7,
};

const values = (input: EvaluationData) => Object.fromEntries(metricsOf('binary', input));

test('binary metrics agree with scikit-learn, ties included', () => {
  const found = metricsOf('binary', data(labels, scores, { decided, cost: { fp: 1, fn: 5 } }));
  expect([...found.keys()]).toEqual(Object.keys(reference));
  for (const [name, expected] of Object.entries(reference)) expect({ name, value: found.get(name) }).toEqual({ name, value: expect.closeTo(expected, 12) });
});

test('the counts at the decision are those of the confusion matrix of scikit-learn', () => {
  expect(confusionOf(data(labels, scores, { decided }))).toEqual({ tp: 5, fp: 5, fn: 2, tn: 12 });
  expect(confusionOf(data(labels, scores))).toBeUndefined();
});

test('the order of rows plays no part', () => {
  const reversed = data(labels.toReversed(), scores.toReversed(), { decided: decided.toReversed(), cost: { fp: 1, fn: 5 } });
  const found = metricsOf('binary', reversed);
  for (const [name, expected] of Object.entries(reference)) expect(found.get(name)).toBeCloseTo(expected, 12);
});

test('AUC is the share of pairs that are in order, equal scores counting half', () => {
  for (const ties of [undefined, 5, 20]) {
    const rows = sampleRows(400, 3, ties);
    let won = 0;
    let pairs = 0;
    rows.labels.forEach((label, i) => {
      rows.labels.forEach((other, j) => {
        if (label <= other) return;
        pairs++;
        won += (Math.sign(rows.predictions[i]! - rows.predictions[j]!) + 1) / 2;
      });
    });
    expect(values(rows)['auc']).toBe(won / pairs);
  }
});

test('what a single class does not define is null, and the rest is still measured', () => {
  expect(values(data([0, 0], [0.25, 0.5], { decided: Uint8Array.of(0, 0) }))).toEqual({
    auc: null,
    average_precision: null,
    log_loss: expect.closeTo((-Math.log(0.75) - Math.log(0.5)) / 2, 12),
    brier: (0.0625 + 0.25) / 2,
    ece: expect.closeTo(0.375, 12),
    accuracy: 1,
    precision: null,
    recall: null,
    f1: null,
    cost: null,
    lift_top_10: null,
    base_rate: 0,
    rows: 2,
    positives: 0,
  });
  expect(values(data([1, 1], [0.25, 0.5], { decided: Uint8Array.of(0, 0) }))).toMatchObject({ auc: null, average_precision: 1, precision: null, recall: 0, f1: 0 });
});

test('equal scores rank nothing: AUC is one half, average precision the base rate, lift 1', () => {
  const equal = data([1, 0, 0, 0, 0], [0.2, 0.2, 0.2, 0.2, 0.2]);
  expect(values(equal)).toMatchObject({ auc: 0.5, average_precision: 0.2, ece: expect.closeTo(0, 12), lift_top_10: expect.closeTo(1, 12) });
});

test('without a decision the metrics at the decision are null', () => {
  expect(values(data(labels, scores))).toMatchObject({ accuracy: null, precision: null, recall: null, f1: null });
});

test('no rows give no metrics but their number', () => {
  const { rows, positives, ...others } = values(data([], [], { decided: new Uint8Array(0) }));
  expect([rows, positives]).toEqual([0, 0]);
  expect(new Set(Object.values(others))).toEqual(new Set([null]));
});

test('a certainty that was wrong costs 36 nats, as in scikit-learn, and never infinity', () => {
  // sklearn.metrics.log_loss([0, 1, 1], [1.0, 0.0, 0.5]) = 24.260151319598084
  expect(values(data([0, 1, 1], [1, 0, 0.5]))['log_loss']).toBeCloseTo(24.260151319598084, 12);
});

test('a perfect prediction has the best value of each metric', () => {
  const perfect = data([0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], { decided: Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0, 0) });
  expect(values(perfect)).toMatchObject({ auc: 1, average_precision: 1, log_loss: expect.closeTo(0, 12), brier: 0, ece: 0, accuracy: 1, precision: 1, recall: 1, f1: 1, lift_top_10: 10 });
});

test('wrong decisions cost what the decision says, over all rows; without costs or decisions there is none', () => {
  const rows = data([1, 1, 0, 0, 0], [0.9, 0.2, 0.8, 0.1, 0.1], { decided: Uint8Array.of(1, 0, 1, 0, 0), cost: { fp: 1, fn: 5 } });
  expect(metricsOf('binary', rows).get('cost')).toBeCloseTo(6 / 5, 12);
  expect(metricsOf('binary', { ...rows, cost: undefined }).get('cost')).toBeNull();
  expect(metricsOf('binary', { ...rows, decided: undefined }).get('cost')).toBeNull();
});
