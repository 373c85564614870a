import type { Task } from '../dataset/contract.ts';
import { metricInfo } from '../evaluation/metrics.ts';
import type { Registry } from '../registry/registry.ts';

export interface MetricRow {
  readonly metric: string;
  readonly title: string;
  readonly tonight: number | null;
  readonly lastRun: number | null;
  readonly linear: number | null;
  readonly baseline: number | null;
}

export interface NightMetrics {
  readonly lastRunId: string | null;
  readonly rows: readonly MetricRow[];
}

/** The metrics of a run on its test batch beside those of the run before it, the linear family and the naive baseline; null where it has none. */
export function nightMetrics(registry: Registry, { task, runId, asOf }: { task: Task; runId: string; asOf: string }): NightMetrics | null {
  const lastRunId = registry.lastEvaluatedBefore(asOf);
  const of = (run: string | null, model: string): ReadonlyMap<string, number | null> => (run === null ? new Map() : registry.metricsOf(run, { batch: 'test', model }));
  const [tonight, last, linear, baseline] = [of(runId, 'candidate'), of(lastRunId, 'candidate'), of(runId, 'linear'), of(runId, 'baseline')];
  if (tonight.size === 0) return null;
  const rows = metricInfo(task).map(({ name, title }) => ({ metric: name, title, tonight: tonight.get(name) ?? null, lastRun: last.get(name) ?? null, linear: linear.get(name) ?? null, baseline: baseline.get(name) ?? null }));
  return { lastRunId, rows };
}
