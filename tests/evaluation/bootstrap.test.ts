import { expect, test } from '@jest/globals';
import { bootstrapDifference, bootstrapInterval } from '../../src/evaluation/bootstrap.ts';
import { metricInfo, metricsOf } from '../../src/evaluation/metrics.ts';
import { binary } from '../../src/evaluation/binary.ts';
import { Random } from '../../src/evaluation/random.ts';
import type { EvaluationData } from '../../src/evaluation/task-metrics.ts';
import { data, sampleRows } from './tables.ts';

const noisier = (rows: EvaluationData, seed: number): EvaluationData => {
  const random = new Random(seed);
  return { ...rows, predictions: rows.predictions.map((p) => 0.5 * p + 0.5 * random.uniform()) };
};

test('weights measure exactly what the rows repeated that often would', () => {
  const rows = sampleRows(300, 5, 30);
  const random = new Random(9);
  const weights = new Uint8Array(300).map(() => random.below(4));
  const picked = Array.from(weights).flatMap((weight, row) => Array.from({ length: weight }, () => row));
  const repeated = data(
    picked.map((row) => rows.labels[row]!),
    picked.map((row) => rows.predictions[row]!),
    { decided: Uint8Array.from(picked, (row) => rows.decided![row]!), cost: rows.cost },
  );
  const reading = binary.prepare(rows)(weights);
  for (const [name, expected] of metricsOf('binary', repeated)) expect({ name, value: reading(name) }).toEqual({ name, value: expect.closeTo(expected!, 12) });
});

test('the same seed gives the same interval, another seed another', () => {
  const rows = sampleRows(500, 1);
  const at = (seed: number) => bootstrapInterval(rows, { task: 'binary', metric: 'auc', seed, resamples: 100 });
  expect(at(1)).toEqual(at(1));
  expect(at(1).low).not.toBe(at(2).low);
});

test('an interval carries the value on all rows, lies around it, and is wider at a higher level', () => {
  const rows = sampleRows(2000, 2);
  const values = metricsOf('binary', rows);
  for (const { name, direction } of metricInfo('binary')) {
    // The calibration error of a resample is larger than that of its rows, so its interval may lie above the value.
    if (direction === 'none' || name === 'ece') continue;
    const [narrow, wide] = [0.8, 0.99].map((level) => bootstrapInterval(rows, { task: 'binary', metric: name, seed: 1, resamples: 200, level }));
    expect(narrow).toMatchObject({ value: values.get(name), level: 0.8, resamples: 200, defined: 200 });
    expect(narrow!.low!).toBeLessThan(values.get(name)!);
    expect(narrow!.high!).toBeGreaterThan(values.get(name)!);
    expect(wide!.low!).toBeLessThan(narrow!.low!);
    expect(wide!.high!).toBeGreaterThan(narrow!.high!);
  }
});

test('a 95% interval of the AUC holds the true AUC in about 95 of 100 samples', () => {
  // Scores N(1, 1) and N(0, 1) have the AUC Φ(1/√2) (Hanley and McNeil 1982), squeezed into (0, 1) without changing ranks.
  const truth = 0.7602499389065233;
  const samples = 400;
  let held = 0;
  for (let sample = 0; sample < samples; sample++) {
    const random = new Random(1000 + sample);
    const labels = new Float64Array(200).map((_zero, row) => (row < 80 ? 1 : 0));
    const predictions = labels.map((label) => 1 / (1 + Math.exp(-random.normal() - label)));
    const { low, high } = bootstrapInterval({ labels, predictions }, { task: 'binary', metric: 'auc', seed: sample, resamples: 300 });
    if (low! <= truth && truth <= high!) held++;
  }
  expect(held / samples).toBeGreaterThan(0.92);
  expect(held / samples).toBeLessThan(0.98);
});

test('an interval of RMSE and one of log loss hold the truth about as often as they say', () => {
  const held = { rmse: 0, log_loss: 0 };
  for (let sample = 0; sample < 300; sample++) {
    const random = new Random(5000 + sample);
    const options = { seed: sample, resamples: 200, level: 0.9 };
    const labels = new Float64Array(150).map(() => random.normal());
    const rmse = bootstrapInterval({ labels, predictions: new Float64Array(150) }, { task: 'regression', metric: 'rmse', ...options });
    if (rmse.low! <= 1 && 1 <= rmse.high!) held.rmse++;
    const outcomes = labels.map(() => (random.uniform() < 0.25 ? 1 : 0));
    const loss = bootstrapInterval({ labels: outcomes, predictions: outcomes.map(() => 0.3) }, { task: 'binary', metric: 'log_loss', ...options });
    const truth = -0.25 * Math.log(0.3) - 0.75 * Math.log(0.7);
    if (loss.low! <= truth && truth <= loss.high!) held.log_loss++;
  }
  for (const count of Object.values(held)) {
    expect(count / 300).toBeGreaterThan(0.84);
    expect(count / 300).toBeLessThan(0.95);
  }
});

