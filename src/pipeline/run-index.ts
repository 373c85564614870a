import { existsSync, statSync } from 'node:fs';
import { metricNamed, primaryMetric } from '../evaluation/metrics.ts';
import type { Outcome } from '../registry/outcomes.ts';
import type { RunLine } from '../registry/records.ts';
import type { Registry } from '../registry/registry.ts';
import type { IndexRun, RunIndex } from '../report/page/run-report.ts';
import type { Config } from '../shared/config/schema.ts';
import { writeFileWhole } from '../shared/files.ts';
import { withRunning } from './comparison/running.ts';
import type { Places } from './places.ts';
import { hrefOf, indexOf, pageOf, projectWords, writeRunReport } from './run-report.ts';

/** So many runs, the latest, are in the index: a page of more is slow to open. */
const SHOWN = 400;
/** So many pages that are missing, as those of killed runs are, or older than what came true, are written with the index. */
const WRITTEN = 25;

export interface IndexRequest {
  readonly places: Places;
  readonly registry: Registry;
  readonly config: Config;
  /** Where the index is to be; among the logs unless said. */
  readonly output?: string | undefined;
}

/** Writes the index over all runs, and the pages that the latest of them lack; returns the index's file. */
export async function writeRunIndex({ places, registry, config, output = indexOf(places) }: IndexRequest): Promise<string> {
  const { indexPage } = await import('../report/page/index-page.ts');
  const lines = await withRunning(places, registry.runs.list());
  // A run that is at work writes its own at its end.
  const measured = registry.outcomes.recordedAt();
  const lacking = lines.filter(({ runId, status }) => status !== 'running' && isBehind(pageOf(places, runId), measured.get(runId)));
  for (const { runId } of lacking.slice(0, WRITTEN)) await writeRunReport(places, registry, runId);
  writeFileWhole(output, indexPage(runIndex(lines, { places, registry, config, output })));
  return output;
}

/** Whether a page is missing, or older than how its model's scores came true. */
function isBehind(page: string, measured: string | undefined): boolean {
  return !existsSync(page) || (measured !== undefined && statSync(page).mtimeMs < Date.parse(measured));
}

function realOf(outcome: Outcome | undefined, metric: string): IndexRun['real'] {
  const found = outcome?.metrics.find((one) => one.metric === metric);
  return outcome === undefined || found === undefined ? null : { value: found.value, low: found.low, high: found.high, rows: outcome.rows, labelled: outcome.labelled };
}

function runIndex(lines: readonly RunLine[], { places, registry, config, output }: IndexRequest & { readonly output: string }): RunIndex {
  const metric = metricNamed(config.task, config.metrics.primary ?? primaryMetric(config.task), 'metrics.primary');
  const champions = new Set(registry.champions.events().map(({ modelRun }) => modelRun));
  const outcomes = registry.outcomes.ofRuns();
  const runs = lines.slice(0, SHOWN).map((line): IndexRun => {
    const { metrics, steps } = registry.runs.detail(line.runId)!;
    const own = metrics.find((one) => one.model === 'candidate' && one.batch === 'test' && one.slice === 'all' && one.metric === metric.name);
    const page = pageOf(places, line.runId);
    return { ...line, value: own?.value ?? null, low: own?.low ?? null, high: own?.high ?? null, real: realOf(outcomes.get(line.runId), metric.name), steps: steps.map(({ step, seconds }) => ({ step, seconds })), wasChampion: champions.has(line.runId), page: existsSync(page) ? hrefOf(output, page) : null };
  });
  return { project: projectWords(config), metric, champion: registry.champions.latest()?.modelRun ?? null, runs, total: lines.length };
}
