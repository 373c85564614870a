import { type Command, InvalidArgumentError, Option } from 'commander';
import { openBatchFileAside } from '../batchfile/read-aside.ts';
import { type RejectsWriter, openRejectsWriter } from '../batchfile/write.ts';
import { Interruption } from '../pipeline/interruption.ts';
import { loadProject } from '../pipeline/prepare.ts';
import { withRecord } from '../pipeline/record.ts';
import { type ScoreResult, scoreBatch } from '../pipeline/scoring/score-batch.ts';
import { withBatchFile } from '../pipeline/scoring/spool.ts';
import { resolveRun } from '../registry/name-run.ts';
import { NightshiftError } from '../shared/errors.ts';
import { peakMb } from '../shared/peak.ts';
import { Console, count } from './console.ts';
import { type CommonOptions, configChoices, wholeNumber, withAsOf, withCommon } from './options.ts';
import { type ScoreDialect, type ScorePlaces, broughtBy, dialectOf, outputOf } from './score-places.ts';

interface ScoreOptions extends CommonOptions, ScorePlaces, ScoreDialect {
  readonly model: string;
  readonly columns: 'all' | 'key';
  readonly explain?: number;
}

/** `score`: a batch that somebody brings, scored by the model that is live. */
export function addScore(program: Command): void {
  withAsOf(withCommon(program.command('score').description('score a batch by the model that is live, its features made as at night')))
    .option('--input <file>', 'the batch: CSV or JSON Lines, gzipped or not, or Parquet; - for stdin')
    .option('--query <sql>', 'the batch: a SELECT on the warehouse and its sources')
    .option('--table <name>', 'the batch: a table of the warehouse, or a source')
    .option('--output <file>', 'where its scores go: .csv, .jsonl or .parquet; - for stdout')
    .option('--to-table <name>', 'in its place, a new table of the warehouse')
    .option('--model <run>', 'a run, whose model scores', 'champion')
    .option('--format <form>', 'csv or jsonl, where the input’s name does not say', checkedFormat)
    .option('--delimiter <sign>', 'what separates the fields of a CSV file, where that is not to be found out; \\t for a tab')
    .option('--quote <sign>', 'what quotes them; an empty text where nothing is quoted')
    .addOption(new Option('--encoding <name>', 'how its text is encoded; latin1 is never found out').choices(['utf-8', 'utf-16le', 'utf-16be', 'latin1']))
    .option('--columns <which>', 'all columns of the batch, or its key alone', checkedColumns, 'all')
    .option('--rejects <file>', 'where rows go that break the contract, with line, column, value and reason')
    .option('--explain <count>', 'say in a column why of so many rows, those with the highest scores', wholeNumber)
    .addHelpText('after', '\nExamples:\n  run.sh score --input tomorrow.csv --output scores.csv --rejects rejects.csv\n  gunzip -c tomorrow.csv.gz | run.sh score --input - --output - --columns key | head')
    .action(score);
}

async function score(options: ScoreOptions): Promise<void> {
  const console = new Console({ quiet: options.quiet === true });
  const choices = configChoices(options);
  const project = await loadProject(choices);
  const modelRun = await withRecord(choices, ({ registry }) => resolveRun(registry, options.model));
  const asOf = options.asOf ?? modelRun.slice(0, 10);
  const [brought, output] = [broughtBy(options), await outputOf(project, options)];
  const dialect = dialectOf(options, brought);
  const { limits } = project.config.score;
  // Before the first file is written, so that a signal never leaves one behind.
  const interruption = new Interruption().listen();
  const rejects = options.rejects === undefined ? undefined : await openRejectsWriter(options.rejects);
  const start = performance.now();
  try {
    const result = await withBatchFile(project, { brought, signal: interruption.signal }, ({ file, called, held }) => scoreBatch({
      project,
      modelRun,
      asOf,
      held,
      maxRejectShare: limits.max_reject_share,
      columns: options.columns,
      explain: options.explain ?? 0,
      open: async ({ columns, key }, keep) => {
        const opened = await openBatchFileAside({ input: file, called, columns, key, limits, ...dialect, keep });
        interruption.signal.addEventListener('abort', () => opened.close());
        return opened;
      },
      output,
      reject: async (found) => rejects?.write(found),
      check: () => interruption.check('The scoring'),
      talk: { log: (entry) => console.entry(entry), progress: (text) => console.progress(text) },
    }));
    await rejects?.finish();
    tell(console, result, { seconds: (performance.now() - start) / 1000, modelRun });
    if (options.json === true) (options.output === '-' ? process.stderr : process.stdout).write(`${JSON.stringify(jsonOf(result, modelRun))}\n`);
  } catch (thrown) {
    await ended(thrown, rejects, () => interruption.check('The scoring'));
  } finally {
    interruption.stop();
  }
}

/** Rejects are kept where they are what ended it. Throws unless whoever read the scores has seen enough. */
async function ended(thrown: unknown, rejects: RejectsWriter | undefined, check: () => Promise<void>): Promise<void> {
  const code = thrown instanceof NightshiftError ? thrown.code : undefined;
  if (code === 'too-many-rejects') await rejects?.finish();
  else await rejects?.abort();
  await check();
  if (code !== 'pipe-closed') throw thrown;
}

/** The same as an object. It stands on stdout unless the scores do. */
function jsonOf({ read, scored, rejected, byReason, known, beyond, seconds }: ScoreResult, modelRun: string): object {
  const { user, system } = process.cpuUsage();
  return { model_run: modelRun, read, scored, rejected, by_reason: byReason, known, beyond: beyond.map(({ feature, what, rows }) => ({ feature, what, rows })), seconds, cpu_seconds: (user + system) / 1e6, peak_mb: Math.round(peakMb()) };
}

function tell(console: Console, result: ScoreResult, { seconds, modelRun }: { seconds: number; modelRun: string }): void {
  for (const warning of result.warnings) console.line(console.yellow(`! ${warning}`));
  for (const { rows, told } of result.beyond) console.line(console.yellow(`! ${count(rows)} ${rows === 1 ? 'row has' : 'rows have'} ${told}`));
  for (const [reason, rows] of Object.entries(result.byReason)) console.line(console.yellow(`! ${count(rows)} rejected: ${reason}`));
  if (result.known > 0) console.line(`${count(result.known)} rows stand in the history, too, and were scored as they were brought`);
  console.line(console.green(`Scored ${count(result.scored)} of ${count(result.read)} rows by ${modelRun}, ${count(result.rejected)} rejected (${seconds.toFixed(1)} s, ${count(Math.round(result.read / seconds))} rows/s)`));
}

function checkedColumns(value: string): 'all' | 'key' {
  if (value === 'all' || value === 'key') return value;
  throw new InvalidArgumentError('Expected all or key.');
}

function checkedFormat(value: string): 'csv' | 'jsonl' {
  if (value === 'csv' || value === 'jsonl') return value;
  throw new InvalidArgumentError('Expected csv or jsonl.');
}
