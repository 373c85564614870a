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
const TASKS: readonly Task[] = ['binary', 'multiclass', 'regression'];
const SHOWN_CHARACTERS = 60;
const KEYS = ['as-of', 'started', 'seconds', 'status'];

/** Runs as they were asked for: the latest as-of date first unless sorted otherwise. Throws `usage` for a metric that no task has. */
export async function listRuns({ registry, places }: ProjectRecord, request: ListingRequest): Promise<Listing> {
  checkNames(request);
  const filter = { from: request.from, to: request.to, modes: request.all ? undefined : ['night'] };
  // Whatever is sorted or sought by status must be read whole; otherwise the record gives the first ones at once.
  const isWhole = request.status !== undefined || request.sort !== 'as-of';
  const lines = await withRunning(places, registry.runs.list({ ...filter, limit: isWhole ? undefined : request.last }));
  const wanted = lines.filter(({ status }) => request.status === undefined || status === request.status);
  const total = isWhole ? wanted.length : registry.runs.count(filter);
  return { ...described(registry, sorted(registry, wanted, request.sort).slice(0, request.last), request), total };
}

/** The metrics of all tasks; a name means the same in each. */
const METRICS: ReadonlyMap<string, Direction> = new Map(TASKS.flatMap((task) => metricInfo(task).map(({ name, direction }) => [name, direction])));

function checkNames({ metrics, sort }: ListingRequest): void {
  const unknown = metrics.find((name) => !METRICS.has(name)) ?? (KEYS.includes(sort) || METRICS.has(sort) ? undefined : sort);
  if (unknown === undefined) return;
  const names = [...METRICS.keys(), ...(unknown === sort ? KEYS : [])];
  const closest = nearest(unknown.slice(0, SHOWN_CHARACTERS), names);
  throw new NightshiftError({ code: 'usage', what: 'There is no metric or key of this name', found: JSON.stringify(unknown.slice(0, SHOWN_CHARACTERS)), expected: `one of ${names.join(', ')}`, fix: closest === undefined ? undefined : `did you mean ${closest}?`, exitCode: ExitCode.usage });
}

/** The latest, the longest, the best first; what has no value comes last. */
function sorted(registry: Registry, lines: readonly RunLine[], key: string): readonly RunLine[] {
  if (key === 'as-of') return lines;
  if (key === 'status') return lines.toSorted((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
  if (key === 'started') return lines.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  const found = key === 'seconds' ? new Map(lines.map((line) => [line.runId, secondsOf(line)])) : new Map(registry.runs.many.measured(lines.map(({ runId }) => runId), [key]).map(({ runId, value }) => [runId, value]));
  const isKnown = (line: RunLine): boolean => typeof found.get(line.runId) === 'number';
  const sign = METRICS.get(key) === 'lower' ? 1 : -1;
  return [...lines.filter(isKnown).toSorted((a, b) => sign * (found.get(a.runId)! - found.get(b.runId)!)), ...lines.filter((line) => !isKnown(line))];
}

/** The runs that are shown, with the metrics of the columns: the primary one of these runs, those asked for, and the one sorted by. */
function described(registry: Registry, lines: readonly RunLine[], { metrics, sort }: ListingRequest): Omit<Listing, 'total'> {
  const runIds = lines.map(({ runId }) => runId);
  const purposes = registry.runs.many.purposes(runIds);
  const primaries = [...purposes.values()].map(({ task, primary }) => primary ?? (isTask(task) ? primaryMetric(task) : ''));
  const columns = [...new Set([...primaries, ...metrics, sort])].filter((name) => METRICS.has(name));
  const values = new Map<string, Record<string, number | null>>();
  for (const { runId, metric, value } of registry.runs.many.measured(runIds, columns)) values.set(runId, { ...values.get(runId), [metric]: value });
  const champion = registry.champions.latest()?.modelRun;
  const runs = lines.map((line) => {
    const { task = null, family = null } = purposes.get(line.runId) ?? {};
    return { ...line, isChampion: line.runId === champion, seconds: secondsOf(line), task, family, metrics: values.get(line.runId) ?? {} };
  });
  return { metrics: columns, runs };
}

function isTask(task: string): task is Task {
  return TASKS.some((one) => one === task);
}
