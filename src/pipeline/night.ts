import { NightshiftError, ExitCode, messageOf } from '../shared/errors.ts';
import { readJsonFile } from '../shared/files.ts';
import { join } from 'node:path';
import { type Attempt, Registry } from '../registry/registry.ts';
import type { LogEntry, RunContext } from './context.ts';
import type { Evaluation } from './job/evaluate.ts';
import type { ScoringResult } from './job/score.ts';
import type { ModelResult } from './job/train.ts';
import { interruptAt } from './interrupt.ts';
import { takeLock } from './lock.ts';
import { Logs } from './logs.ts';
import { workFolder } from './places.ts';
import { type Choices, type Prepared, loadProject, prepare } from './prepare.ts';
import { SCORES } from './published.ts';
import { type StepOutcome, runStep } from './run-step.ts';

export type NightStatus = 'done' | 'refused' | 'checks_failed' | 'late' | 'failed' | 'unchanged' | 'tried';

export interface NightChoices extends Choices {
  readonly mode: RunContext['mode'];
  /** Only this step, on what the steps before it left. */
  readonly only?: string | undefined;
}

export interface StepReport extends StepOutcome {
  readonly name: string;
}

/** What a night came to. */
export interface NightReport {
  readonly status: NightStatus;
  readonly exitCode: ExitCode;
  readonly runId: string | null;
  readonly asOf: string | null;
  readonly steps: readonly StepReport[];
  readonly model: { readonly family: string; readonly folder: string; readonly run: string } | null;
  readonly scores: { readonly table: string; readonly file: string; readonly rows: number } | null;
  readonly evaluation: Evaluation | null;
  readonly error: NightshiftError | null;
}

/** Who is told what happens while it happens. */
export interface NightListener {
  begin(run: Prepared): void;
  stepBegins(name: string): void;
  log(step: string, entry: LogEntry): void;
  progress(step: string, text: string): void;
  stepEnds(report: StepReport): void;
}

/** Runs the night, or one step of it: the lock, the plan, the steps as subprocesses, logs and record. Never throws for what a night can come to. */
export async function runNight(choices: NightChoices, listener: NightListener): Promise<NightReport> {
  let registry: Registry | undefined;
  let lock: { release(): void } | undefined;
  try {
    const project = await loadProject(choices);
    lock = await takeLock(project.places.data, 'run', 0);
    registry = Registry.open(project.places.registry);
    const talk = { log: (entry: LogEntry) => listener.log('prepare', entry), progress: (text: string) => listener.progress('prepare', text) };
    const prepared = await prepare(project, choices, { registry, talk });
    listener.begin(prepared);
    return await runPrepared(prepared, choices, { registry, listener });
  } catch (thrown) {
    return failedReport(asError(thrown));
  } finally {
    registry?.close();
    lock?.release();
  }
}

interface Hands {
  readonly registry: Registry;
  readonly listener: NightListener;
}

async function runPrepared(run: Prepared, choices: NightChoices, hands: Hands): Promise<NightReport> {
  const isWhole = choices.only === undefined;
  if (isWhole && choices.mode === 'night' && run.published?.runId === run.runId) return { ...reportOf(run, []), ...publishedResults(run), status: 'unchanged' };
  const champion = hands.registry.championFor(run.windows.asOf);
  const attempt = hands.registry.begin({ runId: run.runId, asOf: run.windows.asOf, warehouse: run.config.warehouse, inputs: run.inputs }, isWhole ? choices.mode : `step ${choices.only}`, champion);
  const report = await runSteps(run, { ...choices, champion, attempt }, hands).catch((thrown: unknown): NightReport => ({ ...reportOf(run, []), ...outcomeOf(asError(thrown)) }));
  hands.registry.end(attempt, { status: report.status, exitCode: report.exitCode, message: report.error?.message ?? null });
  return report;
}

interface Going extends NightChoices {
  readonly champion: string | null;
  readonly attempt: Attempt;
}

