import { NightshiftError } from '../../shared/errors.ts';
import { type LoggedRun, historyAnswer, nothing, runAnswer, runsAnswer } from './answers.ts';
import { type Entry, type Loggable, type MetricPoint, batches } from './batches.ts';
import { EXPORTED_TAG, RUN_TAG } from './run-tags.ts';
import type { RunExport } from './run-export.ts';
import type { Server } from './server.ts';

const HISTORY_PAGE = '25000';

/** The MLflow run of a Nightshift run, by its tag; of several, the one begun first. */
export async function findRun(server: Server, experiment: string, runId: string): Promise<LoggedRun | undefined> {
  const { runs } = await server.post('runs/search', { experiment_ids: [experiment], filter: `tags.\`${RUN_TAG}\` = '${runId}'`, order_by: ['attributes.start_time ASC'], max_results: 1 }, runsAnswer);
  return runs[0];
}

/** Makes the MLflow run, unless one that seemed to fail did make it. */
export function makeRun(server: Server, experiment: string, run: RunExport): Promise<LoggedRun> {
  return server.patiently(async () => {
    const found = await findRun(server, experiment, run.runId);
    if (found !== undefined) return found;
    const tags = [{ key: RUN_TAG, value: run.runId }];
    return (await server.post('runs/create', { experiment_id: experiment, run_name: run.runId, start_time: run.startTime, tags }, runAnswer)).run;
  });
}

/** Logs what of a run is not there yet. Throws `mlflow-parameters-differ`, having written nothing, where a parameter stands there with another value. */
export function logMissing(server: Server, id: string, run: RunExport): Promise<void> {
  return server.patiently(async () => {
    const { run: logged } = await server.get('runs/get', { run_id: id }, runAnswer);
    const missing = { params: missingParameters(logged, run), tags: missingTags(logged, run.tags), metrics: await missingMetrics(server, logged, run.metrics) };
    for (const batch of batches(missing)) await server.post('runs/log-batch', { run_id: id, ...batch }, nothing);
  });
}

/** Settles status and end, and then says by a tag that the run is there whole. */
export async function completeRun(server: Server, id: string, run: RunExport): Promise<void> {
  const end = run.endTime === null ? {} : { end_time: run.endTime };
  await server.patiently(() => server.post('runs/update', { run_id: id, status: run.status, ...end }, nothing));
  await server.patiently(() => server.post('runs/set-tag', { run_id: id, key: EXPORTED_TAG, value: run.hash }, nothing));
}

export function isComplete(logged: LoggedRun, run: RunExport): boolean {
  return logged.data.tags.some(({ key, value }) => key === EXPORTED_TAG && value === run.hash);
}

function missingParameters({ data, info }: LoggedRun, run: RunExport): readonly Entry[] {
  const there = new Map(data.params.map(({ key, value }) => [key, value]));
  const differing = run.params.filter(({ key, value }) => there.has(key) && !isSame(there.get(key)!, value));
  if (differing.length > 0) throw parametersDiffer(info.run_id, run.runId, differing.map(({ key, value }) => `${key}: ${shown(there.get(key)!)} there, ${shown(value)} here`));
  return run.params.filter(({ key }) => !there.has(key));
}

/** An older server may have cut a value shorter than we do; none cuts below 250 characters. */
function isSame(there: string, here: string): boolean {
  return there === here || (there.length >= 250 && here.startsWith(there));
}

function missingTags({ data }: LoggedRun, tags: Loggable['tags']): readonly Entry[] {
  const there = new Map(data.tags.map(({ key, value }) => [key, value]));
  return tags.filter(({ key, value }) => there.get(key) !== value);
}

/**
 * Points whose key, step and value are not there. Of a key with one point the run itself says which was last; of a training
 * curve the history says what is there.
 */
async function missingMetrics(server: Server, { data, info }: LoggedRun, wanted: readonly MetricPoint[]): Promise<readonly MetricPoint[]> {
  const last = new Map(data.metrics.map((metric) => [metric.key, metric]));
  const curves = [...new Set(wanted.filter(({ key, step }) => step > 0 && last.has(key)).map(({ key }) => key))];
  const there = new Set<string>();
  for (const key of curves) for (const point of await historyOf(server, info.run_id, key)) there.add(nameOf(key, point));
  return wanted.filter((point) => {
    const seen = last.get(point.key);
    return point.step > 0 ? !there.has(nameOf(point.key, point)) : seen === undefined || nameOf(point.key, seen) !== nameOf(point.key, point);
  });
}

async function historyOf(server: Server, id: string, key: string): Promise<readonly Pick<MetricPoint, 'step' | 'value'>[]> {
  const points: Pick<MetricPoint, 'step' | 'value'>[] = [];
  for (let token: string | undefined = ''; token !== undefined; ) {
    const page: { metrics: readonly Pick<MetricPoint, 'step' | 'value'>[]; next_page_token?: string | undefined } = await server.get('metrics/get-history', { run_id: id, metric_key: key, max_results: HISTORY_PAGE, ...(token === '' ? {} : { page_token: token }) }, historyAnswer);
    points.push(...page.metrics);
    // A page without anything on it is the last, whatever its token says.
    token = page.metrics.length === 0 || page.next_page_token === '' ? undefined : page.next_page_token;
  }
  return points;
}

function nameOf(key: string, { step, value }: Pick<MetricPoint, 'step' | 'value'>): string {
  return `${step} ${value} ${key}`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function parametersDiffer(id: string, runId: string, found: readonly string[]): NightshiftError {
  const shownOnes = found.slice(0, 5).join('; ');
  return new NightshiftError({
    code: 'mlflow-parameters-differ',
    what: 'Parameters on the tracking server have other values than the record; there they never change',
    where: `run ${runId}, MLflow run ${id}`,
    found: found.length > 5 ? `${shownOnes}, and ${found.length - 5} more` : shownOnes,
    expected: 'the values that the run was made with',
    fix: 'find out who wrote them; then delete that run in MLflow and export again, or name another experiment with --experiment',
  });
}
