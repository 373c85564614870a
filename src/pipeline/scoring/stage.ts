import type { Column, ColumnBatch, Storage } from '../../dataset/batch.ts';
import { storageOf } from '../../dataset/sql-type.ts';
import { dayColumn } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { type RowsWindow, nightRows } from '../vocabulary.ts';
import type { BatchContract } from './batch-contract.ts';

/** The batch's rows as they came, numbered; */
const ROWS = 'brought_rows';
/** as a source's relation has them; */
const BATCH = 'brought';
/** and the source with them in it. */
const WITH_HISTORY = 'brought_with_history';
/** The number of a row, in the order of the batch, from 0. */
const ROW = 'brought_row_number';

export interface Staged {
  readonly rows: number;
  /** Rows whose key the history has, and which are scored as they were brought. */
  readonly known: number;
  /** The relation that stands in for the source. */
  readonly standIn: string;
  /** Days of the rows, for what the SQL brings. */
  readonly window: RowsWindow;
}

/** Stages a batch beside the history of the source that it stands in for. */
export async function stageBatch(step: StepContext, contract: BatchContract, batches: AsyncIterable<ColumnBatch>): Promise<Staged> {
  const warehouse = await step.warehouse();
  const { identifier } = warehouse.dialect;
  await step.attach();
  const types = Object.fromEntries(contract.columns.map(({ name, type }) => [name, type]));
  const rows = await warehouse.load(ROWS, { ...types, [ROW]: 'integer' }, numbered(contract, batches));
  await warehouse.make(BATCH, await sourceLike(step, contract), BATCH);
  const on = contract.key.map((name) => `given.${identifier(name)} = had.${identifier(name)}`).join(' AND ');
  const names = (await warehouse.columns(`SELECT * FROM ${identifier(contract.table)}`, contract.table)).map(({ name }) => identifier(name));
  const of = (relation: string): string => names.map((name) => `${relation}.${name}`).join(', ');
  // A join, for which SQLite makes an index of its own; a subquery would scan the batch for each row of the history.
  const history = `FROM ${identifier(contract.table)} AS had LEFT JOIN ${identifier(BATCH)} AS given ON ${on}`;
  const isNew = `given.${identifier(contract.key[0] ?? '')} IS NULL`;
  await warehouse.define(WITH_HISTORY, `SELECT ${of('brought')} FROM ${identifier(BATCH)} AS brought UNION ALL SELECT ${of('had')} ${history} WHERE ${isNew}`);
  const [counted] = await warehouse.rows(`SELECT count(*) AS n ${history} WHERE NOT (${isNew})`);
  return { rows, known: Number(counted?.['n'] ?? 0), standIn: WITH_HISTORY, window: await windowOf(step) };
}

/** Rows of `features` that the batch brought, as a query: key and features, with the number of each row. */
export async function featuresOfBatch(step: StepContext, { contract, features, columns }: { contract: BatchContract; features: string; columns: readonly string[] }): Promise<string> {
  const { identifier } = (await step.warehouse()).dialect;
  const on = contract.key.map((name) => `made.${identifier(name)} = given.${identifier(name)}`).join(' AND ');
  return `SELECT given.${identifier(ROW)}, ${columns.map((name) => `made.${identifier(name)}`).join(', ')} FROM ${identifier(ROWS)} AS given JOIN ${identifier(features)} AS made ON ${on} ORDER BY given.${identifier(ROW)}`;
}

export { ROW as ROW_NUMBER };

async function* numbered({ columns }: BatchContract, batches: AsyncIterable<ColumnBatch>): AsyncIterable<ColumnBatch> {
  let from = 0;
  for await (const batch of batches) {
    const first = from;
    const given = new Map<string, Column>(columns.map(({ name, type }) => [name, stored(batch.columns.get(name)!, storageOf(type))]));
    given.set(ROW, { storage: 'number', values: Float64Array.from({ length: batch.rows }, (_, row) => first + row), nulls: undefined });
    from += batch.rows;
    yield { rows: batch.rows, columns: given };
  }
}

/** Keys come as the text that they were, and are staged as what the history holds. */
function stored(column: Column, storage: Storage): Column {
  if (column.storage === storage || column.storage === 'number') return column;
  const numbers = column.dictionary.map(Number);
  return { storage: 'number', values: Float64Array.from(column.codes, (code) => numbers[code] ?? Number.NaN), nulls: undefined };
}

/** The batch in the shape of its source: the source's columns in their order, day numbers too, and nothing for outcomes. */
async function sourceLike(step: StepContext, { table, columns }: BatchContract): Promise<string> {
  const warehouse = await step.warehouse();
  const { identifier } = warehouse.dialect;
  const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
  // Attached as sources are, so that days and types come out as theirs do.
  const own = `${BATCH}_typed`;
  await warehouse.attach([{ name: own, location: { kind: 'database', file: step.warehouseFile, table: ROWS }, types }]);
  const has = new Set((await warehouse.columns(`SELECT * FROM ${identifier(own)}`, own)).map(({ name }) => name));
  const wanted = await warehouse.columns(`SELECT * FROM ${identifier(table)}`, table);
  return `SELECT ${wanted.map(({ name, type }) => (has.has(name) ? identifier(name) : `CAST(NULL AS ${type === '' ? 'TEXT' : type}) AS ${identifier(name)}`)).join(', ')} FROM ${identifier(own)}`;
}

/** From the first to the last day of the batch's rows; the night's window where rows have no time. */
async function windowOf(step: StepContext): Promise<RowsWindow> {
  const { time } = step.config;
  if (time === undefined) return nightRows(step.run.windows);
  const warehouse = await step.warehouse();
  const day = warehouse.dialect.identifier(dayColumn(time));
  const [found] = await warehouse.rows(`SELECT min(${day}) AS first, max(${day}) AS last FROM ${warehouse.dialect.identifier(BATCH)}`);
  const { asOfDay, freshUntilDay } = step.run.windows;
  return typeof found?.['first'] === 'number' ? { rowsFromDay: found['first'], rowsUntilDay: Number(found['last']) + 1 } : { rowsFromDay: asOfDay, rowsUntilDay: freshUntilDay };
}
