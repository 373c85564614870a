import { type Column, type ColumnBatch, type Storage, cellText } from '../../dataset/batch.ts';
import { storageOf } from '../../dataset/sql-type.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import type { SqlType, Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { columnOf } from '../job/streams.ts';
import { type RowsWindow, nightRows } from '../vocabulary.ts';
import type { BatchContract } from './batch-contract.ts';

/** The batch's rows as they came, numbered; */
const ROWS = 'brought_rows';
/** as a source's relation has them; */
const BATCH = 'brought';
/** the keys among them that the history has, too; */
const KNOWN = 'brought_known';
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
  await step.attach();
  const types = Object.fromEntries(contract.columns.map(({ name, type }) => [name, type]));
  const rows = await warehouse.load(ROWS, { ...types, [ROW]: 'integer' }, numbered(contract, batches));
  await warehouse.define(BATCH, await sourceLike(step, contract));
  const known = contract.key.length === 0 ? 0 : await warehouse.make(KNOWN, knownKeys(warehouse, contract), KNOWN);
  await warehouse.define(WITH_HISTORY, await withHistory(warehouse, contract, known));
  return { rows, known, standIn: WITH_HISTORY, window: await windowOf(step) };
}

/** Keys of the history that the batch brings, too. Joined once: what is built on it reads the history often. */
function knownKeys({ dialect: { identifier } }: Warehouse, { table, key }: BatchContract): string {
  const on = key.map((name) => `given.${identifier(name)} = had.${identifier(name)}`).join(' AND ');
  return `SELECT ${key.map((name) => `had.${identifier(name)}`).join(', ')} FROM ${identifier(table)} AS had JOIN ${identifier(BATCH)} AS given ON ${on}`;
}

/** The batch, and of the history what it does not replace. Where the SQL makes the key, rows bring their numbers, which the history has none of. */
async function withHistory(warehouse: Warehouse, { table, key, madeKey }: BatchContract, known: number): Promise<string> {
  const { identifier } = warehouse.dialect;
  const names = (await warehouse.columns(`SELECT * FROM ${identifier(table)}`, table)).map(({ name }) => identifier(name));
  const all = (relation: string, from: string, row: string): string => `SELECT ${[...names.map((name) => `${relation}.${name}`), ...(madeKey.length === 0 ? [] : [`${row} AS ${identifier(ROW)}`])].join(', ')} FROM ${from} AS ${relation}`;
  const on = key.map((name) => `known.${identifier(name)} = had.${identifier(name)}`).join(' AND ');
  // A join, for which SQLite makes an index of its own; a subquery would scan the keys for each row of the history.
  const isNew = known === 0 ? '' : ` LEFT JOIN ${identifier(KNOWN)} AS known ON ${on} WHERE known.${identifier(key[0] ?? '')} IS NULL`;
  return `${all('brought', identifier(BATCH), `brought.${identifier(ROW)}`)} UNION ALL ${all('had', identifier(table), 'NULL')}${isNew}`;
}

export interface Featured {
  readonly contract: BatchContract;
  /** The relations that the SQL has made, `features` among them. */
  readonly made: readonly string[];
  readonly features: string;
  /** The features. */
  readonly columns: readonly string[];
}

/** Rows of `features` that the batch brought, as a query: the features with the number of each row, in any order, since that number is their place. */
export async function featuresOfBatch(step: StepContext, { contract, made, features, columns }: Featured): Promise<string> {
  const warehouse = await step.warehouse();
  const { identifier } = warehouse.dialect;
  const { key, madeKey } = contract;
  const from = madeKey.length === 0 ? ROWS : await numberedBySql(warehouse, made, madeKey);
  const on = [...key, ...madeKey].map((name) => `made.${identifier(name)} = given.${identifier(name)}`).join(' AND ');
  return `SELECT given.${identifier(ROW)}, ${columns.map((name) => `made.${identifier(name)}`).join(', ')} FROM ${identifier(features)} AS made JOIN ${identifier(from)} AS given ON ${on} WHERE given.${identifier(ROW)} IS NOT NULL`;
}

