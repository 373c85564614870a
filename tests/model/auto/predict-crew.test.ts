import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { PredictCrew, type Saved, openModels } from '../../../src/model/auto/predict-crew.ts';
import { writeDescription } from '../../../src/model/description.ts';
import { familyOf } from '../../../src/model/families.ts';
import type { FittedModel } from '../../../src/model/family.ts';
import { temporaryFolder } from '../../support/job.ts';
import { planted, plantedContract, sourceOf } from '../made.ts';

const rows = planted(300, 3);
let folder: string;
const saved: Saved[] = [];

beforeAll(async () => {
  folder = temporaryFolder('predict-crew');
  for (const [i, name] of ['linear', 'gbdt', 'mlp', 'gbdt'].entries()) {
    const family = await familyOf(name);
    const model = await family.fit({ contract: plantedContract, train: sourceOf(planted(400, 1)), validation: undefined, options: family.parseOptions({}), backend: 'wasm', seed: i + 1, rounds: 5, threads: 1, progress: () => undefined });
    const own = join(folder, String(i));
    mkdirSync(own);
    await model.save(own);
    writeDescription(own, { family: name, contract: plantedContract, summary: model.summary });
    model.dispose();
    saved.push({ family: name, folder: own });
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A model that counts how often it is asked here, and leaves others time to be there first. */
function counted(model: FittedModel, asked: string[]): FittedModel {
  const predict: FittedModel['predict'] = async (batch) => {
    asked.push(model.summary.family);
    await sleep(20);
    return model.predict(batch);
  };
  return { summary: model.summary, contract: model.contract, predict, save: (into) => model.save(into), dispose: () => model.dispose() };
}

test('the models of a blend predict the same whoever predicts, here or on a further thread', async () => {
  const models = await openModels(saved);
  const alone = await Promise.all(models.map((model) => model.predict(rows)));
  const asked: string[] = [];
  const crew = new PredictCrew(saved, models.map((model) => counted(model, asked)), { helpers: 1, after: 0 });
  for (;;) {
    const before = asked.length;
    expect(await crew.predict(rows)).toEqual(alone);
    if (asked.length - before < models.length) break;
  }
  // Whoever asks without waiting is answered one after the other.
  expect(await Promise.all([crew.predict(rows), crew.predict(rows), crew.predict(rows)])).toEqual([alone, alone, alone]);
  const before = asked.length;
  expect(await crew.predict(planted(10, 4))).toHaveLength(models.length);
  expect(asked.length - before).toBe(models.length);
  crew.dispose();
});

test('a further thread that cannot open its models is told of, and the others predict everything', async () => {
  const missing = saved.map(({ family }) => ({ family, folder: join(folder, 'nowhere') }));
  const models = await openModels(saved);
  const alone = await Promise.all(models.map((model) => model.predict(rows)));
  const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const crew = new PredictCrew(missing, models, { helpers: 1, after: 0 });
  while (told.mock.calls.length === 0) expect(await crew.predict(rows)).toEqual(alone);
  expect(await crew.predict(rows)).toEqual(alone);
  expect(told.mock.calls.map(([text]) => String(text))).toEqual([expect.stringMatching(/^! Predicting goes on without a further thread: .*nowhere/)]);
  told.mockRestore();
  crew.dispose();
});
