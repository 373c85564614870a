import { describe, expect, test } from '@jest/globals';
import type { NumberColumn } from '../../../src/dataset/batch.ts';
import { trainingBackend } from '../../../src/model/tensor/backend.ts';
import { fitEncoder } from '../../../src/model/tensor/fit-encoder.ts';
import { headOf, labelScale } from '../../../src/model/tensor/head.ts';
import { Linear } from '../../../src/model/tensor/linear.ts';
import { planFor } from '../../../src/model/tensor/plan.ts';
import { rateAt } from '../../../src/model/tensor/schedule.ts';
import { shuffle, streamOf } from '../../../src/model/tensor/stream.ts';
import { train } from '../../../src/model/tensor/train.ts';
import { batchOf, fit, logLoss, numbers, planted, plantedContract, plantedWeights } from '../made.ts';

describe('early stopping', () => {
  // So few rows, so wide and without dropout: the network soon learns them by heart.
  const options = { hidden: [64], dropout: 0, weight_decay: 0, learning_rate: 0.02, epochs: 60, patience: 5 };
  const small = planted(150, 21);
  const validation = planted(500, 22);

  test('ends training when the validation loss no longer falls, and keeps the best parameters', async () => {
    const { summary, ...rest } = await fitted();
    const losses = summary.curve.map((point) => point.validationLoss ?? Infinity);
    const best = Math.min(...losses);
    expect(summary.rounds).toBeLessThan(60);
    expect(summary.rounds - summary.bestRound).toBe(5);
    expect(losses[summary.bestRound - 1]).toBe(best);
    expect(rest.loss).toBeCloseTo(best, 6);
    expect(losses.at(-1)).toBeGreaterThan(best);
  });

  async function fitted() {
    const model = await fit({ family: 'mlp', train: small, validation, options });
    return { summary: model.summary, loss: logLoss(validation, await model.predict(validation)) };
  }
});

test('a planted linear function is recovered, weights and effects of categories', async () => {
  const model = await fit({ family: 'linear', train: planted(40_000, 31), validation: planted(4000, 32) });
  const logit = async (a: number, b: number, city: string): Promise<number> => {
    const [p] = await model.predict(batchOf({ a: numbers([a]), b: numbers([b]), city: { storage: 'text', codes: Int32Array.of(0), dictionary: [city] } }));
    return Math.log(p! / (1 - p!));
  };
  const origin = await logit(0, 0, 'Rome');
  expect(origin).toBeCloseTo(0, 1);
  expect((await logit(1, 0, 'Rome')) - origin).toBeCloseTo(plantedWeights.a, 1);
  expect((await logit(0, 1, 'Rome')) - origin).toBeCloseTo(plantedWeights.b, 1);
  expect((await logit(0, 0, 'Oslo')) - (await logit(0, 0, 'Bern'))).toBeCloseTo(1.8, 1);
});

