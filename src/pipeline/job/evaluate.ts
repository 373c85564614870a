import { join } from 'node:path';
import { appendCsv } from '../../dataset/csv-write.ts';
import type { Interval } from '../../evaluation/bootstrap.ts';
import { compareModels } from '../../evaluation/compare.ts';
import type { GateResult, Judgement } from '../../evaluation/gate.ts';
import { comparisonsOf, judge } from '../../evaluation/gates.ts';
import { type Intervals, intervalsAside } from '../../evaluation/intervals-aside.ts';
import { metricInfo, metricNamed, metricsOf, primaryMetric } from '../../evaluation/metrics.ts';
import type { Comparison, ComparisonOf } from '../../evaluation/opponent.ts';
import { type MeasuredRows, sliceRows } from '../../evaluation/slices.ts';
import type { GateRecord, MetricRecord } from '../../registry/records.ts';
import { Mask } from '../../shared/sensitive.ts';
import type { StepContext } from '../context.ts';
import { keepLearned } from './keep-batches.ts';
import { readProfile, stuckFeatures } from './drift.ts';
import { keepFigures } from './figures.ts';
import { sayConfusions } from './test-classes.ts';
import { type Tested, testModels } from './test-models.ts';
import { testNights } from './test-nights.ts';
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
  const { candidate } = tested;
  step.rows = candidate.labels.length;
  const primary = step.config.metrics.primary ?? primaryMetric(step.config.task);
  const parts = partsOf(step, tested);
  const aside = intervalsOf(step, parts, primary);
  // What becomes of it is heard once all else is done, whose own faults come first.
  aside.catch(() => undefined);
  const comparisons = await compared(step, { tested, result, primary });
  const intervals = await aside;
  const interval = intervals[0]!.get(primary)!;
  const metrics = metricsOf(step.config.task, candidate);
  const judgement = judge(step.config.gates, { task: step.config.task, metrics, comparisons, absent: tested.absent, stuck: stuckSinceChampion(step, result) });
  await keepMetrics(step, [...ofParts(step, parts, intervals), ...ofOpponents(step, tested), ...byNight(step, tested)]);
  await step.record((registry, attempt) => registry.recordGates(attempt, judgement.gates.map(gateRecord)));
  say(step, { primary, interval, comparisons, judgement });
  sayCoverage(step, metrics.get('coverage') ?? null);
  if (step.config.task === 'multiclass') sayConfusions(step, candidate);
  return { primary, interval, comparisons, judgement, winner: winnerOf(step, judgement) };
}

/** Comparisons, and all else that needs no interval: a thread of its own works these out meanwhile. */
async function compared(step: StepContext, { tested, result, primary }: { readonly tested: Tested; readonly result: ModelResult; readonly primary: string }): Promise<readonly Comparison[]> {
  const comparisons = await compare(step, tested, primary);
  await keepFigures(step, { data: tested.candidate, folder: result.folder, primary });
  await keepLearned(step, tested);
  return comparisons;
}

function bootstrapOptions(step: StepContext) {
  const { resamples, level } = step.config.metrics;
  return { task: step.config.task, seed: step.config.seed, resamples, level };
}

function stuckSinceChampion({ run: { champion, places } }: StepContext, { folder }: ModelResult): readonly string[] {
  const own = readProfile(folder);
  return champion === null || own === undefined ? [] : stuckFeatures(readProfile(join(places.models, champion)), own);
}

/** What the gates ask for, and always the primary metric against the baseline, the linear family and the champion, by which nothing is judged. */
async function compare(step: StepContext, { candidate, opponents, slices, clusters }: Tested, primary: string): Promise<readonly Comparison[]> {
  const always = (['baseline', 'linear', 'champion'] as const)
    .filter((opponent) => opponents.has(opponent) && opponents.get(opponent) !== candidate)
    .map((opponent): ComparisonOf => ({ opponent, metric: primary, alone: true }));
  const asked = comparisonsOf(step.config.gates, step.config.slices);
  const more = always.filter((one) => !asked.some((other) => other.slices === undefined && other.opponent === one.opponent && other.metric === one.metric));
  const mask = new Mask(step.config.sensitive, step.run.places.data);
  const seedSpread = await step.record((registry) => registry.noiseFor(step.run.windows.asOf));
  return compareModels({ candidate, opponents, slices, clusters }, [...asked, ...more], { ...bootstrapOptions(step), seedSpread, shown: (column, value) => mask.shown(column, value) });
}

