import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../src/evaluation/random.ts';
import type { Contract, Task } from '../../../src/dataset/contract.ts';
import { trainingBackend } from '../../../src/model/tensor/backend.ts';
import { headOf, labelScale } from '../../../src/model/tensor/head.ts';
import type { Batch, Learner } from '../../../src/model/tensor/learner.ts';
import { Linear } from '../../../src/model/tensor/linear.ts';
import { Mlp } from '../../../src/model/tensor/mlp.ts';
import { availableBackends } from '../backends.ts';
import { slopes } from './slopes.ts';

const ROWS = 37;
const NUMBERS = 5;
const CARDINALITIES = [4, 9];
const tasks: readonly Task[] = ['binary', 'multiclass', 'regression'];
const backends = await availableBackends();

function contractFor(task: Task): Contract {
  return { task, features: [], label: 'y', classes: task === 'multiclass' ? ['a', 'b', 'c'] : [] };
}

function labelsFor(task: Task, random: Random): Float64Array {
  const draw = { binary: () => random.below(2), multiclass: () => random.below(3), regression: () => 50 + 20 * random.normal() }[task];
  return Float64Array.from({ length: ROWS }, draw);
}

function batchFor(learner: Learner, labels: Float64Array, random: Random): Batch {
  const inputs = new Float32Array(ROWS * learner.inputWidth);
  for (let i = 0; i < ROWS; i++) for (let j = 0; j < NUMBERS; j++) inputs[i * learner.inputWidth + j] = random.normal();
  const codes = Int32Array.from({ length: ROWS * CARDINALITIES.length }, (_, i) => random.below(CARDINALITIES[i % CARDINALITIES.length]!));
  return { rows: ROWS, inputs, codes, labels, weights: undefined };
}

describe.each(backends)('on %s', (name) => {
  test.each(tasks)('the gradient of the network for a %s task agrees with finite differences in every part', async (task) => {
    const random = new Random(11);
    const labels = labelsFor(task, random);
    const head = headOf(contractFor(task), labelScale(task, labels));
    const backend = await trainingBackend(name);
    const shape = { numbers: NUMBERS, cardinalities: CARDINALITIES, hidden: [8, 6], embedding: 4, outputs: head.outputs };
    const learner = new Mlp(shape, { backend, head });
    learner.initialise(random, head.start(labels));
    for (const { name, written, measured } of slopes(learner, batchFor(learner, labels, random), random)) {
      expect({ name, slope: written }).toEqual({ name, slope: expect.closeTo(measured, 3) });
    }
  });

  test.each(tasks)('the gradient of the linear model for a %s task agrees with finite differences in every part', async (task) => {
    const random = new Random(12);
    const labels = labelsFor(task, random);
    const head = headOf(contractFor(task), labelScale(task, labels));
    const backend = await trainingBackend(name);
    const shape = { numbers: NUMBERS, cardinalities: CARDINALITIES, outputs: head.outputs };
    const learner = new Linear(shape, { backend, head, penalty: 0 });
    learner.initialise(head.start(labels));
    for (let i = 0; i < learner.parameters.values.length; i++) learner.parameters.values[i] = 0.3 * random.normal();
    for (const { name, written, measured } of slopes(learner, batchFor(learner, labels, random), random)) {
      expect({ name, slope: written }).toEqual({ name, slope: expect.closeTo(measured, 3) });
    }
  });
});
