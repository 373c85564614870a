import type { Command } from 'commander';
import type { NightReport } from '../pipeline/night-report.ts';
import { type NightListener, runNight } from '../pipeline/night.ts';
import { type ErrorDetails, ExitCode } from '../shared/errors.ts';
import { Console, count } from './console.ts';
import { type CommonOptions, configChoices, withAsOf, withCommon } from './options.ts';
import { endLine, metricLines } from './night-text.ts';
import { strayWord } from './stray.ts';

interface RunOptions extends CommonOptions {
  readonly try?: boolean;
  readonly publish?: boolean;
}

/** `run`, the default command: the night. */
export function addRun(program: Command): void {
  const command = withAsOf(withCommon(program.command('run', { isDefault: true }).description('run the night: extract, split, train, evaluate, score, test, publish')));
  command
    .usage('[options]')
    .argument('[words...]')
    .option('--try', 'do everything but publish')
    .option('--publish', 'publish although --set was used')
    .addHelpText('after', '\nExamples:\n  run.sh                                    tonight\n  run.sh --as-of 2001-06-10                 the night of that date, as it would have been\n  run.sh --try --set model.family=linear    try another family; nothing is published\n  run.sh --quiet                            for cron: silent unless something needs a person')
    .action(async (words: readonly string[], options: RunOptions) => {
      if (words[0] !== undefined) throw strayWord(program, words[0]);
      const mode = options.try === true || (options.set.length > 0 && options.publish !== true) ? 'try' : 'night';
      await night(options, { mode });
    });
}

/** `step NAME`: one step alone, on what the steps before it left. */
export function addStep(program: Command): void {
  const command = withAsOf(withCommon(program.command('step <name>').description('run one step alone, on what the steps before it left for this as-of date')));
  command.addHelpText('after', '\nExamples:\n  run.sh step 03-train --as-of 2001-06-10\n  run.sh step evaluate --as-of 2001-06-10').action(async (name: string, options: CommonOptions) => {
    await night(options, { mode: 'night', only: name });
  });
}

async function night(options: CommonOptions, { mode, only }: { mode: 'night' | 'try'; only?: string }): Promise<void> {
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  const start = performance.now();
  const report = await runNight({ ...configChoices(options), mode, only }, listen(console));
  if (report.metrics !== null && report.steps.length > 0) metricLines(report.metrics).forEach((line) => console.line(line));
  if (options.debug === true && report.error?.stack !== undefined) console.always(report.error.stack);
  const line = endLine(report, (performance.now() - start) / 1000);
  const needsPerson = report.exitCode !== ExitCode.done;
  if (needsPerson) console.always(console.red(line));
  else console.line(console.green(line));
  if (options.json === true) process.stdout.write(`${JSON.stringify(asJson(report))}\n`);
  process.exitCode = report.exitCode;
}

function listen(console: Console): NightListener {
  return {
    begin: ({ config, windows, runId, backend }) => console.line(console.bold(`${config.name} as of ${windows.asOf}: run ${runId}, ${config.warehouse}, ${config.model.family} on ${backend}`)),
    stepBegins: (name) => console.progress(name),
    log: (_, entry) => console.entry(entry),
    progress: (step, text) => console.progress(`${step}: ${text}`),
    stepEnds: ({ name, status, rows, seconds, peakMb }) => {
      const mark = status === 'done' ? console.green('✓') : console.red('✗');
      console.line(`${mark} ${name.padEnd(12)} ${(rows === null ? '' : `${count(rows)} rows`).padStart(16)} ${seconds.toFixed(1).padStart(7)} s ${peakMb === null ? '' : `${peakMb.toFixed(0).padStart(6)} MB`}`);
    },
  };
}

function asJson(report: NightReport): object {
  const { runId, asOf, status, steps, metrics, model, scores, exitCode, error } = report;
  return {
    run_id: runId,
    as_of: asOf,
    status,
    steps: steps.map(({ name, status: state, seconds, rows, peakMb }) => ({ name, status: state, seconds: rounded(seconds), rows, peak_mb: peakMb === null ? null : rounded(peakMb) })),
    metrics: metrics === null ? {} : { test: Object.fromEntries(metrics.rows.map(({ metric, tonight }) => [metric, tonight])) },
    model,
    scores,
    gates: report.evaluation?.judgement.gates ?? [],
    exit_code: exitCode,
    ...(error === null ? {} : { error: { code: error.code, ...told(error.details) } }),
  };
}

/** What an error tells, without what caused it: that may hold anything. */
function told({ what, where, found, expected, fix }: ErrorDetails): object {
  return { what, where, found, expected, fix };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
