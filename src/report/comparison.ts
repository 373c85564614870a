import type { Task } from '../dataset/contract.ts';
import type { MetricInfo } from '../evaluation/task-metrics.ts';
import type { Outcome } from '../registry/outcomes.ts';

/** One of the runs that are compared. */
export interface ComparedRun {
  readonly runId: string;
  readonly asOf: string;
  readonly mode: string;
  readonly status: string;
  readonly family: string | null;
  /** Whether its scores are the published ones of its as-of date. */
  readonly published: boolean;
  /** Whether it is champion of the next night. */
  readonly champion: boolean;
  readonly seconds: number | null;
  /** What a comparison would need and this run lacks, in words. */
  readonly missing: readonly string[];
}

/** A metric of one run as its record has it; bounds where they were measured. */
export interface Figure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** A metric on each run's own test batch, in the order of the runs; null where a run has no such figure. */
export interface ComparedMetric extends MetricInfo {
  readonly figures: readonly (Figure | null)[];
}

/** A metric of two runs on the rows that both test batches have, and the interval of the second's less the first's. */
export interface PairedMetric extends MetricInfo {
  readonly first: number | null;
  readonly second: number | null;
  readonly difference: number | null;
  /** Of the difference; null for metrics whose interval was not asked for. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Two runs on the rows that both test batches have. */
export interface Paired {
  readonly rows: number;
  /** Rows of either test batch that the other lacks. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** What had to be left out or could not be measured, in words. */
  readonly notes: readonly string[];
  readonly resamples: number;
  readonly level: number;
  readonly metrics: readonly PairedMetric[];
}

export interface NotComparable {
  /** Why two runs cannot be compared on shared rows. */
  readonly why: string;
}

export type DifferenceKind = 'as-of date' | 'configuration' | 'seed' | 'SQL' | 'data' | 'rows' | 'packages' | 'environment' | 'code';

/** Something that is not the same in all runs: its value in each, null where a run has none. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly name: string;
  readonly values: readonly (string | null)[];
}

/** Runs beside each other; deltas are against the first. Plain JSON. */
export interface Comparison {
  readonly task: Task;
  /** The label's column. */
  readonly target: string;
  readonly runs: readonly ComparedRun[];
  readonly metrics: readonly ComparedMetric[];
  /** How the models' published scores came true, in the order of the runs; null where no label of them is known, or nothing was published. */
  readonly outcomes: readonly (Outcome | null)[];
  /** Of exactly two runs: on the rows that both test batches have. */
  readonly paired: Paired | NotComparable | null;
  readonly differences: readonly Difference[];
}