test('equal predictions differ by exactly 0 in every resample', () => {
  const rows = sampleRows(400, 3);
  for (const metric of ['auc', 'log_loss', 'ece', 'f1']) {
    expect(bootstrapDifference(rows, { ...rows }, { task: 'binary', metric, seed: 1, resamples: 100 })).toMatchObject({ value: 0, low: 0, high: 0 });
  }
});

test('a paired difference is metric(a) − metric(b), turns round with its sides, and is tighter than two intervals', () => {
  const a = sampleRows(2000, 4);
  const b = noisier(a, 6);
  const options = { task: 'binary', metric: 'auc', seed: 1, resamples: 400 } as const;
  const difference = bootstrapDifference(a, b, options);
  const [alone, other] = [bootstrapInterval(a, options), bootstrapInterval(b, options)];
  expect(difference.value).toBe(alone.value! - other.value!);
  expect(difference.low!).toBeGreaterThan(0);
  expect(difference.low!).toBeGreaterThan(alone.low! - other.high!);
  expect(difference.high!).toBeLessThan(alone.high! - other.low!);
  const turned = bootstrapDifference(b, a, options);
  expect([turned.low, turned.high]).toEqual([expect.closeTo(-difference.high!, 12), expect.closeTo(-difference.low!, 12)]);
});

test('two models of multiclass and regression tasks are compared in the same way', () => {
  const classes = ['a', 'b', 'c'];
  const labels = Float64Array.from({ length: 300 }, (_, row) => row % 3);
  const good = Float64Array.from({ length: 900 }, (_, i) => (i % 3 === labels[Math.floor(i / 3)] ? 0.6 : 0.2));
  const constant = new Float64Array(900).fill(1 / 3);
  for (const { name, direction } of metricInfo('multiclass')) {
    // Of three classes each is among the three likeliest.
    if (name === 'top_3_accuracy') continue;
    const options = { task: 'multiclass', metric: name, seed: 1, resamples: 50 } as const;
    const { low, high } = bootstrapDifference({ labels, predictions: good, classes }, { labels, predictions: constant, classes }, options);
    if (direction === 'higher') expect(low!).toBeGreaterThan(0);
    if (direction === 'lower') expect(high!).toBeLessThan(0);
  }
  const rmse = bootstrapDifference({ labels, predictions: labels }, { labels, predictions: new Float64Array(300).fill(1) }, { task: 'regression', metric: 'rmse', seed: 1, resamples: 50 });
  expect(rmse.high!).toBeLessThan(0);
});

test('a value that is not defined has no interval, nor has one that too many resamples leave undefined', () => {
  const options = { task: 'binary', metric: 'auc', seed: 1, resamples: 200 } as const;
  expect(bootstrapInterval(data([0, 0], [0.1, 0.2]), options)).toEqual({ value: null, low: null, high: null, level: 0.95, resamples: 200, defined: 0 });
  // One positive among many: e⁻¹ of all resamples draw it not once.
  const rare = bootstrapInterval(data([1, ...Array.from({ length: 99 }, () => 0)], Array.from({ length: 100 }, (_, row) => row / 100)), options);
  expect(rare).toMatchObject({ value: 0, low: null, high: null });
  expect(rare.defined).toBeGreaterThan(80);
  expect(rare.defined).toBeLessThan(180);
});

test('models of different rows are not compared, and a metric that does not exist is named', () => {
  const options = { task: 'binary', metric: 'auc', seed: 1 } as const;
  expect(() => bootstrapDifference(data([0, 1], [0.1, 0.2]), data([1, 0], [0.1, 0.2]), options)).toThrow('same rows');
  expect(() => bootstrapDifference(data([0, 1], [0.1, 0.2]), data([0], [0.1]), options)).toThrow('same rows');
  expect(() => bootstrapInterval(data([0, 1], [0.1, 0.2]), { ...options, metric: 'acu' })).toThrow('did you mean auc?');
});