/** All metrics of the candidate, with their intervals. */
function ofParts({ config: { task } }: StepContext, parts: readonly Part[], intervals: Intervals): readonly MetricRecord[] {
  return parts.flatMap(({ name, data }, i) =>
    [...metricsOf(task, data)].map(([metric, value]): MetricRecord => ({ model: 'candidate', batch: 'test', slice: name, metric, value, low: intervals[i]!.get(metric)?.low ?? null, high: intervals[i]!.get(metric)?.high ?? null })),
  );
}

function ofOpponents({ config: { task } }: StepContext, { opponents }: Tested): readonly MetricRecord[] {
  return [...opponents].flatMap(([model, data]) => [...metricsOf(task, data)].map(([metric, value]): MetricRecord => ({ model, batch: 'test', slice: 'all', metric, value })));
}

/** What the nights to come are held against, once their labels are known. */
function byNight({ config, run: { windows } }: StepContext, { candidate, days }: Tested): readonly MetricRecord[] {
  return days === undefined ? [] : testNights(candidate, { config, asOfDay: windows.asOfDay, days });
}

/** Rows of the test batch, as the record names them: `all`, or `column=value` of a slice. */
interface Part extends MeasuredRows {
  readonly name: string;
}

/** The whole test batch, then its slices. */
function partsOf(step: StepContext, { candidate, slices, clusters }: Tested): readonly Part[] {
  const mask = new Mask(step.config.sensitive, step.run.places.data);
  const whole = { data: candidate, clusters };
  return [{ name: 'all', ...whole }, ...[...slices].flatMap(([column, values]) => sliceRows(whole, values).map(({ value, data, clusters }) => ({ name: `${column}=${mask.shown(column, value) ?? ''}`, data, clusters })))];
}

/** Intervals of the primary metric and of those by which one model may be better than another. */
function intervalsOf(step: StepContext, parts: readonly Part[], primary: string): Promise<Intervals> {
  const metrics = metricInfo(step.config.task).filter(({ name, direction }) => direction !== 'none' || name === primary).map(({ name }) => name);
  return intervalsAside({ parts, options: { ...bootstrapOptions(step), metrics } });
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
  for (const comparison of comparisons.filter(({ slice }) => slice === undefined)) {
    const { opponent, metric, difference } = comparison;
    const found = `${metric} differs from that of ${opponent} by ${range(difference)}`;
    // A model that is worse than none is worth a word, whether a gate asks for it or not.
    const isVain = opponent === 'baseline' && isWorse(step, comparison);
    step.log({ event: `${metric} against ${opponent}`, status: isVain ? 'warn' : 'ok', message: isVain ? `${found}: worse than without a model` : found, show: true });
  }
  for (const { name, outcome, blocks, reason } of judgement.gates) step.log({ event: `gate ${name}`, status: blocks ? 'failed' : outcome === 'unclear' ? 'warn' : 'ok', message: reason, show: true });
}

/** Whether the whole interval of a difference lies on the worse side. */
function isWorse({ config: { task } }: StepContext, { metric, difference: { low, high } }: Comparison): boolean {
  const { direction } = metricNamed(task, metric, 'metrics');
  return direction === 'higher' ? high !== null && high < 0 : direction === 'lower' && low !== null && low > 0;
}

/** Less is not worth a word. */
const LEAST_SHORTFALL = 0.05;

/** Says where the interval that goes out with a regression's scores holds fewer test labels than it promises, by more than chance: three standard errors. */
function sayCoverage(step: StepContext, coverage: number | null): void {
  const { level } = step.config.metrics;
  const chance = 3 * Math.sqrt((level * (1 - level)) / (step.rows ?? 1));
  if (coverage === null || coverage >= level - Math.max(LEAST_SHORTFALL, chance)) return;
  step.log({ event: 'interval', status: 'warn', message: `the interval of a score is to hold ${share(level)} of the labels and holds ${share(coverage)} of those of the test batch: its rows differ from those held out in training`, show: true });
}

function share(value: number): string {
  return `${Math.round(value * 100)}%`;
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
