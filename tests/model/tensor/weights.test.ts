import { describe, expect, test } from '@jest/globals';
import type { ColumnBatch, NumberColumn } from '../../../src/dataset/batch.ts';
import { familyOf } from '../../../src/model/families.ts';
import type { FittedModel, Weigh } from '../../../src/model/family.ts';
import { parts, planted, plantedContract, smallOptions, sourceOf } from '../made.ts';

const train = planted(2000, 1);
const validation = planted(500, 2);
const fresh = planted(2000, 3);

async function fitWeighted(family: string, weigh: Weigh | undefined): Promise<FittedModel> {
  const chosen = await familyOf(family);
  const options = chosen.parseOptions({ ...smallOptions(family), epochs: 12 });
  return chosen.fit({ contract: plantedContract, train: sourceOf(...parts(train, 700)), validation: sourceOf(validation), weigh, options, backend: 'wasm', seed: 7, progress: () => undefined });
}

function labelsOf(batch: ColumnBatch): Float64Array {
  return (batch.columns.get('y') as NumberColumn).values;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe.each(['linear', 'mlp', 'tabm'])('weights of rows in %s', (family) => {
  test('of 3 for one class make it three times as likely against the other', async () => {
    const chances = await (await fitWeighted(family, (batch) => labelsOf(batch).map((label) => (label === 1 ? 3 : 1)))).predict(fresh);
    const share = mean(labelsOf(fresh));
    expect(mean(chances)).toBeGreaterThan(share + 0.12);
    // Odds of three times the usual, taken back, are the usual share again.
    expect(mean(chances.map((p) => p / (p + 3 * (1 - p))))).toBeCloseTo(share, 1);
  });

  test('count beside each other only: twice all of them changes nothing', async () => {
    const [once, twice] = await Promise.all([1, 2].map(async (weight) => (await fitWeighted(family, (batch) => new Float64Array(batch.rows).fill(weight))).predict(fresh)));
    expect(twice).toEqual(once);
  });

  test('of 0 for all rows of a class leave nothing to tell apart, and of 0 for all rows are refused', async () => {
    await expect(fitWeighted(family, (batch) => labelsOf(batch).slice())).rejects.toMatchObject({ code: 'label-single-class' });
    await expect(fitWeighted(family, (batch) => new Float64Array(batch.rows))).rejects.toMatchObject({ code: 'weights-zero' });
  });
});
