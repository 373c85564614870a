import { expect, test } from '@jest/globals';
import type { Column } from '../../src/dataset/batch.ts';
import { metricsOf } from '../../src/evaluation/metrics.ts';
import { type RuleOptions, rulePredictions } from '../../src/evaluation/rule.ts';

const numbers = (values: readonly number[], nulls?: readonly number[]): Column => ({ storage: 'number', values: Float64Array.from(values), nulls: nulls && Uint8Array.from(nulls) });
const text = (codes: readonly number[], dictionary: readonly string[]): Column => ({ storage: 'text', codes: Int32Array.from(codes), dictionary });

test('a binary rule is a probability, and decides from one half on', () => {
  const rule = rulePredictions(numbers([0, 0.5, 1, 0.2]), { task: 'binary', name: 'guess' });
  expect(rule).toEqual({ predictions: Float64Array.of(0, 0.5, 1, 0.2), decided: Uint8Array.of(0, 1, 1, 0) });
  expect(metricsOf('binary', { labels: Float64Array.of(0, 1, 1, 0), ...rule }).get('accuracy')).toBe(1);
});

test('a rule for regression is the number itself', () => {
  expect(rulePredictions(numbers([-3, 1e6]), { task: 'regression', name: 'guess' })).toEqual({ predictions: Float64Array.of(-3, 1e6) });
});

test('a rule for classes is certain of the class that it names, in the order of the contract', () => {
  const rule = rulePredictions(text([1, 0, 1], ['b', 'a']), { task: 'multiclass', name: 'guess', classes: ['a', 'b', 'c'] });
  expect(Array.from(rule.predictions)).toEqual([1, 0, 0, 0, 1, 0, 1, 0, 0]);
});

const bad: readonly (readonly [string, Column, RuleOptions, string])[] = [
  ['a missing number', numbers([0.1, Number.NaN], [0, 1]), { task: 'binary', name: 'guess' }, 'no value in row 1'],
  ['a number that is none', numbers([Number.POSITIVE_INFINITY]), { task: 'regression', name: 'guess' }, 'Infinity in row 0'],
  ['a probability above 1', numbers([0.1, 40]), { task: 'binary', name: 'guess' }, '40 in row 1'],
  ['text for a number', text([0], ['x']), { task: 'binary', name: 'guess' }, 'text'],
  ['numbers for classes', numbers([1]), { task: 'multiclass', name: 'guess', classes: ['a', 'b'] }, 'numbers'],
  ['a class that nobody knows', text([0], ['z']), { task: 'multiclass', name: 'guess', classes: ['a', 'b'] }, 'z in row 0'],
  ['a missing class', text([-1], ['a']), { task: 'multiclass', name: 'guess', classes: ['a', 'b'] }, 'no value in row 0'],
];

test.each(bad)('%s is an error that names the column', (_name, column, options, found) => {
  expect(() => rulePredictions(column, options)).toThrow(expect.objectContaining({ code: 'rule-invalid', details: expect.objectContaining({ found, where: 'rule: guess in pipeline.yaml' }) }));
});
