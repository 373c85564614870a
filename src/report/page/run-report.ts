import type { ConfusionFigure, Figures } from '../../evaluation/figures.ts';
import type { Task } from '../../dataset/contract.ts';
import type { FeatureDrift } from '../../evaluation/drift.ts';
import type { MetricInfo } from '../../evaluation/task-metrics.ts';
import type { TrainingSummary } from '../../model/family.ts';
import type { Outcome } from '../../registry/outcomes.ts';
import type { RunDetail, RunLine } from '../../registry/records.ts';

export type { ConfusionFigure, Figures };

/** What a project says of itself. */
export interface ProjectWords {
  readonly name: string;
  readonly about: string | null;
  /** What the model is not for, as `limits:` of `pipeline.yaml` says. */
  readonly limits: string | null;
  readonly task: Task;
  readonly label: string;
  readonly features: { readonly number: readonly string[]; readonly category: readonly string[] };
  readonly sensitive: readonly string[];
}

/** A paired difference on the test batch: metric(candidate) − metric(opponent). */
export interface Difference {
  readonly opponent: string;
  readonly metric: string;
  /** `column=value`, masked where the column is sensitive; null for the whole batch. */
  readonly slice: string | null;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Such as 0.95. */
  readonly level: number;
  /** What there is too little of to say anything; null where there is enough. */
  readonly tooFew: string | null;
}

/** How a feature was distributed in training; without values where it is sensitive. */
export interface ProfileLine {
  readonly feature: string;
  /** The share of rows without a value. */
  readonly missing: number;
  /** Of a number: at `QUANTILES` of the values that are there. */
  readonly quantiles?: readonly number[];
  /** Of a category: its most frequent values. */
  readonly values?: readonly { readonly value: string; readonly share: number }[];
  /** How many more frequent values there are. */
  readonly rest?: number;
}

/** A batch of the run: the days that it takes rows from, and its rows where they are known. */
export interface BatchLine {
  readonly batch: string;
  /** Empty where rows have no time. */
  readonly days: string;
  readonly rows: number | null;
  readonly sha256: string | null;
}

/** A model as its folder describes it. */
export interface ModelWords {
  readonly family: string;
  /** Below the state folder. */
  readonly folder: string;
  readonly summary: TrainingSummary;
  /** What `auto` blended; empty for other families. */
  readonly blend: readonly { readonly name: string; readonly weight: number }[];
}

/** Everything that is told of a run: plain JSON. What a run that failed or was killed did not come to is null or empty. */
export interface RunReport {
  readonly project: ProjectWords;
  readonly run: RunDetail;
  /** The metric that stands for the model. */
  readonly primary: string;
  /** Names and titles of the task's metrics, in their order. */
  readonly metrics: readonly MetricInfo[];
  readonly differences: readonly Difference[];
  /** The run whose model scored the fresh batch, and how many rows; null where nothing was scored. */
  readonly scored: { readonly modelRun: string; readonly rows: number } | null;
  readonly model: ModelWords | null;
  readonly figures: Figures | null;
  readonly drift: readonly FeatureDrift[];
  /** How the model's scores came true, by night and over its last nights, and how those of earlier nights had when this run published. */
  readonly outcomes: { readonly nights: readonly Outcome[]; readonly together: Outcome | null; readonly recent: Outcome | null };
  readonly profile: readonly ProfileLine[];
  readonly batches: readonly BatchLine[];
  /** Pages of other runs that this one names, relative to it. */
  readonly links: Readonly<Record<string, string>>;
}

/** A run in the index over all. */
export interface IndexRun extends RunLine {
  /** Of its primary metric on its test batch. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The same metric of the scores that it published, once their labels were known; null where they are not yet. */
  readonly real: { readonly value: number | null; readonly low: number | null; readonly high: number | null; readonly rows: number; readonly labelled: number } | null;
  readonly steps: readonly { readonly step: string; readonly seconds: number }[];
  /** Whether a night after it had its model as champion. */
  readonly wasChampion: boolean;
  /** Its page, relative to the index; null where there is none. */
  readonly page: string | null;
}

/** The index over all runs: plain JSON, the latest run first. */
export interface RunIndex {
  readonly project: Pick<ProjectWords, 'name' | 'about'>;
  readonly metric: MetricInfo;
  /** Champion of the next night. */
  readonly champion: string | null;
  readonly runs: readonly IndexRun[];
  /** How many runs there are, of which `runs` are the latest. */
  readonly total: number;
}