describe('a loss that is no number', () => {
  const rows = planted(300, 41);
  const labels = (rows.columns.get('y') as NumberColumn).values;
  const { encoder } = fitEncoder(plantedContract, [rows], { minCount: 1 });
  const head = headOf(plantedContract, labelScale('binary', labels));
  const names = { numbers: encoder.numberColumns.map(({ name }) => name), categories: encoder.categoryColumns };

  async function attempt(start: number, { learningRate = 0.5, weightDecay = 0, wild = 0 } = {}) {
    const backend = await trainingBackend('wasm');
    const learner = new Linear({ numbers: encoder.numbers, cardinalities: encoder.cardinalities, outputs: 1 }, { head, backend, penalty: 0 });
    learner.parameters.values.fill(start);
    const table = { ...encoder.encode(rows), labels, weights: undefined };
    table.numbers[0] = wild;
    const options = { epochs: 30, batch_rows: 100, patience: 30, learning_rate: learningRate, min_count: 1 } as const;
    const plan = planFor(rows.rows, options, { fullRate: 0.5, weightDecay });
    return { learner, trained: await train({ learner, head, backend, names, train: table, validation: table, plan, seed: 1, progress: () => undefined }) };
  }

  test('in the first epoch is an error with step and learning rate', async () => {
    // As after a run with far too high a learning rate: the outputs no longer fit 32 bits.
    await expect(attempt(3e38)).rejects.toMatchObject({ code: 'loss-nan', details: { where: expect.stringMatching(/^step 1, learning rate 0.0556, /) } });
  });

  test('names the column without which it would be one', async () => {
    await expect(attempt(10, { wild: 2e38 })).rejects.toMatchObject({ code: 'loss-nan', details: { where: expect.stringMatching(/, column a$/) } });
  });

  test('after a finished epoch ends the training with the best epoch and a note', async () => {
    // A decay of several times the weights throws them from side to side, further with each step, until they leave 32 bits.
    const { learner, trained } = await attempt(0, { learningRate: 10, weightDecay: 10 });
    expect(trained.curve.length).toBeGreaterThan(0);
    expect(trained.curve.length).toBeLessThan(30);
    expect(trained.notes).toEqual([expect.stringMatching(/^training came apart at step \d+, learning rate .*; the model is that of epoch \d+$/)]);
    expect(learner.parameters.values.every(Number.isFinite)).toBe(true);
    expect(trained.curve[trained.bestRound - 1]?.validationLoss).toBe(Math.min(...trained.curve.map((point) => point.validationLoss ?? Infinity)));
  });
});

async function broken(): Promise<never> {
  throw new Error('Cannot find module tensorflow-native');
}

test('native asked for where it does not load is an error that names npm run native; auto goes on with WASM', async () => {
  await expect(trainingBackend('native', broken)).rejects.toMatchObject({
    code: 'backend-missing',
    message: expect.stringContaining('npm run native'),
    details: { found: 'Cannot find module tensorflow-native' },
  });
  expect((await trainingBackend('auto', broken)).name).toBe('wasm');
});

describe('a plan', () => {
  const auto = { epochs: 'auto', batch_rows: 'auto', patience: 'auto', learning_rate: 'auto', min_count: 10 } as const;

  test.each([1, 31, 600, 5000, 64_000, 1_000_000])('for %p rows has even batches of no multiple of 32 rows', (rows) => {
    const { batchRows, epochs, steps } = planFor(rows, auto, { fullRate: 0.01, weightDecay: 0 });
    expect(batchRows % 32).not.toBe(0);
    expect(steps).toBe(epochs * Math.ceil(rows / batchRows));
    expect(epochs).toBeGreaterThanOrEqual(4);
    expect(epochs).toBeLessThanOrEqual(60);
  });

  test('takes a lower rate where there are many rows, unless one is given', () => {
    const habits = { fullRate: 0.01, weightDecay: 0 };
    expect(planFor(120_000, auto, habits).learningRate).toBe(0.01);
    expect(planFor(480_000, auto, habits).learningRate).toBe(0.005);
    expect(planFor(480_000, { ...auto, learning_rate: 0.2 }, habits).learningRate).toBe(0.2);
  });

  test('has a rate that rises to its highest and falls to nearly nothing', () => {
    const rates = Array.from({ length: 1000 }, (_, step) => rateAt({ learningRate: 0.01, steps: 1000 }, step));
    expect(Math.max(...rates)).toBeCloseTo(0.01, 10);
    expect(rates.indexOf(Math.max(...rates))).toBe(99);
    expect(rates.at(-1)).toBeLessThan(0.0002);
    expect(Math.min(...rates)).toBeGreaterThan(0);
  });
});

test('streams of one seed differ by their use, and a shuffle keeps every item', () => {
  expect(streamOf(1, 'shuffle').word()).not.toBe(streamOf(1, 'weights').word());
  expect(streamOf(1, 'shuffle').word()).toBe(streamOf(1, 'shuffle').word());
  const items = Uint32Array.from({ length: 100 }, (_, i) => i);
  const shuffled = items.slice();
  shuffle(shuffled, streamOf(1, 'shuffle'));
  expect(shuffled).not.toEqual(items);
  expect(shuffled.sort()).toEqual(items);
});
