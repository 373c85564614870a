import { type Command, InvalidArgumentError, Option } from 'commander';
import { parse } from 'yaml';
import type { BackendChoice } from '../model/family.ts';
import { ExitCode } from '../shared/errors.ts';
import { machineJson, repeated, wholeNumber } from './bench-options.ts';
import { Console } from './console.ts';

interface QualityOptions {
  readonly data: string;
  readonly table: readonly string[];
  readonly family: readonly string[];
  readonly option: Readonly<Record<string, unknown>>;
  readonly backend: BackendChoice;
  readonly budget?: number;
  readonly seeds: number;
  readonly validation: number;
  readonly peer?: boolean;
  readonly json?: boolean;
}

/** `bench quality`: every family on every table of a folder. */
export function addQuality(bench: Command): void {
  bench
    .command('quality')
    .description('train on every NAME.train.csv of a folder, label last, and report on NAME.test.csv')
    .requiredOption('--data <dir>', 'the folder with the tables')
    .option('--table <name>', 'only this table; may be repeated', repeated, [])
    .option('--family <name>', 'the family to train; may be repeated', repeated, [])
    .option('--option <key=value>', 'an option of the family, as under model.options; may be repeated', familyOption, {})
    .addOption(new Option('--backend <name>', 'what computes networks').choices(['wasm', 'native', 'auto']).default('wasm'))
    .option('--budget <seconds>', 'seconds that a training may take, for a family that plans by them', seconds)
    .option('--seeds <count>', 'trainings of each kind, with the seeds 1, 2, …', wholeNumber, 1)
    .option('--validation <share>', 'the share of the training rows that is held out', share, 0.15)
    .option('--peer', 'LightGBM beside them, on the same rows')
    .option('--project <dir>', 'the project whose own families may be named')
    .option('--json', 'one object on stdout')
    .action(benchQualities);
}

async function benchQualities(options: QualityOptions): Promise<void> {
  const [{ DEFAULT_FAMILY, benchQuality }, { machine, machineLine }, { qualityLines }, { tableJson }] = await Promise.all([import('../bench/quality.ts'), import('../bench/machine.ts'), import('../bench/quality-text.ts'), import('../bench/quality-json.ts')]);
  const console = new Console({ quiet: false });
  const facts = machine();
  const { data, backend, budget, seeds } = options;
  const families = options.family.length === 0 ? [DEFAULT_FAMILY] : options.family;
  const tables = await benchQuality({ data, tables: options.table, families, options: options.option, backend, budget, seeds, validationShare: options.validation, peer: options.peer === true, progress: (text) => console.progress(text), line: (text) => console.line(text) });
  if (options.json === true) process.stdout.write(`${JSON.stringify({ machine: machineJson(facts), backend, budget_seconds: budget ?? null, seeds, validation_share: options.validation, tables: tables.map(tableJson) })}\n`);
  else [machineLine(facts), '', ...qualityLines(tables, seeds)].forEach((line) => process.stdout.write(`${line}\n`));
  for (const { name, families: ours, peer } of tables) {
    for (const { family, error } of peer === undefined ? ours : [...ours, peer]) {
      if (error === undefined) continue;
      console.always(`${name}, ${family}: ${error.message}`);
      process.exitCode = ExitCode.failed;
    }
  }
}

/** `trees=100`, added to a mapping as `model.options` would hold it. */
function familyOption(value: string, before: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected KEY=VALUE, such as trees=100.');
  return { ...before, [value.slice(0, at)]: parse(value.slice(at + 1)) as unknown };
}

function seconds(value: string): number {
  const number = Number(value.replace(/s$/, ''));
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('Expected seconds, such as 60 or 60s.');
  return number;
}

function share(value: string): number {
  const number = Number(value);
  if (!(number >= 0 && number < 1) || value === '') throw new InvalidArgumentError('Expected a share from 0 to below 1.');
  return number;
}