/** The first relation of the SQL that has both the key that it makes and the numbers of the batch's rows, which `SELECT *` passes on. */
async function numberedBySql(warehouse: Warehouse, made: readonly string[], key: readonly string[]): Promise<string> {
  for (const relation of made) {
    const names = new Set((await warehouse.columns(`SELECT * FROM ${warehouse.dialect.identifier(relation)}`, relation)).map(({ name }) => name));
    if ([ROW, ...key].every((name) => names.has(name))) return relation;
  }
  const keys = key.join(', ');
  throw new NightshiftError({
    code: 'score-unclear',
    what: 'Which row of the batch a made key stands for cannot be told',
    where: 'the SQL that makes the features',
    found: `${keys}, which no column of the batch is called, and no script that passes all columns of the batch on beside it`,
    expected: `a script that makes ${keys} with SELECT *, as init writes it, or a batch with ${keys}, which the types of its source name`,
    exitCode: ExitCode.usage,
  });
}

/** The keys of staged rows, in words, by their numbers; nothing where they bring none. */
export async function keysOf(step: StepContext, { key }: BatchContract, isWanted: (row: number) => boolean): Promise<ReadonlyMap<number, string>> {
  const warehouse = await step.warehouse();
  const { identifier } = warehouse.dialect;
  const columns = { [ROW]: 'number', ...Object.fromEntries(key.map((name): [string, Storage] => [name, 'text'])) } as const;
  const found = new Map<number, string>();
  for await (const batch of warehouse.stream(`SELECT ${Object.keys(columns).map(identifier).join(', ')} FROM ${identifier(ROWS)}`, { columns })) {
    for (let i = 0; i < batch.rows; i++) {
      const row = Number(cellText(columnOf(batch, ROW), i));
      if (isWanted(row)) found.set(row, key.map((name) => cellText(columnOf(batch, name), i)).join(', '));
    }
  }
  return found;
}

export { ROW as ROW_NUMBER };

async function* numbered({ columns }: BatchContract, batches: AsyncIterable<ColumnBatch>): AsyncIterable<ColumnBatch> {
  let from = 0;
  for await (const batch of batches) {
    const first = from;
    const given = new Map<string, Column>(columns.map(({ name, type }) => [name, typedColumn(batch.columns.get(name)!, type)]));
    given.set(ROW, { storage: 'number', values: Float64Array.from({ length: batch.rows }, (_, row) => first + row), nulls: undefined });
    from += batch.rows;
    yield { rows: batch.rows, columns: given };
  }
}

/** Keys may come as the text that they were, and are staged as what the history holds. */
export function typedColumn(column: Column, type: SqlType): Column {
  if (column.storage === storageOf(type) || column.storage === 'number') return column;
  const numbers = column.dictionary.map(Number);
  return { storage: 'number', values: Float64Array.from(column.codes, (code) => numbers[code] ?? Number.NaN), nulls: undefined };
}

/** The batch in the shape of its source: the source's columns in their order, day numbers too, and nothing for outcomes. */
async function sourceLike(step: StepContext, { table, columns, madeKey }: BatchContract): Promise<string> {
  const warehouse = await step.warehouse();
  const { identifier } = warehouse.dialect;
  const numbers: readonly (readonly [string, SqlType])[] = madeKey.length === 0 ? [] : [[ROW, 'integer']];
  const types = Object.fromEntries([...columns.map(({ name, type }) => [name, type] as const), ...numbers]);
  // Attached as sources are, so that days and types come out as theirs do.
  const own = `${BATCH}_typed`;
  await warehouse.attach([{ name: own, location: { kind: 'database', file: step.warehouseFile, table: ROWS }, types }]);
  const has = new Set((await warehouse.columns(`SELECT * FROM ${identifier(own)}`, own)).map(({ name }) => name));
  const wanted = await warehouse.columns(`SELECT * FROM ${identifier(table)}`, table);
  const like = wanted.map(({ name, type }) => (has.has(name) ? identifier(name) : `CAST(NULL AS ${type === '' ? 'TEXT' : type}) AS ${identifier(name)}`));
  return `SELECT ${[...like, ...numbers.map(([name]) => identifier(name))].join(', ')} FROM ${identifier(own)}`;
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
