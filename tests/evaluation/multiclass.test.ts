import { expect, test } from '@jest/globals';
import { metricsOf } from '../../src/evaluation/metrics.ts';
import { confusionMatrix, mostProbable } from '../../src/evaluation/multiclass.ts';
import { data } from './tables.ts';

const classes = ['a', 'b', 'c'];
const labels = [0, 0, 1, 2, 2, 1, 0, 2, 1, 0, 2, 2];
const predictions = [.7,.2,.1, .4,.4,.2, .2,.6,.2, .1,.2,.7, .3,.3,.4, .5,.3,.2, .6,.3,.1, .2,.5,.3, .1,.8,.1, .3,.1,.6, .25,.25,.5, 0,.5,.5];

/*
 * scikit-learn 1.9.1 on the same table, with equal probabilities within rows and within columns:
 *
 *   import numpy as np
 *   from sklearn import metrics as m
 *   y = [0,0,1,2,2,1,0,2,1,0,2,2]
 *   P = [[.7,.2,.1],[.4,.4,.2],[.2,.6,.2],[.1,.2,.7],[.3,.3,.4],[.5,.3,.2],
 *        [.6,.3,.1],[.2,.5,.3],[.1,.8,.1],[.3,.1,.6],[.25,.25,.5],[0,.5,.5]]
 *   d = np.argmax(P, axis=1)
 *   print(m.log_loss(y, P), m.accuracy_score(y, d), m.balanced_accuracy_score(y, d), m.f1_score(y, d, average='macro'))
 *   print(m.roc_auc_score(y, P, multi_class='ovr', average='macro'), m.confusion_matrix(y, d))
 */
test('multiclass metrics agree with scikit-learn, ties included', () => {
  expect(Object.fromEntries(metricsOf('multiclass', data(labels, predictions, { classes })))).toEqual({
    log_loss: expect.closeTo(0.732411577047472, 12),
    accuracy: expect.closeTo(0.6666666666666666, 12),
    balanced_accuracy: expect.closeTo(0.6722222222222222, 12),
    macro_f1: expect.closeTo(0.6626984126984127, 12),
    macro_auc: expect.closeTo(0.8864803791887126, 12),
    top_3_accuracy: 1,
    rows: 12,
  });
  expect(Array.from(confusionMatrix(data(labels, predictions, { classes })))).toEqual([3, 0, 1, 1, 2, 0, 0, 2, 3]);
});

test('of equally probable classes the first is chosen', () => {
  expect(Array.from(mostProbable(Float64Array.of(0.4, 0.4, 0.2, 0, 0.5, 0.5), 3))).toEqual([0, 1]);
});

test('a class that does not occur takes no part in the means', () => {
  // Class c neither occurs nor is predicted; the other two are told apart fully.
  const found = metricsOf('multiclass', data([0, 1], [0.8, 0.1, 0.1, 0.1, 0.8, 0.1], { classes }));
  expect(Object.fromEntries(found)).toMatchObject({ balanced_accuracy: 1, macro_f1: 1, macro_auc: 1 });
});

test('a single class has no AUC, and no rows have no metrics but their number', () => {
  expect(metricsOf('multiclass', data([1], [0.2, 0.5, 0.3], { classes })).get('macro_auc')).toBeNull();
  const { rows, ...others } = Object.fromEntries(metricsOf('multiclass', data([], [], { classes })));
  expect(rows).toBe(0);
  expect(new Set(Object.values(others))).toEqual(new Set([null]));
});

test('classes that are not known are refused', () => {
  expect(() => metricsOf('multiclass', data(labels, predictions))).toThrow('The classes are not known');
});

test('a class counts as among the three likeliest by its place, earlier ones first where chances are equal', () => {
  const four = ['a', 'b', 'c', 'd'];
  const rows = data([3, 3, 0, 2], [0.1, 0.2, 0.3, 0.4, 0.4, 0.3, 0.2, 0.1, 0.1, 0.3, 0.3, 0.3, 0.25, 0.25, 0.25, 0.25], { classes: four });
  expect(metricsOf('multiclass', rows).get('top_3_accuracy')).toBe(0.5);
});
