/** One try at a run: the same inputs are the same run, attempted again. */
export interface Attempt {
  readonly runId: string;
  /** From 1. */
  readonly attempt: number;
}

export interface MetricRecord {
  /** `candidate`, or what it was held against: `champion`, `reference`, `linear`, `rule`, `baseline`. */
  readonly model: string;
  readonly batch: string;
  /** `all`, or `column=value`. */
  readonly slice: string;
  readonly metric: string;
  readonly value: number | null;
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
}

export interface TestRecord {
  readonly test: string;
  readonly severity: string;
  readonly outcome: string;
  readonly message: string | null;
}

export interface GateRecord {
  /** Names the gate among the others, such as `auc at least 0.6`. */
  readonly gate: string;
  readonly metric: string;
  /** `pass`, `fail`, `unclear` or `informs`. */
  readonly outcome: string;
  readonly found: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly expected: string;
  readonly reason: string;
}

export interface StepRecord {
  readonly step: string;
  readonly status: string;
  readonly startedAt: Date;
  readonly seconds: number;
  readonly cpuSeconds: number | null;
  readonly peakMb: number | null;
  readonly rows: number | null;
}

/** A file that a run made. */
export interface ArtefactRecord {
  /** Below the state folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A batch of a run: train, test or fresh. */
export interface BatchRecord {
  readonly batch: string;
  readonly rows: number;
  /** Of its content, whatever the order of its rows. */
  readonly sha256: string;
}

/** What a run was made with that its inputs do not hold. */
export interface Environment {
  /** The commit of the project's checkout; null where it is none. */
  readonly commit: string | null;
  /** Whether the checkout had changes that are not committed. */
  readonly dirty: boolean | null;
  /** Versions by package, and `node`, `nightshift`. */
  readonly versions: Readonly<Record<string, string>>;
  /** Operating system and processor, such as `linux x64`. */
  readonly platform: string;
}

/** How far a metric of the test batch spreads where only the seed differs. */
export interface NoiseRecord {
  readonly metric: string;
  readonly seeds: number;
  /** The standard deviation over the seeds, in the metric's unit. */
  readonly deviation: number;
}

export interface PublishedRecord {
  readonly asOf: string;
  readonly warehouse: string;
  readonly runId: string;
  readonly modelRun: string;
  readonly rows: number;
  readonly scoresHash: string;
  readonly meanScore: number | null;
}

/** An attempt that has not ended is `running` while its process holds the lock of the state folder, and `killed` otherwise. */
export type RunStatus = 'done' | 'refused' | 'checks_failed' | 'late' | 'failed' | 'tried' | 'interrupted' | 'killed' | 'running';

/** A line of the list of runs: the run's last attempt. */
export interface RunLine extends Attempt {
  readonly asOf: string;
  readonly warehouse: string;
  /** `night`, `try`, or `step NAME`. */
  readonly mode: string;
  readonly status: RunStatus;
  readonly exitCode: number | null;
  readonly message: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** The champion that it was judged against. */
  readonly champion: string | null;
  /** Whether its scores are the published ones of its as-of date. */
  readonly published: boolean;
}

/** Everything that is recorded of a run's last attempt. Plain JSON. */
export interface RunDetail extends RunLine {
  /** What names the run: `as_of`, `config`, `sql` (hash by file), `data` (fingerprint by source), `code`, `packages`, `node`, `backend`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly environment: Environment | null;
  readonly steps: readonly (Omit<StepRecord, 'startedAt'> & { readonly startedAt: string })[];
  /** The step that had begun and never ended, of an attempt that was killed. */
  readonly unfinishedStep: string | null;
  readonly metrics: readonly MetricRecord[];
  readonly tests: readonly TestRecord[];
  readonly gates: readonly GateRecord[];
  readonly batches: readonly BatchRecord[];
  readonly artefacts: readonly ArtefactRecord[];
}
