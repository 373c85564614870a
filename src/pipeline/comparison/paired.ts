import { bootstrapDifference } from '../../evaluation/bootstrap.ts';
import { metricInfo, metricsOf } from '../../evaluation/metrics.ts';
import { only } from '../../evaluation/slices.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import type { NotComparable, Paired, PairedMetric } from '../../report/comparison.ts';
import { keyColumns } from '../columns.ts';
import type { Places } from '../places.ts';
import { type KeptRun, type KeptTest, readKeptTest } from './kept-test.ts';

export interface PairRequest {
  readonly first: KeptRun;
  readonly second: KeptRun;
  /** Metrics whose change gets an interval. */
  readonly intervals: readonly string[];
  /** Metrics that are shown. */
  readonly shown: readonly string[];
}

/** Labels that a later night knows better may differ on so many of the shared rows; on more of them it is another label. */
const CORRECTED_AT_MOST = 0.01;
/** Rows that all resamples of one metric may draw; beyond 300,000 rows and a few hundred resamples nobody would wait. */
const DRAWS = 1e8;
const LEAST_RESAMPLES = 200;

/** Two runs on the rows that both kept test batches have, from what each predicted then; or why that cannot be. */
export async function comparePair(places: Places, request: PairRequest): Promise<Paired | NotComparable> {
  const { first, second } = request;
  const [keysOfFirst, keysOfSecond] = [first, second].map(({ config }) => keyColumns(config).join(', '));
  if (keysOfFirst !== keysOfSecond) return { why: `their rows are named by other columns: ${keysOfFirst} and ${keysOfSecond}` };
  const [a, b] = [await readKeptTest(places, first), await readKeptTest(places, second)];
  const gone = [a === undefined ? first.runId : '', b === undefined ? second.runId : ''].filter((name) => name !== '');
  if (a === undefined || b === undefined) return { why: `no test batch is kept, or no longer, of ${gone.join(' and ')}` };
  if ((a.data.classes ?? []).join('\u0000') !== (b.data.classes ?? []).join('\u0000')) return { why: `they know other classes: ${a.data.classes?.join(', ')} and ${b.data.classes?.join(', ')}` };
  return onSharedRows({ a, b }, request);
}

interface Pair {
  readonly a: KeptTest;
  readonly b: KeptTest;
}

function onSharedRows({ a, b }: Pair, request: PairRequest): Paired | NotComparable {
  const shared = sharedRows(a.keys, b.keys);
  if (shared.a.length === 0) return { why: `their test batches, of ${a.keys.length} and ${b.keys.length} rows, share no row` };
  const isSame = shared.a.map((row, i) => (a.data.labels[row] === b.data.labels[shared.b[i]!] ? 1 : 0));
  const kept = { a: shared.a.filter((_, i) => isSame[i] === 1), b: shared.b.filter((_, i) => isSame[i] === 1) };
  const corrected = shared.a.length - kept.a.length;
  if (corrected > CORRECTED_AT_MOST * shared.a.length) return { why: `they learn another label: it differs on ${corrected} of ${shared.a.length} shared rows` };
  const [dataA, dataB] = [only(a.data, kept.a), only(b.data, kept.b)];
  const notes = [...(corrected === 0 ? [] : [`${corrected} shared rows are left out: their labels were corrected between the two runs.`]), ...undecided({ a, b }, request)];
  const { resamples, level } = request.second.config.metrics;
  const affordable = Math.max(LEAST_RESAMPLES, Math.min(resamples, Math.floor(DRAWS / kept.a.length)));
  const metrics = pairedMetrics({ a: dataA, b: dataB }, request, { resamples: affordable, level });
  return { rows: kept.a.length, onlyFirst: a.keys.length - shared.a.length, onlySecond: b.keys.length - shared.b.length, notes, resamples: affordable, level, metrics };
}

/** Row numbers of the keys that both have, in the order of the first. */
function sharedRows(a: readonly string[], b: readonly string[]): { readonly a: Uint32Array; readonly b: Uint32Array } {
  const places = new Map(b.map((key, row) => [key, row]));
  const rows = { a: [] as number[], b: [] as number[] };
  a.forEach((key, row) => {
    const other = places.get(key);
    if (other === undefined) return;
    rows.a.push(row);
    rows.b.push(other);
  });
  return { a: Uint32Array.from(rows.a), b: Uint32Array.from(rows.b) };
}

/** Without its model's folder nobody knows how a run's scores became classes. */
function undecided({ a, b }: Pair, { first, second }: PairRequest): readonly string[] {
  if (first.config.task !== 'binary') return [];
  const without = [a.data.decided === undefined ? first.runId : '', b.data.decided === undefined ? second.runId : ''].filter((name) => name !== '');
  return without.length === 0 ? [] : [`Without the model folder of ${without.join(' and ')} nothing is known at its decision.`];
}

function pairedMetrics({ a, b }: { a: EvaluationData; b: EvaluationData }, { second, intervals, shown }: PairRequest, { resamples, level }: { resamples: number; level: number }): readonly PairedMetric[] {
  const { task, seed } = second.config;
  const [valuesA, valuesB] = [metricsOf(task, a), metricsOf(task, b)];
  return metricInfo(task).filter(({ name }) => shown.includes(name)).flatMap((info): readonly PairedMetric[] => {
    const values = { first: valuesA.get(info.name) ?? null, second: valuesB.get(info.name) ?? null };
    if (values.first === null && values.second === null) return [];
    const known = values.first === null || values.second === null ? null : values.second - values.first;
    // How many rows and positives there are is the same for both.
    if (info.direction === 'none' && known === 0) return [];
    const interval = intervals.includes(info.name) && known !== null ? bootstrapDifference(b, a, { task, metric: info.name, seed, resamples, level }) : undefined;
    return [{ ...info, ...values, difference: known, low: interval?.low ?? null, high: interval?.high ?? null }];
  });
}
