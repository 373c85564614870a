import type { ColumnBatch } from '../../dataset/batch.ts';
import { Random } from '../../evaluation/random.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn } from '../columns.ts';
import { storageOf } from '../job/streams.ts';
import { openKept } from '../kept-batches.ts';
import type { Places } from '../places.ts';
import type { Part } from './parts.ts';
import type { Recipe } from './recipe.ts';
import { Values, wholeOf } from './values.ts';

/** Each day is extracted anew, so the rows of a batch come from so many of its days at most. */
const MOST_DAYS = 4;

/** Rows of one day of a kept batch. */
export interface Drawn {
  readonly part: Part;
  /** The as-of date's where rows have no time. */
  readonly day: number;
  readonly rows: number;
  /** The columns of the key. */
  readonly keys: ColumnBatch;
  /** As they were kept. */
  readonly kept: Values;
}

export interface DrawRequest {
  readonly recipe: Recipe;
  readonly wanted: number;
  readonly seed: number;
}

/** Draws rows of a kept batch by the seed: some days, and rows of each. */
export async function drawRows(places: Places, part: Part, { recipe, wanted, seed }: DrawRequest): Promise<readonly Drawn[]> {
  const warehouse = await openKept(places, { runId: part.runId, kept: part.batch === 'fresh' ? 'scored' : 'learned' });
  if (warehouse === undefined) return [];
  try {
    const drawn: Drawn[] = [];
    let left = wanted;
    for (const { day, rows } of await drawDays(warehouse, part, { recipe, seed })) {
      if (left === 0 || drawn.length === MOST_DAYS) break;
      const taken = Math.min(left, rows);
      drawn.push(await drawDay(warehouse, { part, day, recipe, taken, seed }));
      left -= taken;
    }
    return drawn;
  } finally {
    await warehouse.close();
  }
}

interface Day {
  readonly day: number;
  readonly rows: number;
}

/** The days of a batch with their rows, in an order drawn by the seed. */
async function drawDays(warehouse: Warehouse, { batch, windows }: Part, { recipe: { config }, seed }: Pick<DrawRequest, 'recipe' | 'seed'>): Promise<readonly Day[]> {
  const { identifier } = warehouse.dialect;
  const day = config.time === undefined ? String(windows.asOfDay) : identifier(dayColumn(config.time));
  const found = await warehouse.rows(`SELECT ${day} AS day, count(*) AS n FROM ${identifier(batch)} GROUP BY 1 ORDER BY 1`);
  const random = new Random(seed * 100_000 + windows.asOfDay);
  const order = found.map((row) => ({ day: Number(row['day']), rows: Number(row['n']), at: random.uniform() }));
  return order.toSorted((a, b) => a.at - b.at || a.day - b.day);
}

async function drawDay(warehouse: Warehouse, { part, day, recipe, taken, seed }: Pick<Drawn, 'part' | 'day'> & { readonly recipe: Recipe; readonly taken: number; readonly seed: number }): Promise<Drawn> {
  const { identifier, literal } = warehouse.dialect;
  const has = new Set((await warehouse.columns(`SELECT * FROM ${identifier(part.batch)}`, part.batch)).map(({ name }) => name));
  const watched = Object.fromEntries(Object.entries(recipe.columns).filter(([name]) => has.has(name)));
  const columns = { ...watched, ...(await storageOf(warehouse, part.batch, recipe.keys)) };
  const keys = recipe.keys.map(identifier).join(', ');
  const names = Object.keys(columns).map(identifier).join(', ');
  // By a hash of the key: the same rows on every engine.
  const lot = `md5(${recipe.keys.map((name) => `coalesce(CAST(${identifier(name)} AS TEXT), '')`).join(` || ${literal('\u001f')} || `)} || ${literal(String(seed))})`;
  const sql = `SELECT ${names} FROM (SELECT ${names} FROM ${identifier(part.batch)}${ofDay(warehouse, recipe, day)} ORDER BY ${lot}, ${keys} LIMIT ${taken}) AS drawn ORDER BY ${keys}`;
  const batch = await wholeOf(() => warehouse.stream(sql, { columns }));
  const keyed = new Map([...batch.columns].filter(([name]) => recipe.keys.includes(name)));
  return { part, day, rows: batch.rows, keys: { rows: batch.rows, columns: keyed }, kept: new Values(batch, Int32Array.from({ length: batch.rows }, (_, row) => row)) };
}

/** The condition that leaves the rows of one day. */
export function ofDay({ dialect }: Warehouse, { config }: Recipe, day: number): string {
  return config.time === undefined ? '' : ` WHERE ${dialect.identifier(dayColumn(config.time))} = ${day}`;
}
