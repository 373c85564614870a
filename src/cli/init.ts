import { relative } from 'node:path';
import { type Command, Option } from 'commander';
import type { Made } from '../init/init.ts';
import { ExitCode } from '../shared/errors.ts';
import { type Asker, nobody, terminalAsker } from './asker.ts';
import { Console, count } from './console.ts';

interface InitOptions {
  readonly from?: string;
  readonly target?: string;
  readonly task?: string;
  readonly key?: string;
  readonly time?: string;
  readonly warehouse?: 'sqlite' | 'duckdb';
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** `init DIR`: a project of its own from a table, which runs at once. */
export function addInit(program: Command): void {
  program
    .command('init <dir>')
    .description('make a project from a table of your own')
    .requiredOption('--from <place>', 'a CSV or Parquet file (or a pattern in quotes), or file#table of a SQLite or DuckDB file')
    .option('--target <column>', 'what is to be predicted; the last column unless said')
    .addOption(new Option('--task <task>', 'what kind of label it is, where the guess is wrong').choices(['binary', 'multiclass', 'regression']))
    .option('--key <column>', 'the column that names a row')
    .option('--time <column>', 'the column that says when a row is; none for none')
    .addOption(new Option('--warehouse <kind>', 'the engine of the project').choices(['sqlite', 'duckdb']))
    .option('--yes', 'ask nothing, also on a terminal')
    .option('--json', 'one object on stdout')
    .option('--quiet', 'say nothing but what is suspicious')
    .option('--debug', 'show where in the program an error came from')
    .addHelpText('after', '\nExamples:\n  run.sh init ~/churn --from customers.csv --target Churn\n  run.sh init ~/prices --from sales.parquet --target price --key sale_id --time sold_on\n  run.sh init ~/visits --from shop.db#appointments --target missed --yes\n\nOn a terminal it asks for what it is not told; Enter takes the answer in brackets.')
    .action(init);
}

async function init(folder: string, options: InitOptions): Promise<void> {
  const { makeProject } = await import('../init/init.ts');
  const console = new Console({ quiet: options.quiet === true });
  const { target, task, key, time, warehouse } = options;
  const asking = askerOf(options, console);
  try {
    const made = await makeProject({ folder, from: options.from ?? '', root: process.env['NIGHTSHIFT_ROOT'] ?? '', wishes: { target, task, key, time, warehouse }, ask: asking.ask, progress: (text) => console.progress(text) });
    tell(console, made);
    if (options.json === true) process.stdout.write(`${JSON.stringify(initJson(made))}\n`);
  } finally {
    asking.close();
  }
}

/** Asks where somebody can answer, and takes the guesses elsewhere. */
function askerOf({ yes, json, quiet }: InitOptions, console: Console): Asker {
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  return !isTerminal || yes === true || json === true || quiet === true ? nobody : terminalAsker(console);
}

function tell(console: Console, { project, choices, trial }: Made): void {
  console.line(console.bold(`${choices.name}: ${count(choices.rows)} rows of ${choices.place.path}`));
  for (const { about, chosen, why } of choices.decided) console.line(`  ${about.padEnd(15)} ${chosen}  ${console.dim(why)}`);
  const numbers = choices.features.filter(({ kind }) => kind === 'number').length;
  console.line(`  ${'features'.padEnd(15)} ${numbers} numbers, ${choices.features.length - numbers} categories`);
  if (choices.sensitive.length > 0) console.line(`  ${'sensitive'.padEnd(15)} ${choices.sensitive.map(({ name }) => name).join(', ')}  ${console.dim('shown nowhere')}`);
  console.line(`  ${'batches'.padEnd(15)} ${count(trial.fit)} rows train, ${count(trial.validation)} validate, ${count(trial.test)} test, ${count(trial.fresh)} are scored`);
  for (const warning of choices.warnings) console.always(`${console.yellow('!')} ${warning}`);
  const shown = relative(process.cwd(), project);
  const path = shown === '' || shown.startsWith('..') ? project : `./${shown}`;
  const word = /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  console.line(console.green(`Done: ${project}`));
  console.line(`Next:\n  ${word}/run.sh plan     what the night would do\n  ${word}/run.sh          the night\nWhat was chosen, and why, stands in ${word}/pipeline.yaml`);
}

function initJson({ project, choices, trial, files }: Made): object {
  const { name, source, place, rows, target, key, split, features, suspects, leftOut, sensitive, warehouse, decided, warnings } = choices;
  return {
    project,
    name,
    source: { name: source, kind: place.location.kind, path: place.path, rows },
    target: target.column,
    task: target.task,
    positive: target.pair?.positive ?? null,
    unlabelled: target.missing,
    key: key.kind === 'column' ? key.key.column : null,
    entity: key.entity?.column ?? null,
    time: split.by === 'time' ? split.time.column : null,
    label_known_at: split.by === 'time' ? (split.knownAt?.column ?? null) : null,
    split: split.by,
    warehouse,
    features: { number: features.filter(({ kind }) => kind === 'number').map((one) => one.name), category: features.filter(({ kind }) => kind === 'category').map((one) => one.name) },
    left_out: [...suspects, ...leftOut].map(({ column, why }) => ({ column, why })),
    suspicious: suspects.map(({ column, why }) => ({ column, why })),
    sensitive: sensitive.map((one) => one.name),
    batches: { fit: trial.fit, validation: trial.validation, test: trial.test, fresh: trial.fresh },
    decided,
    warnings,
    files,
    exit_code: ExitCode.done,
  };
}
