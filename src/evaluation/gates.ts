import { checkMetrics } from './check-gates.ts';
import { type Gate, type GateFacts, type GateResult, type Judgement, type ThresholdGate, isComparison, opponentOf, sliceColumnsOf } from './gate.ts';
import { judgeComparison } from './judge-comparison.ts';
import type { Metrics } from './metrics.ts';
import type { ComparisonOf } from './opponent.ts';
import { shown } from './shown.ts';

/** The comparisons that the gates ask for, each once; `slices` are the configured slice columns. */
export function comparisonsOf(gates: readonly Gate[], slices: readonly string[] = []): readonly ComparisonOf[] {
  const wanted = new Map<string, ComparisonOf>();
  for (const gate of gates.filter(isComparison)) {
    const about = { opponent: opponentOf(gate), metric: gate.metric };
    const columns = sliceColumnsOf(gate, slices);
    for (const one of columns === undefined ? [about] : columns.map((column): ComparisonOf => ({ ...about, slices: column }))) wanted.set(JSON.stringify(one), one);
  }
  return [...wanted.values()];
}

/**
 * Judges a candidate. A threshold is held against the metric's value. *Better than* passes where the whole interval lies above the
 * margin and fails where it lies at or below; *no worse than* passes where the whole interval lies at or above −margin and fails
 * where it lies below; otherwise, and with too few rows or positives, the gate is unclear. Intervals are of how much better the
 * candidate is: the sign is turned where lower is better. What should have been measured and was not, fails.
 * Throws `config-invalid` as `checkGates` does for metrics.
 */
export function judge(gates: readonly Gate[], facts: GateFacts): Judgement {
  checkMetrics(facts.task, gates);
  const results = gates.flatMap((gate) => (isComparison(gate) ? judgeComparison(gate, facts) : [judgeThreshold(gate, facts.metrics)]));
  const all = [...results, ...stuck(facts)];
  return { verdict: verdictOf(all), gates: all };
}

/** Whatever gates are configured, a feature that has gone still keeps the champion, which knew it otherwise. */
function stuck({ stuck: names = [] }: GateFacts): readonly GateResult[] {
  if (names.length === 0) return [];
  return [{ name: 'features vary', metric: 'features', outcome: 'fail', blocks: true, found: names.length, expected: 'features that vary as they did for the champion', reason: `${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} one value in all training rows, and varied for the champion; where that is meant, take ${names.length === 1 ? 'it' : 'them'} out of features:` }];
}

function verdictOf(results: readonly GateResult[]): Judgement['verdict'] {
  if (results.some(({ outcome }) => outcome === 'fail')) return 'fail';
  return results.some(({ blocks }) => blocks) ? 'unclear' : 'pass';
}

function judgeThreshold({ metric, min, max }: ThresholdGate, metrics: Metrics): GateResult {
  const found = metrics.get(metric) ?? null;
  const expected = bounds(min, max);
  const about = { name: `${metric} ${expected}`, metric, found, expected };
  if (min === undefined && max === undefined) {
    return { ...about, name: metric, outcome: 'informs', blocks: false, reason: `${metric} is ${shown(found)}; the gate has no threshold, so it only informs` };
  }
  if (found === null) return { ...about, outcome: 'fail', blocks: true, reason: `${metric} is not defined on these rows` };
  const held = found >= (min ?? Number.NEGATIVE_INFINITY) && found <= (max ?? Number.POSITIVE_INFINITY);
  return { ...about, outcome: held ? 'pass' : 'fail', blocks: !held, reason: `${metric} is ${shown(found)}, ${held ? '' : 'not '}${expected}` };
}

function bounds(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `from ${shown(min)} to ${shown(max)}`;
  if (min !== undefined) return `at least ${shown(min)}`;
  return max === undefined ? 'no threshold' : `at most ${shown(max)}`;
}
