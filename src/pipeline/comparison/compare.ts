import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { metricInfo, metricNamed, primaryMetric } from '../../evaluation/metrics.ts';
import type { RunLine } from '../../registry/records.ts';
import type { Registry } from '../../registry/registry.ts';
import type { ComparedMetric, ComparedRun, Comparison, NotComparable, Paired } from '../../report/comparison.ts';
import type { Config } from '../../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import type { Places } from '../places.ts';
import type { Record as ProjectRecord } from '../record.ts';
import { type Recorded, differencesOf } from './differences.ts';
import { comparePair } from './paired.ts';
import { secondsOf, withRunning } from './running.ts';

export interface CompareRequest {
  readonly runIds: readonly string[];
  /** The metrics to show; unless said all of them, or for more than a few runs the primary one. */
  readonly metrics: readonly string[];
}

/** From so many runs on, a table shows what it is asked for alone. */
const MANY = 5;

const STOPPED: readonly string[] = ['killed', 'interrupted', 'running'];

type ReadRun = RunLine & Recorded & {
  readonly config: Config;
  /** The step that a killed attempt had begun. */
  readonly unfinishedStep: string | null;
};

/** Runs beside each other, and what differs between them. Throws `runs-incomparable` (exit code 2) for other tasks or targets. */
export async function compareRuns({ registry, places }: ProjectRecord, { runIds, metrics }: CompareRequest): Promise<Comparison> {
  const runs = await readRuns(registry, places, runIds);
  const { config } = sameTask(runs);
  const { task } = config;
  for (const name of metrics) metricNamed(task, name, '--metric');
  const primary = config.metrics.primary ?? primaryMetric(task);
  const all = metricInfo(task).map(({ name }) => name);
  const shown = metrics.length > 0 ? metrics : runs.length < MANY ? all : [primary];
  const compared = comparedMetrics(registry, runs, shown);
  const champion = registry.champions.latest()?.modelRun;
  return {
    task,
    target: config.label.column,
    runs: runs.map((run) => comparedRun(run, { places, champion, hasMetrics: compared.measured.has(run.runId) })),
    metrics: compared.metrics,
    outcomes: runs.map(({ runId }) => registry.outcomes.ofModel(runId) ?? null),
    paired: await paired(places, runs, { intervals: metrics.length > 0 ? metrics : [primary], shown }),
    differences: differencesOf(runs),
  };
}

async function readRuns(registry: Registry, places: Places, runIds: readonly string[]): Promise<readonly ReadRun[]> {
  const lines = await withRunning(places, registry.runs.lines(runIds));
  const [inputs, environments, batches] = [registry.runs.many.inputs(runIds), registry.runs.many.environments(runIds), registry.runs.many.batches(runIds)];
  return lines.map((line) => {
    const named = inputs.get(line.runId) ?? {};
    return { ...line, inputs: named, environment: environments.get(line.runId), batches: batches.get(line.runId) ?? [], config: configOf(line.runId, named), unfinishedStep: line.endedAt === null ? registry.runs.unfinishedStep(line) : null };
  });
}

/** The configuration that names a run; a record without one was not written by a night. */
export function configOf(runId: string, inputs: Readonly<Record<string, unknown>>): Config {
  const config = inputs['config'] as Config | undefined;
  if (config?.task === undefined || config.label?.column === undefined) throw incomparable({ what: 'The record of this run has no configuration', found: runId, fix: 'compare runs that a night has recorded' });
  return config;
}

/** The first run, whose task and target the others must share. */
function sameTask(runs: readonly ReadRun[]): ReadRun {
  const [first] = runs;
  if (first === undefined) throw incomparable({ what: 'There is no run to compare', found: 'none' });
  const about = ({ config: { task, label } }: ReadRun): string => `${task} of ${label.column}`;
  const other = runs.find((run) => about(run) !== about(first));
  if (other === undefined) return first;
  throw incomparable({ what: 'These runs learn different things', found: `${first.runId}: ${about(first)}; ${other.runId}: ${about(other)}`, expected: 'runs of one task and one target', fix: 'run.sh runs lists runs; compare those of one target' });
}

export function incomparable(details: { what: string; found: string; expected?: string; fix?: string }): NightshiftError {
  return new NightshiftError({ code: 'runs-incomparable', ...details, exitCode: ExitCode.usage });
}

function comparedMetrics(registry: Registry, runs: readonly ReadRun[], shown: readonly string[]): { metrics: readonly ComparedMetric[]; measured: ReadonlySet<string> } {
  const [{ config }] = runs as readonly [ReadRun];
  const found = registry.runs.many.measured(runs.map(({ runId }) => runId));
  const figures = new Map(found.map(({ runId, metric, value, low, high }) => [`${runId} ${metric}`, { value, low: low ?? null, high: high ?? null }]));
  const metrics = metricInfo(config.task).filter(({ name }) => shown.includes(name)).map((info) => ({ ...info, figures: runs.map(({ runId }) => figures.get(`${runId} ${info.name}`) ?? null) }));
  return { metrics: metrics.filter((metric) => metric.figures.some((figure) => figure !== null && figure.value !== null)), measured: new Set(found.map(({ runId }) => runId)) };
}

function comparedRun(run: ReadRun, { places, champion, hasMetrics }: { places: Places; champion: string | undefined; hasMetrics: boolean }): ComparedRun {
  const { runId, asOf, mode, status, published, config } = run;
  const missing = [
    ...(STOPPED.includes(status) ? [`${status === 'running' ? 'it is still running' : `it was ${status}`}${run.unfinishedStep === null ? '' : `, in ${run.unfinishedStep}`}`] : []),
    ...(hasMetrics ? [] : ['it has no metrics']),
    ...(existsSync(join(places.models, runId)) ? [] : ['its model folder is gone, or was never made']),
    ...(run.environment === undefined ? ['its environment was not recorded'] : []),
  ];
  return { runId, asOf, mode, status, published, family: config.model.family, champion: runId === champion, seconds: secondsOf(run), missing };
}

async function paired(places: Places, runs: readonly ReadRun[], { intervals, shown }: { intervals: readonly string[]; shown: readonly string[] }): Promise<Paired | NotComparable | null> {
  const [first, second] = runs;
  if (runs.length !== 2 || first === undefined || second === undefined) return null;
  return comparePair(places, { first, second, intervals, shown });
}
