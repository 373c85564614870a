import type { Task } from '../dataset/contract.ts';
import type { Interval } from './bootstrap.ts';
import type { Metrics } from './metrics.ts';
import type { Comparison, Opponent } from './opponent.ts';

/** An absolute threshold on a test metric; with neither bound it only informs. Bounds count as held. */
export interface ThresholdGate {
  readonly metric: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** What follows where the rows do not tell: the champion stays, or the gate lets the candidate pass. */
export type Unclear = 'keep' | 'pass';

/** The candidate must be better by more than `margin`, in the metric's unit; 0 unless said. */
export interface BetterThanGate {
  readonly metric: string;
  readonly better_than: Opponent;
  readonly margin?: number | undefined;
  /** `keep` unless said. */
  readonly unclear?: Unclear | undefined;
}

/** The candidate must not be worse by more than `margin`, in the metric's unit. */
export interface NoWorseThanGate {
  readonly metric: string;
  readonly no_worse_than: Opponent;
  readonly margin: number;
  /** Every value of every configured slice column (true), or of these, in place of the whole batch. */
  readonly slices?: boolean | readonly string[] | undefined;
  /** Unless said `keep`, and `pass` for slices: a small one is never clear and would keep the champion for ever. */
  readonly unclear?: Unclear | undefined;
}

export type ComparisonGate = BetterThanGate | NoWorseThanGate;
export type Gate = ThresholdGate | ComparisonGate;

/** `unclear`: too few rows or positives to tell. */
export type GateOutcome = 'pass' | 'fail' | 'unclear' | 'informs';

export interface GateResult {
  /** Names the gate among the others, such as `auc at least 0.6`. */
  readonly name: string;
  readonly metric: string;
  readonly outcome: GateOutcome;
  /** Whether the candidate is kept back by it: it failed, or is unclear where that keeps the champion. */
  readonly blocks: boolean;
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
  /** `fail` as soon as one gate fails; else `unclear` where one that is unclear keeps the champion. Only `pass` lets the candidate go live. */
  readonly verdict: 'pass' | 'fail' | 'unclear';
  readonly gates: readonly GateResult[];
}

/** What was measured on the test batch. */
export interface GateFacts {
  readonly task: Task;
  readonly metrics: Metrics;
  /** What `compareModels` found for what `comparisonsOf` asked. */
  readonly comparisons: readonly Comparison[];
  /** Features that varied where the champion was trained and no longer do: the fault of a source or a query. */
  readonly stuck?: readonly string[] | undefined;
  /** Opponents that do not exist tonight, and why, such as `no model was published before 2001-06-10`. Gates against them inform. */
  readonly absent?: ReadonlyMap<Opponent, string> | undefined;
}

export function isComparison(gate: Gate): gate is ComparisonGate {
  return 'better_than' in gate || 'no_worse_than' in gate;
}

export function opponentOf(gate: ComparisonGate): Opponent {
  return 'better_than' in gate ? gate.better_than : gate.no_worse_than;
}

/** The slice columns that a gate holds, of those configured; undefined where it holds the whole batch. */
export function sliceColumnsOf(gate: ComparisonGate, configured: readonly string[]): readonly string[] | undefined {
  const slices = 'slices' in gate ? gate.slices : undefined;
  if (slices === undefined || slices === false) return undefined;
  return slices === true ? configured : slices;
}
