/** What a batch's own Jest tests are written with. */
import type { BatchSource } from './dataset/batch.ts';
import { loadModel } from './model/folder.ts';
import { type RunContext, StepContext } from './pipeline/context.ts';
import { streamOf, featureStorage } from './pipeline/job/streams.ts';
import { concatenate } from './dataset/floats.ts';
import type { ScoringResult } from './pipeline/job/score.ts';
import { readJsonFile } from './shared/files.ts';
import { join } from 'node:path';

export interface StagedRow {
  readonly score: number;
  readonly class: number;
  readonly rank: number;
}

/** The outputs of the run that is being tested; `close` when done. */
export interface Outputs {
  readonly run: RunContext;
  /** The fresh batch's features, in the order of time and key. */
  readonly fresh: () => BatchSource;
  /** The staged rows, in the same order. */
  readonly staged: () => Promise<readonly StagedRow[]>;
  /** Predictions of the model that scored the batch, loaded anew from its folder. */
  readonly predict: (rows: BatchSource) => Promise<Float64Array>;
  /** A result that an earlier step left, by its name in the plan. */
  readonly result: (name: string) => unknown;
  readonly close: () => Promise<void>;
}

/** Opens the outputs of the run whose context the environment names. */
export async function outputs(): Promise<Outputs> {
  const run = readJsonFile(process.env['NIGHTSHIFT_CONTEXT'] ?? '') as RunContext;
  const step = new StepContext(run, { log: () => undefined, progress: () => undefined });
  const warehouse = await step.warehouse();
  const { modelRun, relation } = step.readResult('scoring') as ScoringResult;
  const model = await loadModel(join(run.places.models, modelRun));
  return {
    run,
    fresh: () => streamOf(step, warehouse, { relation, columns: featureStorage(model.contract) }),
    staged: () => stagedRows(step),
    predict: async (rows) => {
      const pieces: Float64Array[] = [];
      for await (const batch of rows()) pieces.push(await model.predict(batch));
      return concatenate(pieces);
    },
    result: (name) => step.readResult(name),
    close: async () => {
      model.dispose();
      await step.release();
    },
  };
}

/** Staged rows know no time, so they are put in the order of the fresh rows by their key. */
async function stagedRows(step: StepContext): Promise<readonly StagedRow[]> {
  const warehouse = await step.warehouse();
  const { identifier } = warehouse.dialect;
  const keys = (step.config.key ?? [...(step.config.entity ?? []), ...(step.config.time === undefined ? [] : [step.config.time])]).map(identifier);
  const order = [...(step.config.time === undefined ? [] : [`f.${identifier(`${step.config.time}_day`)}`]), ...keys.map((key) => `f.${key}`)].join(', ');
  const rows = await warehouse.rows(`SELECT s.score, s.class, s.rank FROM ${identifier('staged')} AS s JOIN ${identifier('fresh')} AS f ON ${keys.map((key) => `s.${key} = f.${key}`).join(' AND ')} ORDER BY ${order}`);
  return rows.map((row) => ({ score: Number(row['score']), class: Number(row['class']), rank: Number(row['rank']) }));
}
