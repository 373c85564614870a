import { resolve } from 'node:path';
import type { Encoding } from '../dataset/encoding.ts';
import type { Project } from '../pipeline/prepare.ts';
import type { ScoreOutput } from '../pipeline/scoring/output.ts';
import { loadingWriter } from '../pipeline/scoring/loading-writer.ts';
import { type Brought, isParquet } from '../pipeline/scoring/spool.ts';
import { openTableWriter, requireNewTable } from '../pipeline/scoring/table-output.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { writeParquet } from '../warehouse/parquet-file.ts';

/** Options that say where a batch comes from and where its scores go. */
export interface ScorePlaces {
  readonly input?: string;
  readonly query?: string;
  readonly table?: string;
  readonly output?: string;
  readonly toTable?: string;
  readonly rejects?: string;
}

/** Options that say how a text file is written, where that is not to be found out. */
export interface ScoreDialect {
  readonly format?: 'csv' | 'jsonl';
  readonly delimiter?: string;
  readonly quote?: string;
  readonly encoding?: Encoding;
}

/** The one of --input, --query and --table that was said. */
export function broughtBy({ input, query, table }: ScorePlaces): Brought {
  const said = [...(input === undefined ? [] : [input === '-' ? { stream: process.stdin } : { file: input }]), ...(query === undefined ? [] : [{ query }]), ...(table === undefined ? [] : [{ table }])];
  if (said.length === 1) return said[0]!;
  throw new NightshiftError({ code: 'usage', what: 'A batch comes from one place', found: said.length === 0 ? 'none' : 'several', expected: 'one of --input, --query, --table', exitCode: ExitCode.usage });
}

/** How the batch is written, by --format, --delimiter, --quote and --encoding. Throws `usage` where it is no text. */
export function dialectOf({ format, delimiter, quote, encoding }: ScoreDialect, brought: Brought): ScoreDialect {
  const dialect = { ...(format === undefined ? {} : { format }), ...(delimiter === undefined ? {} : { delimiter: delimiter === '\\t' ? '\t' : delimiter }), ...(quote === undefined ? {} : { quote }), ...(encoding === undefined ? {} : { encoding }) };
  const isText = 'stream' in brought || ('file' in brought && !isParquet(brought.file));
  if (isText || Object.keys(dialect).length === 0) return dialect;
  throw new NightshiftError({ code: 'usage', what: 'Only text is read by a format, a delimiter, a quote or an encoding', found: Object.keys(dialect).map((name) => `--${name}`).join(', '), expected: 'a CSV or JSON Lines file', exitCode: ExitCode.usage });
}

/** Where --output or --to-table says that scores go. */
export async function outputOf(project: Project, { output, toTable, input, rejects }: ScorePlaces): Promise<ScoreOutput> {
  if ((output === undefined) === (toTable === undefined)) throw new NightshiftError({ code: 'usage', what: 'Scores go to one place', found: output === undefined ? 'none' : 'two', expected: 'one of --output, --to-table', exitCode: ExitCode.usage });
  if (toTable !== undefined) {
    assertApart([['--input', input], ['--rejects', rejects]]);
    await requireNewTable(project, toTable);
    return { table: (types) => openTableWriter(project, toTable, types) };
  }
  const file = output ?? '-';
  assertApart([['--output', file], ['--input', input], ['--rejects', rejects]]);
  if (file === '-') return { output: process.stdout, format: 'csv' };
  if (isParquet(file)) return { table: async (types) => loadingWriter((batches) => writeParquet(resolve(file), types, batches)) };
  return { output: file, format: /\.(jsonl|ndjson)$/i.test(file) ? 'jsonl' : 'csv' };
}

/** No file is read and written at once, or written twice. */
function assertApart(said: readonly (readonly [string, string | undefined])[]): void {
  const files = said.flatMap(([option, file]) => (file === undefined || file === '-' ? [] : [{ option, file: resolve(file) }]));
  const twice = files.find(({ file }, i) => files.findIndex((one) => one.file === file) < i);
  if (twice === undefined) return;
  const options = files.filter(({ file }) => file === twice.file).map(({ option }) => option).join(' and ');
  throw new NightshiftError({ code: 'usage', what: `${options} name the same file`, found: twice.file, expected: 'a file for each', fix: 'name another file', exitCode: ExitCode.usage });
}
