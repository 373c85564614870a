import type { Interval } from './bootstrap.ts';
import { type ComparisonGate, type GateFacts, type GateOutcome, type GateResult, type Unclear, opponentOf } from './gate.ts';
import { metricNamed } from './metrics.ts';
import type { Comparison, SliceName } from './opponent.ts';
import { shown } from './shown.ts';

/** A gate in words, and what it takes. */
interface Terms {
  readonly gate: ComparisonGate;
  readonly margin: number;
  /** Such as `no worse than champion by more than 0.02`. */
  readonly expected: string;
  readonly unclear: Unclear;
}

/** One result for the whole batch; of slices one for each that has enough rows, and one a column for those that have not. */
export function judgeComparison(gate: ComparisonGate, facts: GateFacts): readonly GateResult[] {
  const terms = termsOf(gate);
  const opponent = opponentOf(gate);
  const absent = facts.absent?.get(opponent);
  if (absent !== undefined) return [{ ...about(terms), outcome: 'informs', blocks: false, found: null, reason: `there is no ${opponent} to compare with tonight, so the gate only informs: ${absent}` }];
  const own = facts.comparisons.filter((one) => one.opponent === opponent && one.metric === gate.metric && isHeld(gate, one.slice));
  if (own.length === 0) return [{ ...about(terms), outcome: 'fail', blocks: true, found: null, reason: `${gate.metric} was not compared with ${opponent}` }];
  const small = own.filter(({ slice, tooFew }) => slice !== undefined && tooFew !== null);
  return [...own.filter((one) => !small.includes(one)).map((one) => judgeOne(terms, one, facts)), ...smallSlices(terms, small)];
}

function termsOf(gate: ComparisonGate): Terms {
  const margin = gate.margin ?? 0;
  const relation = 'better_than' in gate ? 'better than' : 'no worse than';
  const isOfSlices = 'slices' in gate && gate.slices !== undefined && gate.slices !== false;
  return { gate, margin, expected: `${relation} ${opponentOf(gate)} by more than ${shown(margin)}`, unclear: gate.unclear ?? (isOfSlices ? 'pass' : 'keep') };
}

function isHeld(gate: ComparisonGate, slice: SliceName | undefined): boolean {
  const slices = ('slices' in gate ? gate.slices : undefined) ?? false;
  if (slice === undefined) return slices === false;
  return slices === true || (slices !== false && slices.includes(slice.column));
}

function about({ gate: { metric }, expected }: Terms, place = ''): Pick<GateResult, 'name' | 'metric' | 'expected'> {
  return { name: `${metric} ${expected}${place}`, metric, expected };
}

function judgeOne(terms: Terms, { slice, difference, tooFew }: Comparison, { task }: GateFacts): GateResult {
  const { metric } = terms.gate;
  const interval = metricNamed(task, metric, 'gates').direction === 'higher' ? difference : turned(difference);
  const place = slice === undefined ? '' : `, ${slice.column}=${slice.value ?? ''}`;
  const result = { ...about(terms, place), found: interval.value, interval };
  const opponent = opponentOf(terms.gate);
  if (interval.value === null && tooFew === null && slice === undefined) return { ...result, outcome: 'fail', blocks: true, reason: `${metric} cannot be compared with ${opponent}: it is not defined on these rows` };
  const found = interval.value === null ? `${metric}${place} is not defined beside ${opponent}'s` : `${metric}${place} is ${sided(interval.value)} than ${opponent}'s${rangeOf(interval)}`;
  const outcome = outcomeOf(terms, interval);
  const ending = { pass: wordsOf(terms, true), fail: wordsOf(terms, false), unclear: `${littleOf(tooFew)} to tell whether it is ${'better_than' in terms.gate ? 'better' : 'worse'} by more than ${shown(terms.margin)}; ${followsOf(terms)}` };
  return { ...result, outcome, blocks: outcome === 'fail' || (outcome === 'unclear' && terms.unclear === 'keep'), reason: `${found}: ${ending[outcome]}` };
}

/** Small slices share one result: there may be hundreds of them. */
function smallSlices(terms: Terms, small: readonly Comparison[]): readonly GateResult[] {
  const columns = [...new Set(small.map(({ slice }) => slice!.column))];
  return columns.map((column) => {
    const own = small.filter(({ slice }) => slice!.column === column);
    const which = own.length === 1 ? `${column}=${own[0]!.slice!.value ?? ''} (${own[0]!.tooFew})` : `${own.length} values of ${column}`;
    return { ...about(terms, `, small slices of ${column}`), outcome: 'unclear', blocks: terms.unclear === 'keep', found: null, reason: `${which}: too few rows or positives to tell; ${followsOf(terms)}` };
  });
}

function outcomeOf({ gate, margin }: Terms, { low, high }: Interval): Exclude<GateOutcome, 'informs'> {
  if (low === null || high === null) return 'unclear';
  if ('better_than' in gate) return low > margin ? 'pass' : high <= margin ? 'fail' : 'unclear';
  return low >= -margin ? 'pass' : high < -margin ? 'fail' : 'unclear';
}

function wordsOf({ gate, margin }: Terms, held: boolean): string {
  const isSaidOfWorse = !('better_than' in gate);
  return `${held === isSaidOfWorse ? 'not ' : ''}${isSaidOfWorse ? 'worse' : 'better'} by more than ${shown(margin)}`;
}

function littleOf(tooFew: string | null): string {
  return tooFew === null ? 'too few rows or positives' : `${tooFew} are too few`;
}

function followsOf({ unclear }: Terms): string {
  return unclear === 'keep' ? 'the champion stays' : 'the gate lets it pass';
}

/** How much better the candidate is, where lower is better. */
function turned(difference: Interval): Interval {
  return { ...difference, value: negated(difference.value), low: negated(difference.high), high: negated(difference.low) };
}

/** Never −0, which a person would read as a sign. */
function negated(value: number | null): number | null {
  return value === null ? null : 0 - value;
}

function sided(gain: number): string {
  return gain < 0 ? `${shown(-gain)} worse` : `${shown(gain)} better`;
}

function rangeOf({ low, high, level }: Interval): string {
  if (low === null || high === null) return '';
  const percent = `${Math.round(level * 1000) / 10}%`;
  if (low < 0 !== high < 0) return ` (${sided(low)} to ${sided(high)}, ${percent})`;
  return ` (${shown(Math.min(Math.abs(low), Math.abs(high)))} to ${shown(Math.max(Math.abs(low), Math.abs(high)))}, ${percent})`;
}
