import { rmSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type Recipe, readRecipe } from '../../../src/model/auto/recipe.ts';
import type { FitInput, FittedModel } from '../../../src/model/family.ts';
import { autoFamily } from '../../../src/model/auto-family.ts';
import { linearFamily } from '../../../src/model/linear-family.ts';
import { streamOf } from '../../../src/model/tensor/stream.ts';
import { temporaryFolder } from '../../support/job.ts';
import { planted, plantedContract, plantedLoss, sourceOf } from '../made.ts';

const train = planted(900, 1);
const validation = planted(300, 2);
const fresh = planted(2000, 3);
const told: string[] = [];

function fit(more: Partial<FitInput>) {
  told.length = 0;
  return autoFamily.fit({ contract: plantedContract, train: sourceOf(train), validation: sourceOf(validation), options: { families: ['linear', 'mlp'] }, seed: 7, budget: 15, progress: () => undefined, tell: (line) => void told.push(line), ...more });
}

describe('auto', () => {
  test('tells its plan before it trains, and its choice with what each member had alone', async () => {
    const model = await fit({ rounds: 3 });
    expect(told[0]).toMatch(/^plan for a budget of 15 s: linear \([\d.]+ s\), mlp \([\d.]+ s\); each on the training rows/);
    expect(told.at(-1)).toMatch(/^alone: (linear|mlp) 0\.\d+ \(\d epochs\), (linear|mlp) 0\.\d+ \(\d epochs\)$/);
    expect(model.summary.notes).toContain(told.at(-1));
  });

  test('gives the same bytes on one thread and on two', async () => {
    const [one, two] = [await fit({ threads: 1, rounds: 3, independent: true }), await fit({ threads: 2, rounds: 3, independent: true })];
    expect(await two.predict(fresh)).toEqual(await one.predict(fresh));
    expect(two.held).toEqual(one.held);
  });

  test('on folds holds every row out once, and what it says of them is as good as what it says of new rows', async () => {
    const { held, ...model } = await fit({ independent: true, rounds: 8 });
    expect(held!.labels).toHaveLength(1200);
    const loss = held!.predictions.reduce((sum, p, i) => sum - Math.log(held!.labels[i] === 1 ? p : 1 - p), 0) / 1200;
    expect(Math.abs(loss - plantedLoss(fresh))).toBeLessThan(0.04);
    expect(model.summary.notes[0]).toContain('1200 rows, each held out once');
  });

  test('on the latest rows leaves the linear model as it is alone, for whoever wants one beside it, and on folds none', async () => {
    const alone = await linearFamily.fit({ contract: plantedContract, train: sourceOf(train), validation: sourceOf(validation), options: linearFamily.parseOptions({}), backend: 'wasm', seed: streamOf(7, 'linear/1').word(), rounds: 3, progress: () => undefined });
    const { linear } = await fit({ rounds: 3 });
    expect(await linear!.predict(fresh)).toEqual(await alone.predict(fresh));
    expect((await fit({ rounds: 3, independent: true })).linear).toBeUndefined();
  });

  test('with a budget too short for anything predicts the baseline, and says so', async () => {
    const model = await fit({ budget: 0.001 });
    expect(told[0]).toBe('a budget of 0.001 s is too short for any model');
    expect(new Set(await model.predict(fresh)).size).toBe(1);
    expect(model.summary.notes[0]).toBe('no model was trained: every row is given the baseline');
  });

  test('given a recipe trains what is in the blend again, and chooses nothing', async () => {
    const chosen = await fit({ independent: true, rounds: 3 });
    const again = await fit({ independent: true, recipe: await recipeOf(chosen) });
    expect(await again.predict(fresh)).toEqual(await chosen.predict(fresh));
    expect(told.some((line) => line.startsWith('alone'))).toBe(true);
  });

  test('given a recipe of a version that did not count copies trains each member once more', async () => {
    const chosen = await fit({ rounds: 3 });
    const text = JSON.stringify(await recipeOf(chosen), (key, value: unknown) => (key === 'copies' ? undefined : value));
    const again = await fit({ recipe: JSON.parse(text) as unknown });
    expect(await again.predict(fresh)).toEqual(await chosen.predict(fresh));
  });
});

/** What a model's folder says of how to train it again. */
async function recipeOf(model: FittedModel): Promise<Recipe> {
  const folder = temporaryFolder('recipe');
  try {
    await model.save(folder);
    return readRecipe(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
