import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from '../registry/records.ts';
import { Registry } from '../registry/registry.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import type { LogEntry, RunContext } from './context.ts';
import { artefactsOf } from './artefacts.ts';
import { environmentOf } from './environment.ts';
import { interruptAt } from './interrupt.ts';
import { Interruption } from './interruption.ts';
import { takeLock } from './lock.ts';
import { Logs } from './logs.ts';
import { loadsFile, loadsFolder } from './places.ts';
import { type NightMetrics, nightMetrics } from './night-metrics.ts';
import { brokenText, recentOutcome } from './outcomes/alarm.ts';
import { type NightReport, type StepReport, asError, failedReport, outcomeOf, reportOf, unchangedReport } from './night-report.ts';
import { ageOf } from './scorer.ts';
import { makersOf } from './plan.ts';
import { type Choices, type Prepared, loadProject, prepare } from './prepare.ts';
import { reportNight } from './run-report.ts';
import { runStep } from './run-step.ts';
import { type StepProcess, StepProcesses } from './step-process.ts';

export interface NightChoices extends Choices {
  readonly mode: RunContext['mode'];
  /** Only this step, on what the steps before it left. */
  readonly only?: string | undefined;
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
  let loads: string | undefined;
  const interruption = new Interruption().listen();
  const processes = new StepProcesses();
  try {
    const project = await loadProject(choices);
    lock = await takeLock(project.places.data, 'run', 0);
    processes.begin();
    loads = loadsFolder(project.places);
    rmSync(loads, { recursive: true, force: true });
    registry = Registry.open(project.places.registry);
    const talk = { log: (entry: LogEntry) => listener.log('prepare', entry), progress: (text: string) => listener.progress('prepare', text) };
    const prepared = await prepare(project, choices, { registry, talk, check: () => interruption.check(), loads: loadsFile(project.places, project.config.warehouse) });
    await interruption.check();
    listener.begin(prepared);
    return await runPrepared(prepared, choices, { registry, listener, interruption, processes });
  } catch (thrown) {
    return failedReport(asError(thrown));
  } finally {
    processes.end();
    registry?.close();
    if (loads !== undefined) rmSync(loads, { recursive: true, force: true });
    lock?.release();
    interruption.stop();
  }
}

interface Hands {
  readonly interruption: Interruption;
  readonly registry: Registry;
  readonly listener: NightListener;
  readonly processes: StepProcesses;
}

async function runPrepared(run: Prepared, choices: NightChoices, hands: Hands): Promise<NightReport> {
  const isWhole = choices.only === undefined;
  if (isWhole && choices.mode === 'night' && run.published?.runId === run.runId) {
    const folder = join(run.places.models, run.published.modelRun);
    if (!existsSync(folder)) hands.listener.log('prepare', { event: 'model', status: 'warn', message: `the model that scored this night is gone: ${folder}` });
    return { ...unchangedReport(run), metrics: metricsOf(run, hands.registry) };
  }
  const champion = run.champion?.modelRun ?? null;
  const attempt = hands.registry.begin({ runId: run.runId, asOf: run.windows.asOf, warehouse: run.config.warehouse, inputs: run.inputs, environment: environmentOf(run.places.project) }, isWhole ? choices.mode : `step ${choices.only}`, champion);
  const report = await runSteps(run, { ...choices, champion, attempt }, hands).catch((thrown: unknown): NightReport => ({ ...reportOf(run, []), ...outcomeOf(asError(thrown)) }));
  hands.registry.recordArtefacts(attempt, artefactsOf(run.places, { runId: run.runId, scores: report.scores?.file }));
  hands.registry.end(attempt, { status: report.status, exitCode: report.exitCode, message: (report.error ?? report.untrained)?.message ?? null });
  await reportNight(run, hands.registry, { attempt, listener: hands.listener });
  return { ...report, metrics: report.evaluation === null && report.error === null ? null : metricsOf(run, hands.registry) };
}

function metricsOf({ config, runId }: Prepared, registry: Registry): NightMetrics | null {
  return nightMetrics(registry, { task: config.task, runId });
}

interface Going extends NightChoices {
  readonly champion: string | null;
  readonly attempt: Attempt;
}

async function runSteps(run: Prepared, going: Going, hands: Hands): Promise<NightReport> {
  const logs = new Logs(run.places, { ...going.attempt, asOf: run.windows.asOf });
  const reports: StepReport[] = [];
  let scorer = run.scorer?.modelRun ?? null;
  let untrained: NightshiftError | null = null;
  const names = chosenSteps(run, going);
  for (const name of names) {
    if (scorer !== null && going.only === undefined && learns(run, name)) continue;
    const child = hands.processes.take(name === names.at(-1));
    const report = await runOne(run, { ...going, scorer }, { name, logs, child, hands });
    reports.push(report);
    if (report.error !== undefined) {
      if (!canScorePast(run, going, report)) return { ...reportOf(run, reports), ...outcomeOf(report.error) };
      [scorer, untrained] = [going.champion, report.error];
      const entry: LogEntry = { event: 'scored past', status: 'warn', message: `no new model: ${report.error.details.what}; the champion ${scorer ?? ''} scores`, show: true };
      logs.event(name, entry);
      hands.listener.log(name, entry);
    }
    // What is published is published; before that, whoever asked to stop is heard between steps.
    if (run.definitions.get(name)?.publishes !== true) await hands.interruption.check();
  }
  return endOf(run, going, { ...reportOf(run, reports), untrained });
}

