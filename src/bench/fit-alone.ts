import type { BatchSource } from '../dataset/batch.ts';
import { metricsOf } from '../evaluation/metrics.ts';
import type { FitProgress, FittedModel } from '../model/family.ts';
import { familyOf } from '../model/families.ts';
import { predictRows } from '../model/predict-rows.ts';
import { describeColumns, readColumns } from './column-folder.ts';
import { decisions } from './decisions.ts';
import type { Figures, FitRequest } from './fit-request.ts';
import { holdOut } from './hold-out.ts';
import { peakMb } from '../shared/peak.ts';

/** Rows are predicted again and again until this much time has passed, so that small tables give a rate, too. */
const LEAST_SECONDS = 0.5;
/** After this much time the rate is known, though not all rows have been predicted. */
const MOST_SECONDS = 10;

/** Trains, predicts the test rows and measures both; to be called in a process that does nothing else. */
export async function fitAlone(request: FitRequest, progress: (text: string) => void): Promise<Figures> {
  const { contract } = request;
  const rows = Math.min(describeColumns(request.train).rows, request.trainRows ?? Number.POSITIVE_INFINITY);
  const { model, ...training } = await train(request, rows, progress);
  progress('predicting');
  const { labels, predictions } = await predictRows(model, readColumns(request.test));
  const predictRowsPerSecond = await predictionRate(model, request.predict === 'test' ? readColumns(request.test) : readColumns(request.train, { rows }));
  const peak = peakMb();
  const metrics = metricsOf(contract.task, { labels, predictions, classes: contract.classes, decided: decisions(contract.task, predictions) });
  const { curve: _, ...summary } = model.summary;
  model.dispose();
  return { metrics: Object.fromEntries(metrics), trainRows: rows, ...training, predictRowsPerSecond, peakMb: peak, summary };
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
  const model = await family.fit({ contract, ...parts, options: family.parseOptions(options), backend, independent: true, seed, budget, rounds, progress: (at) => progress(shown(at)) });
  const trainSeconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { model, trainSeconds, trainCpuSeconds: (user + system) / 1e6 };
}

function shown({ part, unit, round, rounds, validationLoss }: FitProgress): string {
  return `${part === undefined ? '' : `${part}, `}${unit} ${round} of ${rounds}${Number.isFinite(validationLoss) ? `, held-out loss ${validationLoss.toFixed(4)}` : ''}`;
}

/** Rows per second, without the reading of them. */
async function predictionRate(model: FittedModel, source: BatchSource): Promise<number> {
  let [rows, seconds] = [0, 0];
  while (seconds < LEAST_SECONDS) {
    for await (const batch of source()) {
      const start = performance.now();
      await model.predict(batch);
      seconds += (performance.now() - start) / 1000;
      rows += batch.rows;
      if (seconds >= MOST_SECONDS) break;
    }
  }
  return rows / seconds;
}
