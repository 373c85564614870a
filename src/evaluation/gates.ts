import type { Task } from '../dataset/contract.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import type { Interval } from './bootstrap.ts';
import { metricNamed, type Metrics } from './metrics.ts';

/** What a candidate can be compared with; a later kind (the champion, a reference) joins here. */
export type Opponent = 'baseline' | 'linear';

/** An absolute threshold on a test metric; with neither bound it only informs. Bounds count as held. */
export interface ThresholdGate {
  readonly metric: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** The candidate must be better by more than `margin`, in the metric's unit; 0 unless said. */
export interface BetterThanGate {
  readonly metric: string;
  readonly better_than: Opponent;
  readonly margin?: number | undefined;
}

export type Gate = ThresholdGate | BetterThanGate;

/** A further outcome, too few rows to tell, joins here when gates are given one. */
export type GateOutcome = 'pass' | 'fail' | 'informs';

export interface GateResult {
  /** Names the gate among the others, such as `auc at least 0.6`. */
  readonly name: string;
  readonly metric: string;
  readonly outcome: GateOutcome;
  /** The metric, or by how much the candidate is better; null where it is not defined. */
  readonly found: number | null;
  /** Of a comparison: the interval of how much better the candidate is. */
  readonly interval?: Interval | undefined;
  /** What would pass, such as `at least 0.6`. */
  readonly expected: string;
  /** One sentence for a person. */
  readonly reason: string;
}

export interface Judgement {
  /** `fail` as soon as one gate fails. */
  readonly verdict: 'pass' | 'fail';
  readonly gates: readonly GateResult[];
}

/** What was measured on the test batch. */
export interface GateFacts {
  readonly task: Task;
  readonly metrics: Metrics;
  /** Paired intervals of metric(candidate) − metric(opponent); `comparisonsOf` says which are needed. */
  readonly comparisons: readonly Comparison[];
}

export interface ComparisonOf {
  readonly opponent: Opponent;
  readonly metric: string;
}

export interface Comparison extends ComparisonOf {
  readonly difference: Interval;
}

/** Checks the gates of a configuration before anything runs: throws `config-invalid` (exit code 2), naming the gate. */
export function checkGates(task: Task, gates: readonly Gate[]): void {
  for (const [i, gate] of gates.entries()) {
    const { direction } = metricNamed(task, gate.metric, `gates[${i}].metric`);
    if ('better_than' in gate && direction === 'none') {
      throw new NightshiftError({
        code: 'config-invalid',
        what: 'A gate asks for a better value of a metric that is neither better nor worse',
        where: `gates[${i}].metric`,
        found: gate.metric,
        expected: 'a metric that measures quality, such as auc',
        exitCode: ExitCode.usage,
      });
    }
  }
}

/** The comparisons that the gates ask for, each once. */
export function comparisonsOf(gates: readonly Gate[]): readonly ComparisonOf[] {
  const wanted = new Map<string, ComparisonOf>();
  for (const gate of gates) {
    if ('better_than' in gate) wanted.set(`${gate.better_than} ${gate.metric}`, { opponent: gate.better_than, metric: gate.metric });
  }
  return [...wanted.values()];
}

/**
 * Judges a candidate. A threshold is held against the metric's value. *Better than* passes when the whole paired interval
 * lies beyond the margin: its lower end, with the sign turned where lower is better. What is null, or was not
 * measured, fails. Throws `config-invalid` as `checkGates` does.
 */
export function judge(gates: readonly Gate[], facts: GateFacts): Judgement {
  checkGates(facts.task, gates);
  const results = gates.map((gate) => ('better_than' in gate ? judgeComparison(gate, facts) : judgeThreshold(gate, facts.metrics)));
  return { verdict: results.some(({ outcome }) => outcome === 'fail') ? 'fail' : 'pass', gates: results };
}

function judgeThreshold({ metric, min, max }: ThresholdGate, metrics: Metrics): GateResult {
  const found = metrics.get(metric) ?? null;
  const expected = bounds(min, max);
  const about = { name: `${metric} ${expected}`, metric, found, expected };
  if (min === undefined && max === undefined) {
    return { ...about, name: metric, outcome: 'informs', reason: `${metric} is ${shown(found)}; the gate has no threshold, so it only informs` };
  }
  if (found === null) return { ...about, outcome: 'fail', reason: `${metric} is not defined on these rows` };
  const held = found >= (min ?? Number.NEGATIVE_INFINITY) && found <= (max ?? Number.POSITIVE_INFINITY);
  return { ...about, outcome: held ? 'pass' : 'fail', reason: `${metric} is ${shown(found)}, ${held ? '' : 'not '}${expected}` };
}

function judgeComparison({ metric, better_than: opponent, margin = 0 }: BetterThanGate, { task, comparisons }: GateFacts): GateResult {
  const interval = gainOf(task, metric, comparisons.find((one) => one.opponent === opponent && one.metric === metric)?.difference);
  const expected = `better than ${opponent} by more than ${shown(margin)}`;
  const about = { name: `${metric} ${expected}`, metric, found: interval?.value ?? null, interval, expected };
  if (interval === undefined) return { ...about, outcome: 'fail', reason: `${metric} was not compared with ${opponent}` };
  if (interval.low === null) {
    return { ...about, outcome: 'fail', reason: `${metric} has no interval against ${opponent}: it is not defined on these rows or on too many resamples of them` };
  }
  const held = interval.low > margin;
  const range = `${shown(interval.value)} (${shown(interval.low)} to ${shown(interval.high)} at ${Math.round(interval.level * 1000) / 10}%)`;
  const reason = `${metric} is better than ${opponent}'s by ${range}: the interval ${held ? 'lies' : 'does not lie'} beyond ${shown(margin)}`;
  return { ...about, outcome: held ? 'pass' : 'fail', reason };
}

/** The interval of how much better the candidate is: turned round where lower is better. */
function gainOf(task: Task, metric: string, difference: Interval | undefined): Interval | undefined {
  if (difference === undefined || metricNamed(task, metric, 'gates').direction === 'higher') return difference;
  return { ...difference, value: negated(difference.value), low: negated(difference.high), high: negated(difference.low) };
}

/** Never −0, which a person would read as a sign. */
function negated(value: number | null): number | null {
  return value === null ? null : 0 - value;
}

function bounds(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `from ${shown(min)} to ${shown(max)}`;
  if (min !== undefined) return `at least ${shown(min)}`;
  return max === undefined ? 'no threshold' : `at most ${shown(max)}`;
}

/** Five significant digits and no trailing zeros; the same in every locale. */
function shown(value: number | null): string {
  return value === null ? 'not defined' : String(Number(value.toPrecision(5)));
}
