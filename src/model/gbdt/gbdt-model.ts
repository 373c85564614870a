import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ColumnBatch } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { writeFileWhole } from '../../shared/files.ts';
import { readDescription, writeDescription } from '../description.ts';
import type { EncodedInput, FittedModel, TrainingSummary } from '../family.ts';
import { Binner } from './binner.ts';
import type { FeatureBins } from './feature-bins.ts';
import type { Forest } from './forest.ts';
import { forestBytes, forestFrom } from './forest-file.ts';
import { finish, type Start } from './outcome.ts';

export interface GbdtParts {
  readonly summary: TrainingSummary;
  readonly binner: Binner;
  readonly start: Start;
  readonly forest: Forest;
}

/** Trained trees with the bins that they read. Predicts in plain code on the thread that asks. */
export class GbdtModel implements FittedModel {
  readonly summary: TrainingSummary;
  readonly contract: Contract;
  private readonly parts: GbdtParts;

  constructor(parts: GbdtParts) {
    this.parts = parts;
    this.summary = parts.summary;
    this.contract = parts.binner.contract;
  }

  async predict(batch: ColumnBatch): Promise<Float64Array> {
    const { start } = this.parts;
    return finish(this.contract.task, start, this.scores(batch));
  }

  encoded(batch: ColumnBatch): readonly EncodedInput[] {
    const { binner } = this.parts;
    const { cells, rows } = binner.columns(batch);
    return binner.used.map((feature, place) => ({ feature: binner.features[feature]!.name, as: `bin of ${binner.counts[place]!}`, value: cells[place * rows]! }));
  }

  /** Scores before they are made predictions, row-major rows × outputs: to the last bit those that training came to. */
  scores(batch: ColumnBatch): Float64Array {
    const { binner, forest, start } = this.parts;
    const scores = new Float64Array(batch.rows * forest.outputs);
    for (let at = 0; at < scores.length; at++) scores[at] = start.base[at % forest.outputs]!;
    forest.addTo(scores, binner.columns(batch));
    return scores;
  }

  async save(folder: string): Promise<void> {
    const { summary, binner, start, forest } = this.parts;
    writeDescription(folder, { family: summary.family, contract: this.contract, summary });
    writeFileWhole(path.join(folder, 'bins.json'), `${JSON.stringify({ features: binner.features }, null, 1)}\n`);
    writeFileWhole(path.join(folder, 'forest.json'), `${JSON.stringify({ ...start, outputs: forest.outputs, starts: [...forest.starts] })}\n`);
    writeFileWhole(path.join(folder, 'trees.bin'), forestBytes(forest));
  }

  dispose(): void {
    this.parts.forest.release();
  }
}

/** Reads back what `GbdtModel.save` wrote; the manifest has vouched for the files, so they are taken at their word. */
export async function loadGbdt(folder: string): Promise<FittedModel> {
  const { contract, summary } = readDescription(folder);
  const { features } = readJson(folder, 'bins.json') as { features: readonly FeatureBins[] };
  const { outputs, starts, base, mean, deviation } = readJson(folder, 'forest.json') as Start & { outputs: number; starts: readonly number[] };
  const forest = forestFrom(readFileSync(path.join(folder, 'trees.bin')), { outputs, starts });
  return new GbdtModel({ summary, binner: new Binner(contract, features), start: { base, mean, deviation }, forest });
}

function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}
