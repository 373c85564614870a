import type { BatchSource, ColumnBatch } from '../dataset/batch.ts';
import { metricsOf } from '../evaluation/metrics.ts';
import type { FitProgress, FittedModel } from '../model/family.ts';
import { familyOf } from '../model/families.ts';
import { labelsOf } from '../model/labels.ts';
import { concatenate } from '../pipeline/job/predict.ts';
import { describeColumns, readColumns } from './column-folder.ts';
import { decisions } from './decisions.ts';
import type { Figures, FitRequest } from './fit-request.ts';
import { holdOut } from './hold-out.ts';
import { peakMb } from './peak.ts';

/** Test rows are predicted again and again until this much time has passed, so that small tables give a rate, too. */
const PREDICTION_SECONDS = 0.5;

/** Trains, predicts the test rows and measures both; to be called in a process that does nothing else. */
export async function fitAlone(request: FitRequest, progress: (text: string) => void): Promise<Figures> {
  const { contract, test, trainRows: limit } = request;
  const rows = Math.min(describeColumns(request.train).rows, limit ?? Number.POSITIVE_INFINITY);
  const { model, ...training } = await train(request, rows, progress);
  progress('predicting');
  const batches = await collect(readColumns(test));
  const { predictions, rowsPerSecond } = await predict(model, batches);
  const labels = concatenate(batches.map((batch) => labelsOf(contract, batch)));
  const metrics = metricsOf(contract.task, { labels, predictions, classes: contract.classes, decided: decisions(contract.task, predictions) });
  const { curve: _, ...summary } = model.summary;
  model.dispose();
  return { metrics: Object.fromEntries(metrics), trainRows: rows, ...training, predictRowsPerSecond: rowsPerSecond, peakMb: peakMb(), summary };
}

interface Trained {
  readonly model: FittedModel;
  readonly trainSeconds: number;
  readonly trainCpuSeconds: number;
}

async function train(request: FitRequest, rows: number, progress: (text: string) => void): Promise<Trained> {
  const { contract, family: name, options, backend, seed, budget, rounds, validationShare } = request;
  const family = await familyOf(name);
  const parts = holdOut(readColumns(request.train, { rows }), { rows, share: validationShare, seed });
  const before = process.cpuUsage();
  const start = performance.now();
  const model = await family.fit({ contract, ...parts, options: family.parseOptions(options), backend, ordered: false, seed, budget, rounds, progress: (at) => progress(shown(at)) });
  const trainSeconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { model, trainSeconds, trainCpuSeconds: (user + system) / 1e6 };
}

function shown({ part, unit, round, rounds, validationLoss }: FitProgress): string {
  return `${part === undefined ? '' : `${part}, `}${unit} ${round} of ${rounds}${Number.isFinite(validationLoss) ? `, held-out loss ${validationLoss.toFixed(4)}` : ''}`;
}

async function collect(source: BatchSource): Promise<readonly ColumnBatch[]> {
  const batches: ColumnBatch[] = [];
  for await (const batch of source()) batches.push(batch);
  return batches;
}

async function predict(model: FittedModel, batches: readonly ColumnBatch[]): Promise<{ predictions: Float64Array; rowsPerSecond: number }> {
  const start = performance.now();
  const pieces: Float64Array[] = [];
  let rows = 0;
  let passes = 0;
  while (passes === 0 || performance.now() - start < PREDICTION_SECONDS * 1000) {
    for (const batch of batches) {
      const piece = await model.predict(batch);
      if (passes === 0) pieces.push(piece);
      rows += batch.rows;
    }
    passes += 1;
  }
  return { predictions: concatenate(pieces), rowsPerSecond: rows / ((performance.now() - start) / 1000) };
}
