import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { metricsOf } from '../evaluation/metrics.ts';
import { labelsOf } from '../model/labels.ts';
import { concatenate } from '../dataset/floats.ts';
import { NightshiftError } from '../shared/errors.ts';
import { writeFileWhole } from '../shared/files.ts';
import { readColumns } from './column-folder.ts';
import { decisions } from './decisions.ts';
import type { Figures, FitRequest } from './fit-request.ts';
import { lastWords, runProgram } from './program.ts';

export const PEER = 'LightGBM';
/** Its default number of trees. */
export const PEER_TREES = 100;

export type PeerRequest = Pick<FitRequest, 'contract' | 'train' | 'test' | 'trainRows' | 'seed' | 'predict'>;

/** Trains LightGBM on the same rows with its defaults, on as many threads as there are cores, and measures its predictions as ours are measured. */
export async function fitPeer(python: string, request: PeerRequest): Promise<Figures> {
  const predictions = join(request.test, 'peer-predictions.bin');
  const script = join(process.env['NIGHTSHIFT_ROOT'] ?? '', 'src/bench/peer.py');
  const file = join(dirname(request.train), 'request.json');
  writeFileWhole(file, JSON.stringify({ ...request, predictions, threads: availableParallelism(), trees: PEER_TREES }));
  const ended = await runProgram(python, [script, file]);
  if (ended.code !== 0) throw new NightshiftError({ code: 'bench-peer-failed', what: `${PEER} did not do its work`, where: script, found: lastWords(ended) });
  const figures = JSON.parse(ended.out) as Omit<Figures, 'metrics'>;
  return { ...figures, metrics: await measure(request, predictions) };
}

async function measure({ contract, test }: PeerRequest, file: string): Promise<Figures['metrics']> {
  const bytes = readFileSync(file);
  const predictions = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const labels: Float64Array[] = [];
  for await (const batch of readColumns(test)()) labels.push(labelsOf(contract, batch));
  return Object.fromEntries(metricsOf(contract.task, { labels: concatenate(labels), predictions, classes: contract.classes, decided: decisions(contract.task, predictions) }));
}
