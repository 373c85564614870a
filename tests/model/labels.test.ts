import { describe, expect, test } from '@jest/globals';
import type { Column } from '../../src/dataset/batch.ts';
import type { Contract, Task } from '../../src/dataset/contract.ts';
import { batchOf, fit, numbers, text } from './made.ts';

function contractFor(task: Task): Contract {
  return { task, features: [{ name: 'x', kind: 'number' }], label: 'y', classes: task === 'multiclass' ? ['no', 'yes'] : [] };
}

async function fitLabels(task: Task, y: Column): Promise<unknown> {
  const rows = y.storage === 'number' ? y.values.length : y.codes.length;
  const batch = batchOf({ x: numbers(Array.from({ length: rows }, (_, i) => i)), y });
  return fit({ family: 'linear', contract: contractFor(task), train: batch, validation: batch });
}

describe('training is refused', () => {
  test.each<[string, Task, Column]>([
    ['label-single-class', 'binary', numbers([1, 1, 1])],
    ['label-single-class', 'multiclass', text(['yes', 'yes', 'yes'])],
    ['label-single-class', 'regression', numbers([2.5, 2.5, 2.5])],
    ['label-missing', 'binary', numbers([0, 1, null])],
    ['label-missing', 'multiclass', text(['yes', null, 'no'])],
    ['label-missing', 'regression', numbers([null, 1, 2])],
    ['label-invalid', 'binary', numbers([0, 1, 2])],
    ['label-invalid', 'binary', numbers([0, 1, NaN])],
    ['label-invalid', 'binary', text(['0', '1', '1'])],
    ['label-invalid', 'multiclass', text(['yes', 'no', 'perhaps'])],
    ['label-invalid', 'multiclass', numbers([0, 1, 1])],
    ['label-invalid', 'regression', numbers([1, 2, Infinity])],
    ['rows-missing', 'binary', numbers([])],
  ])('with %s where a %s label is such', async (code, task, labels) => {
    await expect(fitLabels(task, labels)).rejects.toMatchObject({ code });
  });

  test('where the label has no column', async () => {
    const batch = batchOf({ x: numbers([1, 2]) });
    const fitting = fit({ family: 'linear', contract: contractFor('binary'), train: batch, validation: batch });
    await expect(fitting).rejects.toMatchObject({ code: 'label-invalid', details: { found: 'no column y' } });
  });

  test('where there are no validation rows', async () => {
    const train = batchOf({ x: numbers([1, 2]), y: numbers([0, 1]) });
    const validation = batchOf({ x: numbers([]), y: numbers([]) });
    const fitting = fit({ family: 'linear', contract: contractFor('binary'), train, validation });
    await expect(fitting).rejects.toMatchObject({ code: 'rows-missing', details: { what: 'There are no validation rows.' } });
  });
});
