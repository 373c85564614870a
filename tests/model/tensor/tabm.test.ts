import { describe, expect, test } from '@jest/globals';
import type { Contract, Task } from '../../../src/dataset/contract.ts';
import { Random } from '../../../src/evaluation/random.ts';
import { trainingBackend } from '../../../src/model/tensor/backend.ts';
import { Dropout } from '../../../src/model/tensor/dropout.ts';
import { headOf, type Head } from '../../../src/model/tensor/head.ts';
import type { Batch } from '../../../src/model/tensor/learner.ts';
import { Tabm, type TabmShape } from '../../../src/model/tensor/tabm.ts';
import { availableBackends } from '../backends.ts';
import { slopes } from './slopes.ts';

const ROWS = 37;
const MEMBERS = 3;
const tasks: readonly Task[] = ['binary', 'multiclass', 'regression'];
const backends = await availableBackends();

/** A binned number, one that is taken as it is, a category of a column a code, and one with a learned vector. */
function shapeFor(outputs: number): TabmShape {
  return { edges: [[-1, -0.2, 0.4, 1], []], cardinalities: [4, 40], dimensions: 3, embedding: 5, members: MEMBERS, width: 8, blocks: 3, outputs };
}

function headFor(task: Task): Head {
  const contract: Contract = { task, features: [], label: 'y', classes: task === 'multiclass' ? ['a', 'b', 'c'] : [] };
  return headOf(contract, { mean: 0, deviation: 1 });
}

function batchFor(task: Task, random: Random, rows = ROWS): Batch {
  const draw = { binary: () => random.below(2), multiclass: () => random.below(3), regression: () => random.normal() }[task];
  return {
    rows,
    inputs: Float32Array.from({ length: rows * 2 }, () => random.normal()),
    codes: Int32Array.from({ length: rows * 2 }, (_, i) => random.below(i % 2 === 0 ? 4 : 40)),
    labels: Float64Array.from({ length: rows }, draw),
    weights: Float64Array.from({ length: rows }, () => 2 * random.uniform()),
  };
}

async function learnerFor(head: Head, backend: 'wasm' | 'native', dropout?: Dropout): Promise<Tabm> {
  const learner = new Tabm(shapeFor(head.outputs), { backend: await trainingBackend(backend), head, dropout });
  learner.initialise(new Random(5), new Float64Array(head.outputs));
  // Bins' steps and biases are 0 at the start, where a wrong gradient could hide.
  const random = new Random(6);
  const { values } = learner.parameters;
  for (let i = 0; i < values.length; i++) values[i]! += 0.1 * random.normal();
  return learner;
}

/** Biases that hold half of the hidden units on and half off, so that no ReLU switches within a finite difference. */
function hold({ parameters }: Tabm): void {
  for (const slot of parameters.slots) {
    if (!slot.name.startsWith('bias-')) continue;
    parameters.of(slot).forEach((_, unit) => (parameters.of(slot)[unit] = unit % 2 === 0 ? 8 : -12));
  }
}

describe.each(backends)('on %s', (name) => {
  test.each(tasks)('the gradient of TabM for a %s task agrees with finite differences in every part, with weights of rows', async (task) => {
    const random = new Random(11);
    const learner = await learnerFor(headFor(task), name);
    hold(learner);
    const found = slopes(learner, batchFor(task, random), random);
    expect(found.map((slope) => slope.name)).toEqual(expect.arrayContaining(['slopes', 'biases', 'steps', 'embedding-2', 'scalings', 'weights-1', 'weights-3', 'heads']));
    for (const { name: part, size, written, measured } of found) {
      expect(size).toBeGreaterThan(1e-4);
      expect({ part, agrees: Math.abs(written - measured) < 0.01 * size + 1e-4 }).toEqual({ part, agrees: true });
    }
  });
});

