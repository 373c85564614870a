import { join } from 'node:path';
import type { TextColumn } from '../../dataset/batch.ts';
import { appendCsv } from '../../dataset/csv-write.ts';
import { type Interval, bootstrapDifference, bootstrapInterval } from '../../evaluation/bootstrap.ts';
import { type Comparison, type ComparisonOf, type GateResult, type Judgement, comparisonsOf, judge } from '../../evaluation/gates.ts';
import { type Metrics, metricInfo, metricsOf, primaryMetric } from '../../evaluation/metrics.ts';
import { sliceMetrics } from '../../evaluation/slices.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import type { GateRecord, MetricRecord } from '../../registry/records.ts';
import { Mask } from '../../shared/sensitive.ts';
import type { StepContext } from '../context.ts';
import { keepLearned } from './keep-batches.ts';
import { sayConfusions } from './test-classes.ts';
import { type Tested, testModels } from './test-models.ts';
import type { ModelResult } from './train.ts';

export interface Evaluation {
  readonly primary: string;
  readonly interval: Interval;
  readonly comparisons: readonly Comparison[];
  readonly judgement: Judgement;
  /** The run whose model scores the fresh batch: this one, or the champion's where this one was refused; null where there is none. */
  readonly winner: string | null;
}

/**
 * Measures the candidate on the test batch, and beside it the naive baseline and the linear family; all again for each
 * slice; judges the gates.
 */
export async function evaluateModel(step: StepContext): Promise<Evaluation> {
  step.require('test');
  const result = step.readResult('model') as ModelResult;
  const tested = await testModels(step, result);
  const { models: data, slices } = tested;
  step.rows = data.candidate.labels.length;
  const primary = step.config.metrics.primary ?? primaryMetric(step.config.task);
  const interval = bootstrapInterval(data.candidate, { ...bootstrapOptions(step), metric: primary });
  const comparisons = compareModels(step, data, primary);
  const metrics = metricsOf(step.config.task, data.candidate);
  const judgement = judge(step.config.gates, { task: step.config.task, metrics, comparisons });
  await keepMetrics(step, [...overall(step, data, { primary, interval }), ...bySlice(step, data.candidate, slices)]);
  await step.record((registry, attempt) => registry.recordGates(attempt, judgement.gates.map(gateRecord)));
  say(step, { primary, interval, comparisons, judgement });
  if (step.config.task === 'multiclass') sayConfusions(step, data.candidate);
  await keepLearned(step, tested);
  return { primary, interval, comparisons, judgement, winner: winnerOf(step, judgement) };
}

function bootstrapOptions(step: StepContext) {
  const { resamples, level } = step.config.metrics;
  return { task: step.config.task, seed: step.config.seed, resamples, level };
}

/** What the gates ask for, and always the primary metric against the baseline and the linear family. */
function compareModels(step: StepContext, data: Tested['models'], primary: string): readonly Comparison[] {
  const always: ComparisonOf[] = [{ opponent: 'baseline', metric: primary }];
  if (step.config.model.family !== 'linear') always.push({ opponent: 'linear', metric: primary });
  const asked = comparisonsOf(step.config.gates);
  const more = always.filter((one) => !asked.some((other) => other.opponent === one.opponent && other.metric === one.metric));
  return [...asked, ...more].map(({ opponent, metric }) => ({ opponent, metric, difference: bootstrapDifference(data.candidate, data[opponent], { ...bootstrapOptions(step), metric }) }));
}

function overall(step: StepContext, data: Tested['models'], { primary, interval }: { primary: string; interval: Interval }): readonly MetricRecord[] {
  return (['candidate', 'champion', 'linear', 'baseline'] as const).flatMap((model) =>
    [...measured(step, data[model])].map(([metric, value]): MetricRecord => {
      const bounds = model === 'candidate' && metric === primary ? { low: interval.low ?? undefined, high: interval.high ?? undefined } : {};
      return { model, batch: 'test', slice: 'all', metric, value, ...bounds };
    }),
  );
}

function measured(step: StepContext, data: EvaluationData | undefined): Metrics {
  return data === undefined ? new Map() : metricsOf(step.config.task, data);
}

function bySlice(step: StepContext, data: EvaluationData, slices: ReadonlyMap<string, TextColumn>): readonly MetricRecord[] {
  const mask = new Mask(step.config.sensitive, step.run.places.data);
  return [...slices].flatMap(([name, column]) =>
    sliceMetrics(data, { task: step.config.task, column }).flatMap(({ value, metrics }) =>
      [...metrics].map(([metric, found]): MetricRecord => ({ model: 'candidate', batch: 'test', slice: `${name}=${mask.shown(name, value) ?? ''}`, metric, value: found })),
    ),
  );
}

/** The record, and `logs/metrics.csv` for people: run id, as-of, batch, slice, metric, value; other models' batches carry their name. */
async function keepMetrics(step: StepContext, metrics: readonly MetricRecord[]): Promise<void> {
  await step.record((registry, attempt) => registry.recordMetrics(attempt, metrics));
  const { runId, windows, places } = step.run;
  const rows = metrics.map(({ model, batch, slice, metric, value }) => [runId, windows.asOf, model === 'candidate' ? batch : `${batch} (${model})`, slice, metric, value]);
  appendCsv(join(places.logs, 'metrics.csv'), ['run_id', 'as_of', 'batch', 'slice', 'metric', 'value'], rows);
}

function gateRecord({ name, metric, outcome, found, interval, expected, reason }: GateResult): GateRecord {
  return { gate: name, metric, outcome, found, low: interval?.low ?? null, high: interval?.high ?? null, expected, reason };
}

function say(step: StepContext, { primary, interval, comparisons, judgement }: Omit<Evaluation, 'winner'>): void {
  const title = metricInfo(step.config.task).find(({ name }) => name === primary)?.title ?? primary;
  step.log({ event: primary, message: `${title} ${range(interval)}` });
  for (const { opponent, metric, difference } of comparisons) step.log({ event: `${metric} against ${opponent}`, message: `${metric} differs from that of ${opponent} by ${range(difference)}`, show: true });
  for (const { name, outcome, reason } of judgement.gates) step.log({ event: `gate ${name}`, status: outcome === 'fail' ? 'failed' : 'ok', message: reason, show: true });
}

function range({ value, low, high, level }: Interval): string {
  return `${fixed(value)} (${fixed(low)} to ${fixed(high)}, ${level * 100}%)`;
}

function fixed(value: number | null): string {
  return value === null ? 'undefined' : value.toFixed(4);
}

/** This run, or the champion's where the gates refuse it or it is pinned, or nobody. */
function winnerOf({ run: { runId, champion, pinned } }: StepContext, { verdict }: Judgement): string | null {
  return verdict === 'pass' && !pinned ? runId : champion;
}
