import type { Contract } from '../dataset/contract.ts';
import type { MetricValue } from '../evaluation/task-metrics.ts';
import type { BackendChoice, TrainingSummary } from '../model/family.ts';
import type { ErrorDetails } from '../shared/errors.ts';

/** One training and its test, for a process of its own. Plain JSON. */
export interface FitRequest {
  readonly contract: Contract;
  /** Folders of columns. */
  readonly train: string;
  readonly test: string;
  /** Only the first rows of the training folder; all unless said. */
  readonly trainRows?: number | undefined;
  readonly family: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly backend: BackendChoice;
  readonly seed: number;
  /** Seconds, for a family that plans by them. */
  readonly budget?: number | undefined;
  /** Rounds of the family at most. */
  readonly rounds?: number | undefined;
  /** Which rows are predicted for the rate of prediction. */
  readonly predict: 'train' | 'test';
  /** The share of the training rows that is held out, drawn by the seed; 0 holds out none. */
  readonly validationShare: number;
}

/** What came of a training and its test, ours or the peer's. */
export interface Figures {
  readonly metrics: Readonly<Record<string, MetricValue>>;
  readonly trainRows: number;
  readonly trainSeconds: number;
  readonly trainCpuSeconds: number;
  readonly predictRowsPerSecond: number;
  /** Of the whole process, its start and the reading of rows included. */
  readonly peakMb: number;
  /** Ours only. */
  readonly summary?: Omit<TrainingSummary, 'curve'>;
  /** The peer's only. */
  readonly version?: string;
}

export type FitMessage =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'done'; readonly figures: Figures }
  | { readonly type: 'failed'; readonly error: Omit<ErrorDetails, 'cause'>; readonly stack: string | undefined };