async function runOne(run: Prepared, going: Going & { readonly scorer: string | null }, { name, logs, child, hands: { registry, listener } }: { name: string; logs: Logs; child: StepProcess; hands: Hands }): Promise<StepReport> {
  listener.stepBegins(name);
  registry.beginStep(going.attempt, name);
  interruptAt(`runner ${name}`);
  const talk = {
    log: (entry: LogEntry) => {
      logs.event(name, entry);
      listener.log(name, entry);
    },
    progress: (text: string) => listener.progress(name, text),
  };
  const report = { name, ...(await runStep(contextOf(run, going, name), talk, child)) };
  // For the log alone: on the console the last line tells it.
  if (report.error !== undefined) logs.event(name, { event: 'failed', status: 'failed', message: report.error.message });
  logs.step({ step: name, ...report });
  registry.recordStep(going.attempt, { step: name, ...report });
  listener.stepEnds(report);
  return report;
}

/** Whether a step only makes or judges a new model: a night that is scored by an earlier one does without it. */
function learns({ plan }: Prepared, name: string): boolean {
  return plan.steps.find((step) => step.name === name)?.writes.some((written) => written === 'model' || written === 'evaluation') === true;
}

/** A night whose training fails is scored by the champion, unless somebody stopped it. */
function canScorePast(run: Prepared, { champion, mode, only }: Going, { name, error }: StepReport): boolean {
  const isStopped = error?.exitCode === ExitCode.interrupted || error?.exitCode === ExitCode.terminated;
  return champion !== null && mode === 'night' && only === undefined && learns(run, name) && !isStopped;
}

function chosenSteps(run: Prepared, { only, mode }: Going): readonly string[] {
  const names = run.plan.steps.map(({ name }) => name);
  if (only === undefined) return names.filter((name) => mode === 'night' || run.definitions.get(name)?.publishes !== true);
  const found = names.find((name) => name === only || name.replace(/^\d+-/, '') === only);
  if (found !== undefined) return [publishable(found, run, mode)];
  throw new NightshiftError({ code: 'step-unknown', what: 'There is no such step', found: only, expected: names.join(', '), exitCode: ExitCode.usage });
}

/** A try is not published, by no way. */
function publishable(name: string, run: Prepared, mode: Going['mode']): string {
  if (mode === 'night' || run.definitions.get(name)?.publishes !== true) return name;
  throw new NightshiftError({ code: 'usage', what: `${name} publishes, and a try is not published`, found: '--set without --publish', fix: 'say --publish, too', exitCode: ExitCode.usage });
}

function contextOf(run: Prepared, going: Going & { readonly scorer: string | null }, step: string): RunContext {
  const makers = makersOf(run.plan);
  const { config, windows, places, fingerprints, backend, inputsHash, runId } = run;
  const pinned = (run.champion?.pinnedUntil ?? '') >= windows.asOf;
  return { runId, attempt: going.attempt.attempt, step, config, windows, places, fingerprints, makers, backend, champion: going.champion, pinned, scorer: going.scorer, mode: going.mode, inputsHash };
}

function endOf(run: Prepared, going: Going, report: NightReport): NightReport {
  const isRefused = going.only === undefined && (report.untrained !== null || (report.evaluation !== null && report.evaluation.judgement.verdict !== 'pass'));
  const exitCode = isRefused ? ExitCode.refused : ExitCode.done;
  const status = going.mode === 'try' ? 'tried' : isRefused ? 'refused' : 'done';
  return { ...report, status, exitCode, alarms: alarmsOf(run, report) };
}

/** What nobody is refused for, and somebody is told: a champion that grows old, scores that do not come true. */
function alarmsOf(run: Prepared, report: NightReport): readonly string[] {
  return [ageAlarm(run, report), ...(report.scores === null ? [] : [brokenText(recentOutcome(run.places, run.runId))])].filter((alarm) => alarm !== null);
}

function ageAlarm({ config: { champion_max_age: most }, windows }: Prepared, { model }: NightReport): string | null {
  if (most === undefined || model === null) return null;
  const age = ageOf(model.run, windows);
  return age > most ? `The champion ${model.run} was trained ${age} days ago; champion_max_age is ${most} days` : null;
}
