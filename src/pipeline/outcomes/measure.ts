import { bootstrapInterval, bootstrapIntervals } from '../../evaluation/bootstrap.ts';
import { meanOfParts } from '../../evaluation/mean-of-parts.ts';
import { metricInfo, metricNamed, metricsOf, primaryMetric } from '../../evaluation/metrics.ts';
import { type Estimated, type Figure, togetherOf } from '../../evaluation/promise.ts';
import type { Outcome, OutcomeKind, OutcomeMetric } from '../../registry/outcomes.ts';
import type { MetricInfo } from '../../evaluation/task-metrics.ts';
import type { MetricRecord } from '../../registry/records.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Config } from '../../shared/config/schema.ts';
import { canonicalJson, sha256 } from '../../shared/hash.ts';
import { TEST_NIGHTS } from '../job/test-nights.ts';
import type { NightScores } from './labelled-rows.ts';
import { poolOf } from './pool.ts';
import { judgePromise } from './verdict.ts';

/** As for comparisons: the night has little time for it. */
const RESAMPLES = 300;

export interface Measuring {
  readonly registry: Registry;
  readonly config: Config;
  /** The date by which labels were known. */
  readonly knownAsOf: string;
}

/** Which scores are measured together, under which name. */
export interface Group {
  readonly kind: OutcomeKind;
  readonly name: string;
  /** Nights of which labels are known, in their order; at least one. */
  readonly nights: readonly NightScores[];
}

/** Measures a group, or gives what is recorded of the same rows. */
export function outcomeOf({ registry, config, knownAsOf }: Measuring, group: Group): Outcome {
  const { kind, name, nights } = group;
  const settings = [kind, primaryOf(config), config.metrics.level, config.seed, config.decision ?? null];
  const content = sha256(canonicalJson([settings, nights.map((one) => one.content)]));
  const known = registry.outcomes.knownBy(config.warehouse, { kind, name, knownAsOf });
  return known?.content === content ? known : { ...about(group), knownAsOf, content, ...measured({ registry, config, knownAsOf }, group) };
}

function primaryOf({ metrics, task }: Config): string {
  return metrics.primary ?? primaryMetric(task);
}

function about({ kind, name, nights }: Group): Pick<Outcome, 'kind' | 'name' | 'fromAsOf' | 'asOf' | 'nights' | 'runId' | 'modelRun' | 'rows' | 'labelled'> {
  const [first, last] = [nights[0]!.night, nights.at(-1)!.night];
  const isOneModel = nights.every(({ night }) => night.modelRun === first.modelRun);
  const sum = (of: (one: NightScores) => number): number => nights.reduce((total, one) => total + of(one), 0);
  return { kind, name, fromAsOf: first.asOf, asOf: last.asOf, nights: nights.length, runId: nights.length === 1 ? first.runId : null, modelRun: isOneModel ? first.modelRun : null, rows: sum(({ rows }) => rows), labelled: sum(({ labelled }) => labelled) };
}

type Measured = Pick<Outcome, 'metric' | 'verdict' | 'reason' | 'metrics'>;

function measured(measuring: Measuring, { kind, nights }: Group): Measured {
  return kind === 'night' ? ofNight(measuring, nights[0]!) : together(measuring, nights);
}

/** One night: every metric with the interval of its rows. */
function ofNight({ registry, config }: Measuring, one: NightScores): Measured {
  const { task, seed, metrics: { level } } = config;
  const { data, clusters } = poolOf([one]);
  const asked = metricInfo(task).filter(({ direction }) => direction !== 'none').map(({ name }) => name);
  const intervals = bootstrapIntervals(data, { task, seed, level, clusters, resamples: RESAMPLES, metrics: asked });
  const values = metricsOf(task, data);
  const metrics = metricInfo(task).map((info) => {
    const { low = null, high = null } = intervals.get(info.name) ?? {};
    return outcomeMetric(info.name, { value: values.get(info.name) ?? null, low, high }, promiseOf(registry, one.night.modelRun, info));
  });
  return { metric: primaryOf(config), verdict: 'unclear', reason: 'one night alone', metrics };
}

/** Several nights: the mean over them, each by its rows; counts and shares over all of their rows. */
function together({ registry, config }: Measuring, nights: readonly NightScores[]): Measured {
  const { task, seed, metrics: { level } } = config;
  const pool = poolOf(nights);
  const metric = primaryOf(config);
  const byNight = nights.map(({ data }) => ({ rows: data.labels.length, metrics: metricsOf(task, data) }));
  const mean = (name: string): Estimated => meanOfParts(byNight.map(({ rows, metrics }) => ({ rows, value: metrics.get(name) ?? null })));
  const promised = (info: MetricInfo): Figure => togetherOf(nights.map(({ night, data }) => ({ rows: data.labels.length, figure: promiseOf(registry, night.modelRun, info) })));
  const ofRows = bootstrapInterval(pool.data, { task, seed, level, clusters: pool.clusters, metric, resamples: RESAMPLES });
  const { verdict, reason, low, high } = judgePromise({ config, metric, nights: nights.length, pool, real: mean(metric), ofRows: { low: ofRows.low, high: ofRows.high }, promised: promised(metricNamed(task, metric, 'metrics.primary')) });
  const pooled = metricsOf(task, pool.data);
  const metrics = metricInfo(task).map((info) => {
    const value = info.direction === 'none' ? (pooled.get(info.name) ?? null) : mean(info.name).value;
    return outcomeMetric(info.name, { value, ...(info.name === metric ? { low, high } : { low: null, high: null }) }, promised(info));
  });
  return { metric, verdict, reason, metrics };
}

function outcomeMetric(metric: string, { value, low, high }: Figure, promised: Figure): OutcomeMetric {
  return { metric, value, low, high, promised: promised.value, promisedLow: promised.low, promisedHigh: promised.high };
}

/** What a model's own test batch said, cut into nights; as a whole where it was not. What only describes rows promises nothing. */
function promiseOf(registry: Registry, modelRun: string, { name: metric, direction }: MetricInfo): Figure {
  if (direction === 'none') return { value: null, low: null, high: null };
  const of = (batch: string): MetricRecord | undefined => registry.runs.metric(modelRun, { model: 'candidate', batch, metric });
  const found = of(TEST_NIGHTS) ?? of('test');
  return { value: found?.value ?? null, low: found?.low ?? null, high: found?.high ?? null };
}
