import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Task } from '../../src/dataset/contract.ts';
import { metricsOf } from '../../src/evaluation/metrics.ts';
import { familyNames } from '../../src/model/families.ts';
import { labelsOf } from '../../src/model/labels.ts';
import { availableBackends, isNetwork } from '../model/backends.ts';
import { fit } from '../model/made.ts';
import { differences, readGolden, rounded, tolerances, writeGolden, type Golden, type Output } from './golden.ts';
import { makeTable } from './make-table.mjs';
import { batchOfPart, contractOf, tasks } from './table.ts';

/** Set by `npm run approve`: what WASM gives now becomes golden, and what changed is printed. */
const approving = process.env['NIGHTSHIFT_APPROVE'] === '1';
const backends = approving ? (['wasm'] as const) : await availableBackends();
const golden = readGolden();
const approved: Record<string, Output> = {};

/** The deviation of a regression's label; probabilities are on a scale of 1. */
const scales: Readonly<Record<Task, number>> = { binary: 1, multiclass: 1, regression: 100 };

const cases = familyNames.flatMap((family) => tasks.flatMap((task) => (isNetwork(family) ? backends : (['wasm'] as const)).map((backend) => ({ family, task, backend }))));

test('the table is the one that make-table.mjs makes', () => {
  const committed = readFileSync(path.join(import.meta.dirname, 'table.csv'), 'utf8').replaceAll('\r\n', '\n');
  expect(committed).toBe(makeTable());
});

describe('a seeded training gives its golden predictions and metrics', () => {
  test.each(cases)('$family, $task, $backend', async ({ family, task, backend }) => {
    const found = await outputOf({ family, task, backend });
    const name = `${family} ${task}`;
    approved[name] = found;
    if (approving) return;
    const moved = differences({ golden: golden[name], found, tolerance: tolerances[backend], scale: scales[task] });
    if (moved.length > 0) throw new Error(`${name} on ${backend} has changed:\n${moved.join('\n')}\nIf that is meant: npm run approve, and review golden.json.`);
  });
});

test('no golden output is left over from a family that is gone', () => {
  const names = familyNames.flatMap((family) => tasks.map((task) => `${family} ${task}`));
  expect(approving || Object.keys(golden).every((name) => names.includes(name))).toBe(true);
});

describe('a comparison with the golden output', () => {
  const before: Output = { metrics: { auc: 0.7 }, predictions: { 1: [0.5], 2: [0.25], 3: [0.125] } };

  test('is content with changes within the tolerance', () => {
    const found = { metrics: { auc: 0.701 }, predictions: { 1: [0.501], 2: [0.25], 3: [0.125] } };
    expect(differences({ golden: before, found, tolerance: 0.01, scale: 1 })).toEqual([]);
  });

  test('names the metrics that changed and the rows that moved most, those first', () => {
    const found = { metrics: { auc: 0.6 }, predictions: { 1: [0.6], 2: [0.25], 3: [0.525] } };
    expect(differences({ golden: before, found, tolerance: 0.01, scale: 1 })).toEqual([
      'metric auc: 0.7 → 0.6',
      '2 of 3 rows moved by more than 0.0100; most of all:',
      '  row 3: 0.125 → 0.525 (moved 0.400)',
      '  row 1: 0.5 → 0.6 (moved 0.100)',
    ]);
  });

  test('finds rows that are new or gone', () => {
    const found = { metrics: { auc: 0.7 }, predictions: { 1: [0.5], 2: [0.25], 4: [0.1] } };
    expect(differences({ golden: before, found, tolerance: 0.01, scale: 1 })).toHaveLength(3);
  });
});

afterAll(() => {
  if (!approving) return;
  writeGolden(approved);
  process.stdout.write(`\n${changeReport(golden, approved)}\n`);
});

interface Case {
  readonly family: string;
  readonly task: Task;
  readonly backend: 'wasm' | 'native';
}

async function outputOf({ family, task, backend }: Case): Promise<Output> {
  const contract = contractOf(task);
  const test = batchOfPart('test');
  const options = family === 'linear' || family === 'mlp' ? { epochs: 12, patience: 12 } : {};
  const model = await fit({ family, contract, train: batchOfPart('train'), validation: batchOfPart('validation'), options, backend, rounds: family === 'tabm' || family === 'auto' ? 8 : undefined, seed: 2001 });
  const predictions = await model.predict(test);
  const { classes } = contract;
  const metrics = metricsOf(task, { labels: labelsOf(contract, test), predictions, classes });
  const outputs = predictions.length / test.rows;
  const names = test.columns.get('row')!;
  const rows = Array.from({ length: test.rows }, (_, i) => [
    names.storage === 'number' ? `${names.values[i]}` : '',
    [...predictions.subarray(i * outputs, (i + 1) * outputs)].map(rounded),
  ]);
  return {
    metrics: Object.fromEntries([...metrics].map(([name, value]) => [name, value === null ? null : rounded(value)])),
    predictions: Object.fromEntries(rows) as Output['predictions'],
  };
}

function changeReport(before: Golden, after: Golden): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const lines = names.flatMap((name) => {
    const found = after[name];
    const moved = found === undefined ? ['no longer made'] : differences({ golden: before[name], found, tolerance: 0, scale: 1 });
    return moved.length === 0 ? [] : [name, ...moved.map((line) => `  ${line}`)];
  });
  return lines.length === 0 ? 'golden.json is as it was.' : `golden.json is written anew; review it and commit it:\n${lines.join('\n')}`;
}
