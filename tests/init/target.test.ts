import { describe, expect, test } from '@jest/globals';
import { choicesOf, csv, madeRows, pick } from './made.ts';

/** What is found of a target whose values are given with their frequencies, beside a feature that says nothing. */
async function targetWith(name: string, values: Readonly<Record<string, number>>, task?: string) {
  const labels = Object.entries(values).flatMap(([value, count]) => Array.from({ length: count }, () => value));
  const rows = madeRows(labels.length, (random, row) => [(random() * 10).toFixed(3), labels[row] ?? '']);
  return (await choicesOf({ text: csv(['x', name], rows), target: name, wishes: { task } })).target;
}

describe('two values are a binary label, and the positive one is', () => {
  test.each([
    ['the higher number', { 1: 60, 0: 40 }, '1'],
    ['the higher number, whatever its frequency', { 1: 60, 2: 90 }, '2'],
    ['a word that it happened', { Yes: 70, No: 50 }, 'Yes'],
    ['the other one of a word that nothing happened', { stayed: 50, moved: 70 }, 'moved'],
    ['the rarer one', { cat: 80, dog: 30 }, 'dog'],
    ['true', { true: 60, false: 40 }, 'true'],
  ])('%s', async (_, values, positive) => {
    expect(await targetWith('y', values)).toMatchObject({ task: 'binary', pair: { positive } });
  });
});

test.each([
  ['text', 'species', { a: 30, b: 30, c: 40 }, 'multiclass'],
  ['few whole numbers as often as each other', 'y', { 0: 40, 1: 38, 2: 41 }, 'multiclass'],
  ['whole numbers that are called a class', 'cluster', { 1: 5, 2: 60, 3: 40, 4: 3 }, 'multiclass'],
  ['whole numbers that are called a count', 'visits', { 0: 40, 1: 38, 2: 41 }, 'regression'],
  ['whole numbers that rise and fall as grades do', 'y', { 3: 4, 4: 20, 5: 80, 6: 70, 7: 25, 8: 3 }, 'regression'],
])('%s', async (_, name, values, task) => {
  expect(await targetWith(name, values)).toMatchObject({ task });
});

test('many numbers are a regression, and a task that is asked for is taken', async () => {
  const text = csv(['x', 'y'], madeRows(80, (random) => [random().toFixed(3), (random() * 100).toFixed(1)]));
  expect((await choicesOf({ text, target: 'y' })).target).toMatchObject({ task: 'regression', labelled: 80 });
  expect(await targetWith('y', { 0: 40, 1: 38, 2: 41 }, 'regression')).toMatchObject({ task: 'regression', why: 'as it was asked for' });
});

test('spellings of one class are taken together and told', async () => {
  const rows = madeRows(120, (random) => [random().toFixed(3), pick(['Yes', 'yes', 'No', ' No'], random())]);
  const { target, warnings } = await choicesOf({ text: csv(['x', 'y'], rows), target: 'y' });
  expect(target.task).toBe('binary');
  expect(target.classes.map(({ spellings }) => spellings.length)).toEqual([2, 2]);
  expect(warnings.filter((one) => one.includes('spells one class in 2 ways'))).toHaveLength(2);
});

test('rows without a label do not train or test: they are what is scored', async () => {
  const rows = madeRows(200, (random, row) => [random().toFixed(3), row % 10 === 0 ? '' : row % 10 === 1 ? '?' : pick(['a', 'b', 'c'], random())]);
  const { target } = await choicesOf({ text: csv(['x', 'kind'], rows), target: 'kind' });
  expect(target).toMatchObject({ task: 'multiclass', missing: 40, labelled: 160 });
});

test.each([
  ['one value', () => 'x', '"x" in all of 60 rows'],
  ['no value', () => 'NA', 'no value in any of 60 rows'],
  ['text that no two rows share', (row: number) => `text ${row}`, '60 different values in 60 rows'],
])('a target with %s is refused', async (_, label, found) => {
  const rows = madeRows(60, (random, row) => [random().toFixed(3), label(row)]);
  await expect(choicesOf({ text: csv(['x', 'y'], rows), target: 'y' })).rejects.toMatchObject({ code: 'target-unfit', exitCode: 2, details: { found } });
});
