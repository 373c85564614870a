import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import type { StepContext } from '../context.ts';
import { type Known, outcomesOf } from '../job/blind-source.ts';
import { extractAside } from '../job/extract-aside.ts';
import { extractKnown } from '../job/extract-known.ts';
import { columnOf, keyTypes } from '../job/streams.ts';
import { nightRows } from '../vocabulary.ts';
import type { Drawn } from './draw.ts';
import type { Recipe } from './recipe.ts';
import { Values, wholeOf } from './values.ts';

/** The keys of the rows, numbered; and what is put before relations that are made of them. */
const KEYS = 'replayed';
const ROW = 'replayed_row';
const PREFIX = 'replay_';

/** What today's sources give for rows of the past. */
export interface Again {
  /** Whatever the sources hold now. */
  readonly open: Values;
  /** Without what became known after each row's cutoff. */
  readonly blind: Values;
  /** Without what became known, or is dated, after the night that kept the row; extracted when it is asked for. */
  readonly atNight: () => Promise<Values>;
}

/** Lets `use` work with the features of drawn rows, extracted again by their own SQL from the sources as they are now. */
export async function extractAgain<T>(step: StepContext, { drawn, recipe }: { drawn: Drawn; recipe: Recipe }, use: (again: Again) => Promise<T>): Promise<T> {
  const warehouse = await step.warehouse();
  const { windows } = drawn.part;
  await warehouse.load(KEYS, { ...keyTypes(step, drawn.keys, recipe.keys), [ROW]: 'integer' }, once(numbered(drawn.keys)));
  const extract = (known?: Known): Promise<Values> => extractOne(step, { drawn, recipe, known });
  try {
    const open = await extract();
    const blind = outcomesOf(step.config).length === 0 ? open : await extract({ cutoff: drawn.day - recipe.config.lead, hidden: 'all' });
    return await use({ open, blind, atNight: () => extract({ cutoff: windows.asOfDay, hidden: 'all', datedBefore: windows.freshUntilDay }) });
  } finally {
    await warehouse.drop(KEYS);
  }
}

async function extractOne(step: StepContext, { drawn, recipe, known }: { drawn: Drawn; recipe: Recipe; known: Known | undefined }): Promise<Values> {
  const { scripts, config } = recipe;
  const { windows } = drawn.part;
  const window = config.time === undefined ? nightRows(windows) : { rowsFromDay: drawn.day, rowsUntilDay: drawn.day + 1 };
  const aside = { scripts, prefix: PREFIX, window, config, windows };
  const read = (): Promise<Values> => readBack(step, drawn, recipe);
  return known === undefined ? extractAside(step, aside, read) : extractKnown(step, { ...aside, known }, read);
}

async function readBack(step: StepContext, drawn: Drawn, { keys, columns }: Recipe): Promise<Values> {
  const warehouse = await step.warehouse();
  const { identifier } = warehouse.dialect;
  const names = Object.keys(columns).map((name) => `made.${identifier(name)}`);
  const on = keys.map((name) => `made.${identifier(name)} = given.${identifier(name)}`).join(' AND ');
  const sql = `SELECT ${[`given.${identifier(ROW)}`, ...names].join(', ')} FROM ${identifier(KEYS)} AS given JOIN ${identifier(`${PREFIX}features`)} AS made ON ${on} ORDER BY given.${identifier(ROW)}`;
  const batch = await wholeOf(() => warehouse.stream(sql, { columns: { [ROW]: 'number', ...columns } }));
  const places = new Int32Array(drawn.rows).fill(-1);
  const rows = batch.rows === 0 ? undefined : columnOf(batch, ROW);
  if (rows?.storage === 'number') rows.values.forEach((row, place) => (places[row] = place));
  return new Values(batch, places);
}

function numbered({ rows, columns }: ColumnBatch): ColumnBatch {
  const number: Column = { storage: 'number', values: Float64Array.from({ length: rows }, (_, row) => row), nulls: undefined };
  return { rows, columns: new Map([...columns, [ROW, number]]) };
}

async function* once(batch: ColumnBatch): AsyncIterable<ColumnBatch> {
  yield batch;
}
