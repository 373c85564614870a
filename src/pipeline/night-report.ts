import { join } from 'node:path';
import { ExitCode, NightshiftError, messageOf } from '../shared/errors.ts';
import { readJsonFile } from '../shared/files.ts';
import type { Evaluation } from './job/evaluate.ts';
import type { ScoringResult } from './job/score.ts';
import type { ModelResult } from './job/train.ts';
import type { NightMetrics } from './night-metrics.ts';
import { workFolder } from './places.ts';
import type { Prepared } from './prepare.ts';
import { SCORES } from './published.ts';
import type { StepOutcome } from './run-step.ts';

export type NightStatus = 'done' | 'refused' | 'checks_failed' | 'late' | 'failed' | 'unchanged' | 'tried';

export interface StepReport extends StepOutcome {
  readonly name: string;
}

/** What the results of the steps say, as far as they came. */
interface Results {
  /** The model that scored; before scoring, the one that was trained. */
  readonly model: { readonly family: string; readonly folder: string; readonly run: string } | null;
  readonly evaluation: Evaluation | null;
  readonly scores: { readonly table: string; readonly file: string; readonly rows: number } | null;
}

/** What a night came to. */
export interface NightReport extends Results {
  readonly status: NightStatus;
  readonly exitCode: ExitCode;
  readonly runId: string | null;
  readonly asOf: string | null;
  readonly steps: readonly StepReport[];
  /** Of the test batch, where the night came as far. */
  readonly metrics: NightMetrics | null;
  readonly error: NightshiftError | null;
  /** Why there is no new model on a night that was scored by the champion all the same. */
  readonly untrained: NightshiftError | null;
  /** What a person should hear although the night went well. */
  readonly alarms: readonly string[];
}

/** The report of steps that went well; only what they made themselves is in it. */
export function reportOf(run: Prepared, steps: readonly StepReport[]): NightReport {
  const made = new Set(steps.filter(({ status }) => status === 'done').flatMap(({ name }) => run.plan.steps.find((step) => step.name === name)?.writes ?? []));
  return { status: 'done', exitCode: ExitCode.done, runId: run.runId, asOf: run.windows.asOf, steps, metrics: null, error: null, untrained: null, alarms: [], ...resultsOf(run, (name) => made.has(name)) };
}

/** The report of a night that is published already. */
export function unchangedReport(run: Prepared): NightReport {
  return { ...reportOf(run, []), ...resultsOf(run, () => true), status: 'unchanged' };
}

function resultsOf(run: Prepared, isMade: (name: string) => boolean): Results {
  const result = (name: string): unknown => (isMade(name) ? (readJsonFile(join(workFolder(run.places, run.runId), `${name}.json`)) ?? null) : null);
  const model = result('model') as ModelResult | null;
  const evaluation = result('evaluation') as Evaluation | null;
  const scoring = result('scoring') as ScoringResult | null;
  const trained = model === null ? null : { family: model.family, folder: model.folder, run: run.runId };
  return {
    model: scoring === null ? trained : { family: scoring.family, folder: join(run.places.models, scoring.modelRun), run: scoring.modelRun },
    evaluation,
    scores: scoring === null || !isMade('scores') ? null : { table: SCORES, file: join(run.places.data, 'scores', `${run.windows.asOf}.csv`), rows: scoring.rows },
  };
}

/** What an error makes of a night. */
export function outcomeOf(error: NightshiftError): Pick<NightReport, 'status' | 'exitCode' | 'error'> {
  const status = error.exitCode === ExitCode.sourceLate ? 'late' : error.exitCode === ExitCode.checksFailed ? 'checks_failed' : 'failed';
  return { status, exitCode: error.exitCode, error };
}

/** The report of a night that failed before it had a name. */
export function failedReport(error: NightshiftError): NightReport {
  return { runId: null, asOf: null, steps: [], model: null, scores: null, evaluation: null, metrics: null, untrained: null, alarms: [], ...outcomeOf(error) };
}

/** Anything thrown, as the one kind of error. */
export function asError(thrown: unknown): NightshiftError {
  if (thrown instanceof NightshiftError) return thrown;
  const error = new NightshiftError({ code: 'unexpected', what: messageOf(thrown), fix: 'run again with --debug for the place in the program', cause: thrown });
  if (typeof thrown === 'object' && thrown !== null && 'stack' in thrown) error.stack = String(thrown.stack);
  return error;
}
