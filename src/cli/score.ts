import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { openBatchFile } from '../batchfile/read.ts';
import { openBatchWriter, openRejectsWriter } from '../batchfile/write.ts';
import { loadProject } from '../pipeline/prepare.ts';
import { withRecord } from '../pipeline/record.ts';
import { type ScoreResult, scoreBatch } from '../pipeline/scoring/score-batch.ts';
import { type Brought, withBatchFile } from '../pipeline/scoring/spool.ts';
import { resolveRun } from '../registry/name-run.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { Console, count } from './console.ts';
import { type CommonOptions, configChoices, wholeNumber, withAsOf, withCommon } from './options.ts';

interface ScoreOptions extends CommonOptions {
  readonly input?: string;
  readonly query?: string;
  readonly table?: string;
  readonly output: string;
  readonly model: string;
  readonly columns: 'all' | 'key';
  readonly rejects?: string;
  readonly explain?: number;
  readonly format?: 'csv' | 'jsonl';
}

/** `score`: a batch that somebody brings, scored by the model that is live. */
export function addScore(program: Command): void {
  withAsOf(withCommon(program.command('score').description('score a batch by the model that is live, its features made as at night')))
    .option('--input <file>', 'the batch: CSV or JSON Lines, gzipped or not, or Parquet; - for stdin')
    .option('--query <sql>', 'the batch: a SELECT on the warehouse and its sources')
    .option('--table <name>', 'the batch: a table of the warehouse, or a source')
    .requiredOption('--output <file>', 'where its scores go: .csv or .jsonl; - for stdout')
    .option('--model <run>', 'a run, whose model scores', 'champion')
    .option('--format <form>', 'csv or jsonl, where the input’s name does not say', checkedFormat)
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
  if (options.output !== '-' && [options.input, options.rejects].some((file) => file !== undefined && resolve(file) === resolve(options.output))) throw new NightshiftError({ code: 'usage', what: 'The output would replace what the batch is read from, or the rejects', found: options.output, fix: 'name another file', exitCode: ExitCode.usage });
  const { limits } = project.config.score;
  const rejects = options.rejects === undefined ? undefined : await openRejectsWriter(options.rejects);
  const start = performance.now();
  try {
    const result = await withBatchFile(project, broughtBy(options), ({ file, called, held }) => scoreBatch({
      project,
      modelRun,
      asOf,
      held,
      maxRejectShare: limits.max_reject_share,
      columns: options.columns,
      explain: options.explain ?? 0,
      open: ({ columns, key }) => openBatchFile({ input: file, called, columns, key, limits, format: options.format }),
      output: (columns) => openBatchWriter({ output: options.output === '-' ? process.stdout : options.output, format: /\.(jsonl|ndjson)$/i.test(options.output) ? 'jsonl' : 'csv', columns }),
      reject: async (found) => rejects?.write(found),
      talk: { log: (entry) => console.entry(entry), progress: (text) => console.progress(text) },
    }));
    tell(console, result, { seconds: (performance.now() - start) / 1000, modelRun, isJson: options.json === true });
  } catch (thrown) {
    // Whoever read the scores has seen enough.
    if (!(thrown instanceof NightshiftError) || thrown.code !== 'pipe-closed') throw thrown;
  } finally {
    await rejects?.finish();
  }
}

/** The one of --input, --query and --table that was said. */
function broughtBy({ input, query, table }: ScoreOptions): Brought {
  const said = [...(input === undefined ? [] : [input === '-' ? { stream: process.stdin } : { file: input }]), ...(query === undefined ? [] : [{ query }]), ...(table === undefined ? [] : [{ table }])];
  if (said.length === 1) return said[0]!;
  throw new NightshiftError({ code: 'usage', what: 'A batch comes from one place', found: said.length === 0 ? 'none' : 'several', expected: 'one of --input, --query, --table', exitCode: ExitCode.usage });
}

function tell(console: Console, result: ScoreResult, { seconds, modelRun, isJson }: { seconds: number; modelRun: string; isJson: boolean }): void {
  if (isJson) process.stderr.write(`${JSON.stringify({ model_run: modelRun, read: result.read, scored: result.scored, rejected: result.rejected, by_reason: result.byReason, known: result.known, beyond: result.beyond.map(({ feature, what, rows }) => ({ feature, what, rows })) })}\n`);
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
