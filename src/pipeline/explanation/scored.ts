import { join } from 'node:path';
import { type Column, type ColumnBatch, cellText } from '../../dataset/batch.ts';
import { concatenate } from '../../dataset/floats.ts';
import type { Decision } from '../../evaluation/decision.ts';
import type { FittedModel } from '../../model/family.ts';
import type { Config } from '../../shared/config/schema.ts';
import { readJsonFile } from '../../shared/files.ts';
import { openWarehouse } from '../../warehouse/open.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn, keyColumns } from '../columns.ts';
import { DECISION_FILE } from '../job/model-files.ts';
import { resultColumns } from '../job/result-columns.ts';
import { columnOf, featureStorage, storageOf } from '../job/streams.ts';
import { type Places, warehouseFile } from '../places.ts';
import { SCORES } from '../published.ts';
import { type GivenKey, givenCondition } from './given-key.ts';
import { FRESH } from './kept-row.ts';
import { type Night, kindOf } from './night.ts';

/** What a row was given. */
export interface Scored {
  readonly score: number;
  readonly rank: number;
  /** Null for a regression. */
  readonly class: string | null;
}

export function readDecision(folder: string): Decision | null {
  return (readJsonFile(join(folder, DECISION_FILE)) ?? null) as Decision | null;
}

/** What was published for a row; undefined where the warehouse does not have it. */
export async function publishedScore(places: Places, { run }: Night, key: GivenKey): Promise<Scored | undefined> {
  const kind = kindOf(run);
  const warehouse = await openWarehouse({ kind, file: warehouseFile(places, kind), readOnly: true });
  try {
    const { identifier, literal } = warehouse.dialect;
    const where = `${identifier('as_of')} = ${literal(run.asOf)} AND ${await givenCondition(warehouse, SCORES, key)}`;
    const [row] = await warehouse.rows(`SELECT ${identifier('score')}, ${identifier('rank')}, CAST(${identifier('class')} AS TEXT) AS decided FROM ${identifier(SCORES)} WHERE ${where}`);
    return row === undefined ? undefined : { score: Number(row['score']), rank: Number(row['rank']), class: row['decided'] === null ? null : String(row['decided']) };
  } finally {
    await warehouse.close();
  }
}

/** What a run that is not published gave a row: the whole kept batch is scored again, for the row's rank. */
export async function keptScore(kept: Warehouse, { config, model, folder, key }: { config: Config; model: FittedModel; folder: string; key: GivenKey }): Promise<Scored> {
  const { identifier } = kept.dialect;
  const keyed = await storageOf(kept, FRESH, keyColumns(config));
  const order = [...(config.time === undefined ? [] : [dayColumn(config.time)]), ...keyColumns(config)].map(identifier).join(', ');
  const read = (columns: Readonly<Record<string, 'number' | 'text'>>): AsyncIterable<ColumnBatch> => kept.stream(`SELECT ${Object.keys(columns).map(identifier).join(', ')} FROM ${identifier(FRESH)} ORDER BY ${order}`, { columns });
  const predictions: Float64Array[] = [];
  for await (const batch of read(featureStorage(model.contract))) predictions.push(await model.predict(batch));
  const all = concatenate(predictions);
  const { classes, task } = model.contract;
  const outputs = Math.max(1, classes.length);
  const results = resultColumns(task, { rows: all.length / outputs, outputs, classes, predictions: all, decision: readDecision(folder), interval: null });
  const at = await placeOf(read(keyed), key);
  return { score: results.score[at]!, rank: results.rank()[at]!, class: task === 'regression' ? null : labelText(results.label(at, at + 1)) };
}

async function placeOf(keys: AsyncIterable<ColumnBatch>, key: GivenKey): Promise<number> {
  let from = 0;
  for await (const batch of keys) {
    for (let row = 0; row < batch.rows; row++) if ([...key].every(([name, value]) => cellText(columnOf(batch, name), row) === value)) return from + row;
    from += batch.rows;
  }
  throw new Error('the kept rows changed while they were read');
}

function labelText(label: Column): string {
  return cellText(label, 0);
}
