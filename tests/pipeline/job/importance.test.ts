import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FittedModel } from '../../../src/model/family.ts';
import { importanceWork } from '../../../src/pipeline/job/figures.ts';
import { permutationImportance } from '../../../src/pipeline/job/importance.ts';
import { sampleRows } from '../../../src/pipeline/job/row-sample.ts';
import { batchOf, fit, numbers, parts, planted, sourceOf, text } from '../../model/made.ts';

let model: FittedModel;

beforeAll(async () => {
  model = await fit({ family: 'linear', train: planted(4_000, 1), validation: planted(1_000, 2) });
});

afterAll(() => model.dispose());

test('what the label is made of comes first, in the order of its weights', async () => {
  const found = await permutationImportance(model, planted(2_000, 3), { metric: 'auc', seed: 1, repeats: 2 });
  expect(found!.features[0]!.feature).toBe('a');
  expect(found!.features.map(({ drop }) => drop > 0.01)).toEqual([true, true, true]);
  for (const { drop, low, high } of found!.features) expect(low <= drop && drop <= high).toBe(true);
});

test('where lower is better, worse still counts upwards', async () => {
  const found = await permutationImportance(model, planted(2_000, 3), { metric: 'log_loss', seed: 1, repeats: 1 });
  expect(found!.features[0]).toMatchObject({ feature: 'a' });
  expect(found!.features[0]!.drop).toBeGreaterThan(0.02);
});

test('the same seed deals the same, another one otherwise', async () => {
  const rows = planted(300, 4);
  const of = async (seed: number) => JSON.stringify(await permutationImportance(model, rows, { metric: 'auc', seed, repeats: 1 }));
  expect(await of(1)).toBe(await of(1));
  expect(await of(2)).not.toBe(await of(1));
});

test('a metric that the rows do not define has no importance', async () => {
  const negative = batchOf({ a: numbers([1, 2]), b: numbers([0, 1]), city: text(['Oslo', 'Bern']), y: numbers([0, 0]) });
  expect(await permutationImportance(model, negative, { metric: 'auc', seed: 1, repeats: 1 })).toBeUndefined();
});

test('the rows that are taken lie evenly over the stream, with their own texts, however it is cut', async () => {
  const whole = planted(1_000, 5);
  const [one, many] = await Promise.all([sourceOf(whole), sourceOf(...parts(whole, 77))].map((source) => sampleRows(source, { wanted: 100, total: 1_000 })));
  expect(one!.rows).toBe(100);
  for (const name of ['a', 'b', 'y']) expect(many!.columns.get(name)).toEqual(one!.columns.get(name));
  const texts = ({ columns }: typeof whole) => {
    const column = columns.get('city')!;
    return column.storage === 'text' ? Array.from(column.codes, (code) => column.dictionary[code]) : [];
  };
  expect(texts(many!)).toEqual(texts(one!));
  const every = await sampleRows(sourceOf(whole), { wanted: 5_000, total: 1_000 });
  expect(every.rows).toBe(1_000);
});

test('the work stays bounded, however wide or long the test batch is', () => {
  for (const [rows, features] of [[100, 3], [15_000, 27], [1_000_000, 8], [50_000, 500]] as const) {
    const work = importanceWork(rows, features);
    expect(work.rows).toBeLessThanOrEqual(rows);
    expect(work.rows * work.repeats * features).toBeLessThanOrEqual(Math.max(40_000, 200 * features));
  }
});
