import { join } from 'node:path';
import { writeCsv } from '../dataset/csv-write.ts';
import type { ColumnBatch, Storage } from '../dataset/batch.ts';
import type { Scalar, Warehouse } from '../warehouse/warehouse.ts';

/** Every published night, each replaced as a whole. */
export const SCORES = 'scores';
/** One row a published night: the truth that files and record follow. */
export const PUBLISHED = 'published';
/** The scores of the latest published night. */
export const SCORES_CURRENT = 'scores_current';

export interface ScoresFile {
  readonly temporary: string;
  readonly file: string;
  readonly rows: number;
  /** SHA-256 of the file's bytes. */
  readonly hash: string;
  readonly meanScore: number | null;
}

export interface ScoresRequest {
  readonly relation: string;
  readonly asOf: string;
  /** The columns, in order; those before `as_of` are the key. */
  readonly keys: readonly string[];
  readonly folder: string;
}

/** Writes one night's scores to a file aside, in the order of the key; the caller renames it. */
export async function writeScores(warehouse: Warehouse, { relation, asOf, keys: columns, folder }: ScoresRequest): Promise<ScoresFile> {
  const { identifier, literal } = warehouse.dialect;
  const key = columns.slice(0, columns.indexOf('as_of'));
  const storage = Object.fromEntries(columns.map((name): [string, Storage] => [name, isNumber(name) ? 'number' : 'text']));
  const sql = `SELECT ${columns.map(identifier).join(', ')} FROM ${identifier(relation)} WHERE ${identifier('as_of')} = ${literal(asOf)} ORDER BY ${key.map(identifier).join(', ')}`;
  const file = join(folder, `${asOf}.csv`);
  const temporary = join(folder, `.${asOf}.csv.tmp`);
  let sum = 0;
  const seen = (batch: ColumnBatch): void => {
    const score = batch.columns.get('score');
    if (score?.storage === 'number') for (const value of score.values) sum += value;
  };
  const { rows, sha256 } = await writeCsv(temporary, columns, rowsOf(warehouse.stream(sql, { columns: storage }), seen));
  return { temporary, file, rows, hash: sha256, meanScore: rows === 0 ? null : sum / rows };
}

function isNumber(name: string): boolean {
  return name === 'score' || name === 'rank' || name.startsWith('score_');
}

/** Batches as rows of values; `seen` is given each batch. */
export async function* rowsOf(batches: AsyncIterable<ColumnBatch>, seen: (batch: ColumnBatch) => void): AsyncIterable<Scalar[]> {
  for await (const batch of batches) {
    seen(batch);
    const columns = [...batch.columns.values()];
    for (let row = 0; row < batch.rows; row++) {
      yield columns.map((column) => {
        if (column.storage === 'text') return column.dictionary[column.codes[row] ?? -1] ?? null;
        return column.nulls?.[row] === 1 ? null : (column.values[row] ?? null);
      });
    }
  }
}

/** A row of `published`. */
export interface Published {
  readonly asOf: string;
  readonly runId: string;
  readonly modelRun: string;
  readonly rows: number;
  readonly scoresHash: string;
}

/** What the warehouse has published, by as-of date. */
export async function readPublished(warehouse: Warehouse): Promise<readonly Published[]> {
  if (!(await warehouse.tables()).includes(PUBLISHED)) return [];
  const rows = await warehouse.rows(`SELECT as_of, run_id, model_run, ${warehouse.dialect.identifier('rows')}, scores_hash FROM ${warehouse.dialect.identifier(PUBLISHED)} ORDER BY as_of`);
  return rows.map((row) => ({ asOf: String(row['as_of']), runId: String(row['run_id']), modelRun: String(row['model_run']), rows: Number(row['rows']), scoresHash: String(row['scores_hash']) }));
}
