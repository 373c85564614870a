import type { Task } from '../../dataset/contract.ts';
import { metricInfo, primaryMetric } from '../../evaluation/metrics.ts';
import type { Direction } from '../../evaluation/task-metrics.ts';
import type { RunLine } from '../../registry/records.ts';
import type { Registry } from '../../registry/registry.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { nearest } from '../../shared/nearest.ts';
import type { Record as ProjectRecord } from '../record.ts';
import { secondsOf, withRunning } from './running.ts';

export interface ListingRequest {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly status?: string | undefined;
  /** Metrics beside the primary one. */
  readonly metrics: readonly string[];
  /** `as-of`, `started`, `seconds`, `status`, or a metric. */
  readonly sort: string;
  /** Tries and single steps, too. */
  readonly all: boolean;
  /** So many at most. */
  readonly last: number;
}

export interface ListedRun extends RunLine {
  readonly isChampion: boolean;
  readonly seconds: number | null;
  readonly task: string | null;
  readonly family: string | null;
  /** By metric, of its own model on the whole test batch; those that it has. */
  readonly metrics: Readonly<Record<string, number | null>>;
}

export interface Listing {
  /** The columns: the primary metric of the runs that there are, and those asked for. */
  readonly metrics: readonly string[];
  readonly runs: readonly ListedRun[];
  /** How many there were before `last` cut them. */
  readonly total: number;
}

export const STATUSES: readonly string[] = ['done', 'refused', 'checks_failed', 'late', 'failed', 'tried', 'interrupted', 'killed', 'running'];
const KEYS = ['as-of', 'started', 'seconds', 'status'];

/** Runs as they were asked for: the latest as-of date first unless sorted otherwise. */
export async function listRuns({ registry, places }: Pick<ProjectRecord, 'registry' | 'places'>, request: ListingRequest): Promise<Listing> {
  const lines = await withRunning(places, registry.runs.list({ from: request.from, to: request.to, modes: request.all ? undefined : ['night'] }));
  const wanted = lines.filter(({ status }) => request.status === undefined || status === request.status);
  const isMetric = !KEYS.includes(request.sort);
  const cut = isMetric || request.sort !== 'as-of' ? wanted : wanted.slice(0, request.last);
  const runs = described(registry, cut);
  const { metrics, directions } = metricsOf(runs, [...request.metrics, ...(isMetric ? [request.sort] : [])]);
  const measured = withMetrics(registry, runs, metrics);
  return { metrics, runs: sorted(measured, request.sort, directions).slice(0, request.last), total: wanted.length };
}

type Described = Omit<ListedRun, 'metrics'> & { readonly primary: string | null };

function described(registry: Registry, lines: readonly RunLine[]): readonly Described[] {
  const purposes = registry.runs.many.purposes(lines.map(({ runId }) => runId));
  const champion = registry.champions.latest()?.modelRun;
  return lines.map((line) => {
    const { task = null, family = null, primary = null } = purposes.get(line.runId) ?? {};
    return { ...line, isChampion: line.runId === champion, seconds: secondsOf(line), task, family, primary: primary ?? (isTask(task) ? primaryMetric(task) : null) };
  });
}

function isTask(task: string | null): task is Task {
  return task === 'binary' || task === 'multiclass' || task === 'regression';
}

/** The metrics to show, and which way each is better. A name that no task of these runs has is an error. */
function metricsOf(runs: readonly Described[], asked: readonly string[]): { metrics: readonly string[]; directions: ReadonlyMap<string, Direction> } {
  const tasks = [...new Set(runs.map(({ task }) => task))].filter(isTask);
  const known = (tasks.length === 0 ? (['binary', 'multiclass', 'regression'] as const) : tasks).flatMap((task) => metricInfo(task));
  const directions = new Map(known.map(({ name, direction }) => [name, direction]));
  const unknown = asked.find((name) => !directions.has(name));
  if (unknown !== undefined) throw unknownMetric(unknown, [...directions.keys()]);
  const primaries = runs.flatMap(({ primary }) => (primary === null || !directions.has(primary) ? [] : [primary]));
  return { metrics: [...new Set([...primaries, ...asked])], directions };
}

function unknownMetric(name: string, known: readonly string[]): NightshiftError {
  const closest = nearest(name, [...known, ...KEYS]);
  return new NightshiftError({ code: 'usage', what: 'There is no metric or key of this name', found: JSON.stringify(name.slice(0, 60)), expected: `one of ${[...known, ...KEYS].join(', ')}`, fix: closest === undefined ? undefined : `did you mean ${closest}?`, exitCode: ExitCode.usage });
}

function withMetrics(registry: Registry, runs: readonly Described[], metrics: readonly string[]): readonly ListedRun[] {
  const found = new Map<string, Record<string, number | null>>();
  for (const { runId, metric, value } of registry.runs.many.measured(runs.map(({ runId }) => runId), metrics)) found.set(runId, { ...found.get(runId), [metric]: value });
  return runs.map(({ primary: _primary, ...run }) => ({ ...run, metrics: found.get(run.runId) ?? {} }));
}

/** The latest, the longest, the best first; what has no value comes last. */
function sorted(runs: readonly ListedRun[], key: string, directions: ReadonlyMap<string, Direction>): readonly ListedRun[] {
  if (key === 'as-of') return runs;
  if (key === 'status') return runs.toSorted((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
  if (key === 'started') return runs.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  const sign = directions.get(key) === 'lower' ? 1 : -1;
  const value = (run: ListedRun): number => sign * ((key === 'seconds' ? run.seconds : run.metrics[key]) ?? -sign * Infinity);
  return runs.toSorted((a, b) => value(a) - value(b) || 0);
}
