import { metricInfo } from '../evaluation/metrics.ts';
import type { NoiseRecord, RunDetail } from '../registry/records.ts';
import type { Config } from '../shared/config/schema.ts';
import type { Talk } from './context.ts';
import type { Project } from './prepare.ts';
import { relearn } from './relearn.ts';

export interface NoiseRequest {
  readonly project: Project;
  readonly run: RunDetail;
  /** How many seeds beside the run's own; at least 2. */
  readonly seeds: number;
  readonly talk: Talk;
}

/** Trains a run's model with other seeds on the same rows, and gives how far each metric of the test batch spreads. */
export async function measureNoise(request: NoiseRequest): Promise<readonly NoiseRecord[]> {
  const { project, run, seeds, talk } = request;
  const { seed, task } = run.inputs['config'] as Config;
  const found = new Map<string, number[]>();
  for (let i = 1; i <= seeds; i++) {
    const told = { ...talk, progress: (text: string): void => talk.progress(`seed ${i} of ${seeds}: ${text}`) };
    const metrics = await relearn({ project, run, score: false, seed: (seed + i) % 2 ** 32, talk: told }, async ({ registry }) => registry.metricsOf(run.runId, { batch: 'test', model: 'candidate' }));
    for (const { name, direction } of metricInfo(task)) {
      const value = metrics.get(name);
      if (direction !== 'none' && typeof value === 'number') found.set(name, [...(found.get(name) ?? []), value]);
    }
  }
  return [...found].filter(([, values]) => values.length > 1).map(([metric, values]) => ({ metric, seeds: values.length, deviation: deviationOf(values) }));
}

/** The sample's standard deviation, n − 1 beneath. */
function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
