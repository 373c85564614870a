import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { readAddress } from '../export/mlflow/address.ts';
import { type ExportChoices, type ExportReport, exportRuns } from '../export/mlflow/export-runs.ts';
import { doubling, sleep } from '../export/mlflow/patience.ts';
import type { FileChoice } from '../export/mlflow/run-export.ts';
import { takeLock } from '../pipeline/lock.ts';
import { withRunning } from '../pipeline/comparison/running.ts';
import { type Record, withRecord } from '../pipeline/record.ts';
import { resolveRun } from '../registry/name-run.ts';
import type { RunDetail } from '../registry/records.ts';
import type { Registry } from '../registry/registry.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { Console } from './console.ts';
import { exportJson } from './export-json.ts';
import { exportLine, exportTable, exportWarnings } from './export-text.ts';
import { type CommonOptions, configChoices, withCommon } from './options.ts';

interface ExportOptions extends CommonOptions {
  readonly to: string;
  readonly all?: boolean;
  readonly experiment?: string;
  readonly files?: FileChoice;
  readonly timeout: number;
  readonly retries: number;
}

const EXAMPLES = `
Without RUN it is the last night. Credentials come from the environment: MLFLOW_TRACKING_USERNAME and
MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN. Given again, it exports what is new or was left half done.

Examples:
  run.sh export mlflow --to http://localhost:5000
  run.sh export mlflow --to https://mlflow.example.com champion latest~1
  run.sh export mlflow --to http://localhost:5000 --all --experiment late-flights`;

/** `export`: runs to an MLflow tracking server. */
export function addExport(program: Command): void {
  withCommon(program.command('export').description('log runs to an MLflow tracking server: parameters, metrics, tags, files, model versions and the champion'))
    .addArgument(new Argument('<where>', 'what kind of server').choices(['mlflow']))
    .argument('[runs...]', 'ids or their beginnings, champion, latest, latest~2, or as-of dates')
    .requiredOption('--to <url>', 'the address of the tracking server')
    .option('--all', 'every run in the record')
    .option('--experiment <name>', 'the experiment there; the project’s name unless said')
    .addOption(new Option('--files <which>', 'files of the run’s model folder: all, papers (report and card), or none; all unless the run has sensitive columns').choices(['all', 'papers', 'none']))
    .option('--timeout <seconds>', 'how long an answer may take', seconds, 30)
    .option('--retries <count>', 'how often a request is sent again that failed by what may pass', times, 5)
    .addHelpText('after', EXAMPLES)
    .action(async (_: string, runs: readonly string[], options: ExportOptions) => exportTo(runs, options));
}

async function exportTo(names: readonly string[], options: ExportOptions): Promise<void> {
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  if (names.length > 0 && options.all === true) throw new NightshiftError({ code: 'usage', what: 'export takes runs or --all, not both', found: `${names.join(' ')} and --all`, exitCode: ExitCode.usage });
  if (options.experiment?.trim() === '') throw new NightshiftError({ code: 'usage', what: 'An experiment has a name', where: '--experiment', found: 'nothing', exitCode: ExitCode.usage });
  const address = readAddress(options.to, process.env);
  if (address.exposes) console.always(console.yellow(`Credentials go to ${address.host} unencrypted: its address begins with http, not https`));
  await withRecord(configChoices(options), async (record) => {
    const runs = runsOf(record.registry, names, options.all === true);
    // Two at once would each find a run missing there, and both make it.
    const lock = await takeLock(record.places.data, 'export', 0);
    try {
      tell(await exportRuns({ address, runs, ...choicesOf(record, options, console) }), options, console);
    } finally {
      lock.release();
    }
  });
}

function choicesOf({ registry, config, places }: Record, { experiment = config.name, files, timeout, retries }: ExportOptions, console: Console): Omit<ExportChoices, 'address' | 'runs'> {
  const patience = { pauses: doubling(retries), sleep, tell: (text: string) => console.line(console.yellow(text)) };
  const isAtWork = async (run: RunDetail): Promise<boolean> => (await withRunning(places, [run]))[0]?.status === 'running';
  return { registry, models: places.models, experiment, model: config.name, files, patience, timeout, isAtWork, progress: (text) => console.progress(text) };
}

function tell(report: ExportReport, options: ExportOptions, console: Console): void {
  if (options.json === true) process.stdout.write(`${JSON.stringify(exportJson(report))}\n`);
  else if (options.quiet !== true) exportTable(report).forEach((line) => process.stdout.write(`${line}\n`));
  exportWarnings(report).forEach((line) => console.always(console.yellow(line)));
  report.failures.forEach(({ error }) => console.always(console.red(error.message)));
  const hasFailed = report.failures.length > 0;
  console.line(hasFailed ? console.red(exportLine(report)) : console.green(exportLine(report)));
  if (hasFailed) process.exitCode = ExitCode.failed;
}

/** Ids of the runs that are named, each once; throws where there is none. */
function runsOf(registry: Registry, names: readonly string[], isAll: boolean): readonly string[] {
  const found = isAll ? registry.runs.list().map(({ runId }) => runId) : (names.length === 0 ? ['latest'] : names).map((name) => resolveRun(registry, name));
  if (found.length > 0) return [...new Set(found)];
  throw new NightshiftError({ code: 'run-unknown', what: 'There are no runs yet', fix: 'run a night first', exitCode: ExitCode.usage });
}

function seconds(text: string): number {
  const number = Number(text.replace(/s$/, ''));
  if (!(number > 0 && number <= 3600)) throw new InvalidArgumentError('Expected seconds, such as 30, up to 3600.');
  return number;
}

function times(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 20 || text.trim() === '') throw new InvalidArgumentError('Expected a whole number from 0 to 20.');
  return number;
}
