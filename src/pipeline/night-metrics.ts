import { metricInfo } from '../evaluation/metrics.ts';
import { Registry } from '../registry/registry.ts';
import { type ConfigChoices, loadConfig } from '../shared/config/load.ts';
import type { NightReport } from './night.ts';
import { placesOf } from './places.ts';

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

/** The metrics of a run on its test batch beside those of the run before it, the linear family and the naive baseline. */
export async function nightMetrics(project: string, choices: ConfigChoices, report: NightReport): Promise<NightMetrics | undefined> {
  if (report.runId === null || report.asOf === null) return undefined;
  const config = loadConfig(project, choices);
  const registry = Registry.open(placesOf(project, config).registry);
  try {
    const lastRunId = registry.lastEvaluatedBefore(report.asOf);
    const of = (run: string, model: string) => registry.metricsOf(run, { batch: 'test', model });
    const tonight = of(report.runId, 'candidate');
    if (tonight.size === 0) return undefined;
    const [last, linear, baseline] = [lastRunId === null ? undefined : of(lastRunId, 'candidate'), of(report.runId, 'linear'), of(report.runId, 'baseline')];
    const rows = metricInfo(config.task).map(({ name, title }) => ({ metric: name, title, tonight: tonight.get(name) ?? null, lastRun: last?.get(name) ?? null, linear: linear.get(name) ?? null, baseline: baseline.get(name) ?? null }));
    return { lastRunId, rows };
  } finally {
    registry.close();
  }
}