async function runSteps(run: Prepared, going: Going, { registry, listener }: Hands): Promise<NightReport> {
  const logs = new Logs(run.places, { ...going.attempt, asOf: run.windows.asOf });
  const reports: StepReport[] = [];
  for (const name of chosenSteps(run, going)) {
    listener.stepBegins(name);
    interruptAt(`runner ${name}`);
    const talk = {
      log: (entry: LogEntry) => {
        logs.event(name, entry);
        listener.log(name, entry);
      },
      progress: (text: string) => listener.progress(name, text),
    };
    const report = { name, ...(await runStep(contextOf(run, going, name), talk)) };
    reports.push(report);
    if (report.error !== undefined) talk.log({ event: 'failed', status: 'failed', message: report.error.message });
    logs.step({ step: name, ...report });
    registry.recordStep(going.attempt, { step: name, ...report });
    listener.stepEnds(report);
    if (report.error !== undefined) return { ...reportOf(run, reports), ...outcomeOf(report.error) };
  }
  return endOf(run, going, reports);
}

function chosenSteps(run: Prepared, { only, mode }: Going): readonly string[] {
  const names = run.plan.steps.map(({ name }) => name);
  if (only === undefined) return names.filter((name) => mode === 'night' || run.definitions.get(name)?.publishes !== true);
  const found = names.find((name) => name === only || name.replace(/^\d+-/, '') === only);
  if (found !== undefined) return [found];
  throw new NightshiftError({ code: 'step-unknown', what: 'There is no such step', found: only, expected: names.join(', '), exitCode: ExitCode.usage });
}

function contextOf(run: Prepared, going: Going, step: string): RunContext {
  const makers = Object.fromEntries(run.plan.steps.flatMap(({ name, writes }) => writes.map((written) => [written, name])));
  const { config, windows, places, sources, backend, inputsHash, runId } = run;
  return { runId, attempt: going.attempt.attempt, step, config, windows, places, sources, makers, backend, champion: going.champion, mode: going.mode, inputsHash };
}

function endOf(run: Prepared, going: Going, steps: readonly StepReport[]): NightReport {
  const report = reportOf(run, steps);
  const isRefused = report.evaluation !== null && report.evaluation.winner !== run.runId && going.only === undefined;
  const exitCode = isRefused ? ExitCode.refused : ExitCode.done;
  if (going.mode === 'try') return { ...report, status: 'tried', exitCode };
  return { ...report, status: isRefused ? 'refused' : 'done', exitCode };
}

/** What the results of the steps say, as far as they came. */
function reportOf(run: Prepared, steps: readonly StepReport[]): NightReport {
  const isFrom = (name: string): boolean => steps.some((step) => step.status === 'done' && run.plan.steps.find((one) => one.name === step.name)?.writes.includes(name) === true);
  return { status: 'done', exitCode: ExitCode.done, runId: run.runId, asOf: run.windows.asOf, steps, error: null, ...resultsOf(run, isFrom) };
}

/** What the night left that is published already. */
function publishedResults(run: Prepared): Pick<NightReport, 'model' | 'evaluation' | 'scores'> {
  return resultsOf(run, () => true);
}

function resultsOf(run: Prepared, isFrom: (name: string) => boolean): Pick<NightReport, 'model' | 'evaluation' | 'scores'> {
  const result = (name: string): unknown => readJsonFile(join(workFolder(run.places, run.runId), `${name}.json`)) ?? null;
  const model = isFrom('model') ? (result('model') as ModelResult | null) : null;
  const evaluation = isFrom('evaluation') ? (result('evaluation') as Evaluation | null) : null;
  const scoring = isFrom('scores') ? (result('scoring') as ScoringResult | null) : null;
  return {
    model: model === null ? null : { family: model.family, folder: model.folder, run: evaluation?.winner ?? run.runId },
    evaluation,
    scores: scoring === null ? null : { table: SCORES, file: join(run.places.data, 'scores', `${run.windows.asOf}.csv`), rows: scoring.rows },
  };
}

function outcomeOf(error: NightshiftError): Pick<NightReport, 'status' | 'exitCode' | 'error'> {
  const status = error.exitCode === ExitCode.sourceLate ? 'late' : error.exitCode === ExitCode.checksFailed ? 'checks_failed' : 'failed';
  return { status, exitCode: error.exitCode, error };
}

function failedReport(error: NightshiftError): NightReport {
  return { runId: null, asOf: null, steps: [], model: null, scores: null, evaluation: null, ...outcomeOf(error), error };
}

function asError(thrown: unknown): NightshiftError {
  if (thrown instanceof NightshiftError) return thrown;
  const error = new NightshiftError({ code: 'unexpected', what: messageOf(thrown), fix: 'run again with --debug for the place in the program', cause: thrown });
  if (typeof thrown === 'object' && thrown !== null && 'stack' in thrown) error.stack = String(thrown.stack);
  return error;
}