test('dropout that leaves out hardly anything changes the gradient hardly at all', async () => {
  const batch = batchFor('binary', new Random(12));
  const plain = await learnerFor(headFor('binary'), 'wasm');
  const dropped = await learnerFor(headFor('binary'), 'wasm', new Dropout(1e-7, new Random(1)));
  plain.gradient(batch);
  dropped.gradient(batch);
  plain.parameters.gradients.forEach((slope, at) => expect(dropped.parameters.gradients[at]).toBeCloseTo(slope, 5));
});

test('with dropout the mean gradient over many masks points where that without points', async () => {
  const batch = batchFor('regression', new Random(13));
  const plain = await learnerFor(headFor('regression'), 'wasm');
  plain.gradient(batch);
  const dropped = await learnerFor(headFor('regression'), 'wasm', new Dropout(0.1, new Random(2)));
  const mean = new Float64Array(plain.parameters.gradients.length);
  for (let round = 0; round < 60; round++) {
    dropped.gradient(batch);
    dropped.parameters.gradients.forEach((slope, at) => (mean[at]! += slope / 60));
    for (const slot of dropped.parameters.slots) if (slot.sparse) dropped.parameters.gradientOf(slot).fill(0);
  }
  expect(cosine(mean, plain.parameters.gradients)).toBeGreaterThan(0.9);
});

test('a row of weight 2 counts as the row twice', async () => {
  const once = { ...batchFor('multiclass', new Random(14)), weights: undefined };
  const twice: Batch = {
    rows: ROWS + 1,
    inputs: Float32Array.of(...once.inputs, ...once.inputs.subarray(0, 2)),
    codes: Int32Array.of(...once.codes, ...once.codes.subarray(0, 2)),
    labels: Float64Array.of(...once.labels, once.labels[0]!),
    weights: undefined,
  };
  // Of mean 1, as a table's weights are.
  const weights = Float64Array.from({ length: ROWS }, (_, i) => ((i === 0 ? 2 : 1) * ROWS) / (ROWS + 1));
  const [a, b] = [await learnerFor(headFor('multiclass'), 'wasm'), await learnerFor(headFor('multiclass'), 'wasm')];
  const [weighted, repeated] = [a.gradient({ ...once, weights }) / ROWS, b.gradient(twice) / (ROWS + 1)];
  expect(weighted).toBeCloseTo(repeated, 6);
  a.parameters.gradients.forEach((slope, at) => expect(slope).toBeCloseTo(b.parameters.gradients[at]!, 6));
});

test.each(tasks)('for a %s task the raw outputs predict the mean of what the members predict', async (task) => {
  const head = headFor(task);
  const learner = await learnerFor(head, 'wasm');
  const batch = batchFor(task, new Random(15));
  const predicted = (raw: Float32Array): Float64Array => {
    const values = new Float64Array(ROWS * head.outputs);
    head.predict(raw, ROWS, { values, at: 0 });
    return values;
  };
  const whole = predicted(learner.forward(batch));
  const mean = new Float64Array(whole.length);
  for (let member = 0; member < MEMBERS; member++) {
    predicted((await aloneOf(learner, head, member)).forward(batch)).forEach((value, at) => (mean[at]! += value / MEMBERS));
  }
  whole.forEach((value, at) => expect(value).toBeCloseTo(mean[at]!, 6));
});

/** A network of the same parameters in which every member is that one. */
async function aloneOf(learner: Tabm, head: Head, member: number): Promise<Tabm> {
  const alone = await learnerFor(head, 'wasm');
  alone.parameters.values.set(learner.parameters.values);
  for (const name of ['scalings', 'heads', 'head-biases']) {
    const slot = alone.parameters.slots.find((one) => one.name === name)!;
    const part = (slot.rows / MEMBERS) * slot.columns;
    const own = learner.parameters.of(slot).slice(member * part, (member + 1) * part);
    for (let other = 0; other < MEMBERS; other++) alone.parameters.of(slot).set(own, other * part);
  }
  return alone;
}

function cosine(a: Float64Array, b: Float32Array): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => Array.from(x).reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
