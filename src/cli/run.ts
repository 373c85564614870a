import type { Command } from 'commander';
import { type NightChoices, type NightListener, runNight } from '../pipeline/night.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { Console, count } from './console.ts';
import { type CommonOptions, configChoices, withAsOf, withCommon } from './options.ts';
import { nightJson } from './night-json.ts';
import { endLine, metricLines } from './night-text.ts';
import { strayWord } from './stray.ts';

interface RunOptions extends CommonOptions {
  readonly try?: boolean;
  readonly publish?: boolean;
  readonly scoreOnly?: boolean;
}

/** `run`, the default command: the night. */
export function addRun(program: Command): void {
  const command = withAsOf(withCommon(program.command('run', { isDefault: true }).description('run the night: extract, split, train, evaluate, score, test, publish')));
  command
    .usage('[options]')
    .argument('[words...]')
    .option('--try', 'do everything but publish')
    .option('--publish', 'publish although --set was used')
    .option('--score-only', 'train nothing: the champion scores')
    .addHelpText('after', '\nExamples:\n  run.sh                                    tonight\n  run.sh --as-of 2001-06-10                 the night of that date, as it would have been\n  run.sh --try --set model.family=linear    try another family; nothing is published\n  run.sh --score-only                       score by the champion, train nothing\n  run.sh --quiet                            for cron: silent unless something needs a person')
    .action(async (words: readonly string[], options: RunOptions) => {
      if (words[0] !== undefined) throw strayWord(program, words[0]);
      await night(options, { mode: modeOf(options), scoreOnly: options.scoreOnly });
    });
}

/** `step NAME`: one step alone, on what the steps before it left. */
export function addStep(program: Command): void {
  const command = withAsOf(withCommon(program.command('step <name>').description('run one step alone, on what the steps before it left for this as-of date')));
  command
    .option('--publish', 'let the step that publishes do so although --set was used')
    .addHelpText('after', '\nExamples:\n  run.sh step 03-train --as-of 2001-06-10\n  run.sh step evaluate --as-of 2001-06-10')
    .action(async (name: string, options: RunOptions) => {
      await night(options, { mode: modeOf(options), only: name });
    });
}

/** `--set` means a try unless `--publish` is said. */
function modeOf(options: RunOptions): 'night' | 'try' {
  if (options.try === true && options.publish === true) throw new NightshiftError({ code: 'usage', what: '--try and --publish contradict each other', fix: 'say one of them', exitCode: ExitCode.usage });
  return options.try === true || (options.set.length > 0 && options.publish !== true) ? 'try' : 'night';
}

async function night(options: CommonOptions, choices: Pick<NightChoices, 'mode' | 'only' | 'scoreOnly'>): Promise<void> {
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  const start = performance.now();
  const report = await runNight({ ...configChoices(options), ...choices }, nightListener(console));
  if (report.metrics !== null && report.steps.length > 0) metricLines(report.metrics).forEach((line) => console.line(line));
  if (options.debug === true && report.error?.stack !== undefined) console.always(report.error.stack);
  const line = endLine(report, (performance.now() - start) / 1000);
  const needsPerson = report.exitCode !== ExitCode.done;
  if (needsPerson) console.always(console.red(line));
  else console.line(console.green(line));
  for (const alarm of report.alarms) console.always(console.yellow(`! ${alarm}`));
  if (options.json === true) process.stdout.write(`${JSON.stringify(nightJson(report))}\n`);
  process.exitCode = report.exitCode;
}

/** Tells a person what a night does while it does it. */
export function nightListener(console: Console): NightListener {
  return {
    begin: ({ config, windows, runId, backend, scorer }) => {
      const by = scorer === null ? `${config.model.family} on ${backend}` : `scored by ${scorer.modelRun} (${scorer.why})`;
      console.line(console.bold(`${config.name} as of ${windows.asOf}: run ${runId}, ${config.warehouse}, ${by}`));
    },
    stepBegins: (name) => console.progress(name),
    log: (_, entry) => console.entry(entry),
    progress: (step, text) => console.progress(`${step}: ${text}`),
    stepEnds: ({ name, status, rows, seconds, peakMb }) => {
      const mark = status === 'done' ? console.green('✓') : console.red('✗');
      console.line(`${mark} ${name.padEnd(12)} ${(rows === null ? '' : `${count(rows)} rows`).padStart(16)} ${seconds.toFixed(1).padStart(7)} s ${peakMb === null ? '' : `${peakMb.toFixed(0).padStart(6)} MB`}`);
    },
  };
}
