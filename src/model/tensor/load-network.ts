import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readDescription } from '../description.ts';
import type { TrainingSummary } from '../family.ts';
import { Encoder, type Encoding } from './encoder.ts';
import { headOf, type Head, type LabelScale } from './head.ts';
import type { Learner } from './learner.ts';

export interface SavedNetwork<Shape> {
  readonly summary: TrainingSummary;
  readonly encoder: Encoder;
  readonly head: Head;
  readonly shape: Shape;
}

/** Reads back what `TensorModel.save` wrote; the manifest has vouched for the files, so they are taken at their word. */
export function readNetwork<Shape>(folder: string): SavedNetwork<Shape> {
  const { contract, summary } = readDescription(folder);
  const encoding = readJson(folder, 'encoder.json') as Encoding;
  const { scale, shape } = readJson(folder, 'network.json') as { scale: LabelScale; shape: Shape };
  return { summary, encoder: new Encoder(contract, encoding), head: headOf(contract, scale), shape };
}

/** Fills a learner of the same shape with the saved parameters. */
export function readWeights(folder: string, learner: Learner): void {
  const bytes = readFileSync(path.join(folder, 'weights.bin'));
  learner.parameters.values.set(new Float32Array(new Uint8Array(bytes).buffer));
}

function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}
