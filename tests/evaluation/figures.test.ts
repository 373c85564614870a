import { expect, test } from '@jest/globals';
import { figuresOf } from '../../src/evaluation/figures.ts';
import { data, sampleRows } from './tables.ts';

test('a binary task has curves, calibration, scores and what was decided', () => {
  const figures = figuresOf('binary', data([1, 1, 0, 0], [0.9, 0.4, 0.6, 0.1], { decided: Uint8Array.of(1, 0, 1, 0) }));
  expect(figures.roc![0]!.auc).toBe(0.75);
  expect(figures.confusion!.counts).toEqual([[1, 1], [1, 1]]);
  expect(figures.scores!.series.map(({ name, counts }) => [name, counts.reduce((sum, some) => sum + some)])).toEqual([['positive', 2], ['negative', 2]]);
});

test('a multiclass task has a curve a class, and its mistakes by how frequent they are', () => {
  const classes = ['a', 'b', 'c'];
  const figures = figuresOf('multiclass', data([0, 1, 1, 2], [0.8, 0.1, 0.1, 0.7, 0.2, 0.1, 0.6, 0.3, 0.1, 0.1, 0.1, 0.8], { classes }));
  expect(figures.roc!.map(({ name, auc }) => [name, auc])).toEqual([['a', 1], ['b', 1], ['c', 1]]);
  expect(figures.confusion).toEqual({ classes, counts: [[1, 0, 0], [2, 0, 0], [0, 0, 1]], mistakes: [{ label: 'b', taken: 'a', rows: 2 }] });
  expect(figures.scores!.series.map(({ counts }) => counts.reduce((sum, some) => sum + some))).toEqual([2, 2]);
});

test('of many classes the most frequent are drawn, and no matrix', () => {
  const classes = Array.from({ length: 40 }, (_, i) => `class ${i}`);
  const labels = classes.flatMap((_, i) => Array.from({ length: i + 1 }, () => i));
  const predictions = labels.flatMap(() => classes.map((_, i) => (i === 39 ? 0.9 : 0.1 / 39)));
  const figures = figuresOf('multiclass', data(labels, predictions, { classes }));
  expect(figures.roc!.map(({ name }) => name)).toEqual(classes.slice(32));
  expect(figures.confusion).toMatchObject({ counts: null, classes: [] });
  expect(figures.confusion!.mistakes[0]).toEqual({ label: 'class 38', taken: 'class 39', rows: 39 });
});

test('a regression has residuals and predictions against labels, and nothing of classes', () => {
  const { predictions } = sampleRows(500, 3);
  const figures = figuresOf('regression', data([...predictions].map((p) => 2 * p), [...predictions]));
  expect(figures.residuals!.series[0]!.counts.reduce((sum, some) => sum + some)).toBe(500);
  expect(figures.predicted!.every(({ actual, predicted }) => Math.abs(actual - 2 * predicted) < 1e-9)).toBe(true);
  expect([figures.roc, figures.confusion, figures.calibration]).toEqual([undefined, undefined, undefined]);
});

test('figures of a hundred thousand rows stay small enough to be kept with every model', () => {
  expect(JSON.stringify(figuresOf('binary', sampleRows(100_000, 4))).length).toBeLessThan(25_000);
});

test('no rows make no figures', () => {
  expect(figuresOf('binary', data([], []))).toEqual({ task: 'binary', rows: 0 });
});
