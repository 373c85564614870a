import { expect, test } from '@jest/globals';
import type { Task } from '../../src/dataset/contract.ts';
import { metricInfo, metricNamed, metricsOf, primaryMetric } from '../../src/evaluation/metrics.ts';
import { data } from './tables.ts';

const tasks: readonly Task[] = ['binary', 'multiclass', 'regression'];

test.each(tasks)('every %s metric has a name of its own, a title and a direction, and one is primary', (task) => {
  const info = metricInfo(task);
  expect(new Set(info.map(({ name }) => name)).size).toBe(info.length);
  for (const { title, direction } of info) {
    expect(title).not.toBe('');
    expect(['higher', 'lower', 'none']).toContain(direction);
  }
  expect(metricNamed(task, primaryMetric(task), 'metrics.primary').direction).not.toBe('none');
});

test('a metric that does not exist is an error of the configuration that names the closest', () => {
  expect(() => metricNamed('binary', 'logloss', 'metrics.primary')).toThrow(
    expect.objectContaining({ code: 'config-invalid', exitCode: 2, message: expect.stringMatching(/metrics\.primary[^]*did you mean log_loss/) }),
  );
  expect(() => metricNamed('regression', 'auc', 'gates[0].metric')).toThrow(expect.objectContaining({ code: 'config-invalid' }));
});

const unusable: readonly (readonly [string, Task, readonly number[], readonly number[]])[] = [
  ['a NaN among the predictions', 'binary', [0, 1], [0.5, Number.NaN]],
  ['a probability above 1', 'binary', [0, 1], [0.5, 1.5]],
  ['a label that is neither 0 nor 1', 'binary', [0, 2], [0.5, 0.5]],
  ['a label that is NaN', 'binary', [0, Number.NaN], [0.5, 0.5]],
  ['too few predictions', 'binary', [0, 1], [0.5]],
  ['a class beyond the last', 'multiclass', [0, 2], [0.5, 0.5, 0.5, 0.5]],
  ['a class by halves', 'multiclass', [0, 0.5], [0.5, 0.5, 0.5, 0.5]],
  ['an infinite prediction', 'regression', [0, 1], [0, Number.POSITIVE_INFINITY]],
  ['an infinite label', 'regression', [0, Number.NEGATIVE_INFINITY], [0, 1]],
];

test.each(unusable)('%s is refused and never measured', (_case, task, labels, predictions) => {
  const classes = task === 'multiclass' ? ['a', 'b'] : undefined;
  expect(() => metricsOf(task, data(labels, predictions, { classes }))).toThrow(expect.objectContaining({ code: 'predictions-invalid' }));
});

test('decisions that do not match the rows are refused', () => {
  expect(() => metricsOf('binary', data([0, 1], [0.1, 0.9], { decided: Uint8Array.of(1) }))).toThrow('The decisions do not match');
});
