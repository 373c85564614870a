import type { Task } from '../dataset/contract.ts';
import { metricInfo } from '../evaluation/metrics.ts';
import type { Registry } from '../registry/registry.ts';

export interface MetricRow {
  readonly metric: string;
  readonly title: string;
  readonly tonight: number | null;
  /** The champion, measured again on tonight's rows. */
  readonly champion: number | null;
  readonly linear: number | null;
  readonly baseline: number | null;
}

export interface NightMetrics {
  readonly rows: readonly MetricRow[];
}

/** The metrics of a run on its test batch beside those of the champion, the linear family and the naive baseline; null where it has none. */
export function nightMetrics(registry: Registry, { task, runId }: { task: Task; runId: string }): NightMetrics | null {
  const [tonight, champion, linear, baseline] = ['candidate', 'champion', 'linear', 'baseline'].map((model) => registry.metricsOf(runId, { batch: 'test', model }));
  if (tonight === undefined || tonight.size === 0) return null;
  const rows = metricInfo(task).map(({ name, title }) => ({ metric: name, title, tonight: tonight.get(name) ?? null, champion: champion?.get(name) ?? null, linear: linear?.get(name) ?? null, baseline: baseline?.get(name) ?? null }));
  return { rows };
}
