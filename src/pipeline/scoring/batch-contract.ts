import type { BatchColumn } from '../../batchfile/read.ts';
import type { SqlType } from '../../dataset/sql-type.ts';
import type { Config } from '../../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { keyColumns } from '../columns.ts';

/** What a batch that stands in for rows of a source has to hold. */
export interface BatchContract {
  /** The source that it stands in for. */
  readonly table: string;
  /** The columns by which its rows are told apart; none where it does not bring them. */
  readonly key: readonly string[];
  /** The columns of the key that the SQL makes of what a row holds; none where the batch brings it. */
  readonly madeKey: readonly string[];
  readonly columns: readonly BatchColumn[];
}

/**
 * The columns of `score.table` that are known when a row is scored: declared types, without outcomes and the label. Throws
 * `score-unclear` where the table cannot be told.
 */
export function batchContract(config: Config): BatchContract {
  const table = tableOf(config);
  const source = config.sources[table];
  if (source === undefined) throw unclear(`there is no source ${table}`, `one of ${Object.keys(config.sources).join(', ')}`);
  const later = new Set(source.known_later.flatMap(({ at, columns }) => [at, ...columns]));
  const whole = keyColumns(config);
  const [key, madeKey]: readonly [readonly string[], readonly string[]] = whole.every((name) => Object.hasOwn(source.types, name)) ? [whole, []] : [[], whole];
  const columns = Object.entries(source.types)
    .filter(([name]) => !later.has(name) && name !== config.label.column)
    .map(([name, type]): BatchColumn => ({ name, type, nullable: !key.includes(name), ...(type === 'date' || type === 'timestamp' ? { dates: source.dates } : {}), ...config.score.range?.[name] }));
  return { table, key, madeKey, columns };
}

/**
 * A warning for each column that the batch held as a wider type than the contract's. Only of numbers: whole ones are written
 * without a fraction, so that the file does not show what they were; the rest the reader sees.
 */
export function widerWarnings({ columns }: BatchContract, held: ReadonlyMap<string, SqlType>): readonly string[] {
  const wider = columns.filter(({ name, type }) => type === 'integer' && held.get(name) === 'number');
  return wider.map(({ name }) => `"${name}" is a whole number and the batch holds numbers that may have a fraction; whole ones are taken`);
}

/** The only source where there is one; otherwise it has to be said. */
function tableOf({ score, sources }: Config): string {
  const names = Object.keys(sources);
  if (score.table !== undefined) return score.table;
  if (names.length === 1) return names[0]!;
  throw unclear('no score.table', `the source that a batch stands in for: one of ${names.join(', ')}`);
}

function unclear(found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'score-unclear', what: 'pipeline.yaml does not say what a batch to be scored holds', where: 'score.table in pipeline.yaml', found, expected, exitCode: ExitCode.usage });
}
