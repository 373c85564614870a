import { type Column, type ColumnBatch, type Storage, cellText } from '../../dataset/batch.ts';
import { concatenate } from '../../dataset/floats.ts';
import type { FittedModel } from '../../model/family.ts';
import type { Config } from '../../shared/config/schema.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn, keyColumns } from '../columns.ts';
import { SliceColumn } from '../job/slice-column.ts';
import { columnOf, featureStorage, storageOf } from '../job/streams.ts';
import type { Features } from './feature-distance.ts';

export interface FrozenRequest {
  /** Of the run whose batch it is. */
  readonly config: Config;
  readonly models: readonly [FittedModel, FittedModel];
  readonly progress: (text: string) => void;
}

/** A kept test batch with what two models predict of it now, in the order of time and key. */
export interface Frozen {
  readonly rows: number;
  /** Row-major, rows × outputs. */
  readonly predictions: readonly [Float64Array, Float64Array];
  /** The values of the key columns of a row, as text. */
  readonly keyOf: (row: number) => readonly { readonly column: string; readonly value: string }[];
  readonly slices: ReadonlyMap<string, SliceColumn>;
  readonly features: Features;
}

/** Streams the test batch through both models, once. A feature that is a number to one and a category to the other goes to each as it wants. */
export async function predictFrozen(warehouse: Warehouse, { config, models, progress }: FrozenRequest): Promise<Frozen> {
  const reading = await readingOf(warehouse, config, models);
  const texts = new Map([...new Set([...reading.slices, ...reading.categories])].map((name) => [name, new SliceColumn(name)]));
  const numbers = new Map<string, Float64Array[]>(reading.numbers.map((name) => [name, []]));
  const predictions: readonly [Float64Array[], Float64Array[]] = [[], []];
  const keys: ColumnBatch[] = [];
  let rows = 0;
  for await (const batch of warehouse.stream(reading.sql, { columns: reading.columns })) {
    for (const [i, model] of models.entries()) predictions[i]!.push(await model.predict(asWanted(batch, model)));
    for (const text of texts.values()) text.add(batch);
    for (const [name, pieces] of numbers) pieces.push(numbersOf(columnOf(batch, name)));
    keys.push({ rows: batch.rows, columns: new Map(reading.keys.map((name) => [name, columnOf(batch, name)])) });
    rows += batch.rows;
    progress(`${rows} rows`);
  }
  const features = {
    numbers: [...numbers].map(([name, pieces]) => ({ name, values: concatenate(pieces) })),
    categories: reading.categories.map((name) => ({ name, column: texts.get(name)!.column() })),
  };
  return { rows, predictions: [concatenate(predictions[0]), concatenate(predictions[1])], keyOf: (row) => keyAt(keys, row), slices: new Map(reading.slices.map((name) => [name, texts.get(name)!])), features };
}

function keyAt(batches: readonly ColumnBatch[], row: number): readonly { readonly column: string; readonly value: string }[] {
  let from = 0;
  for (const batch of batches) {
    if (row < from + batch.rows) return [...batch.columns].map(([column, values]) => ({ column, value: cellText(values, row - from) }));
    from += batch.rows;
  }
  return [];
}

/** What the same column is called where it is read as text, besides as a number. */
const AS_TEXT = 'as text: ';

interface Reading {
  readonly sql: string;
  readonly columns: Readonly<Record<string, Storage>>;
  readonly keys: readonly string[];
  readonly slices: readonly string[];
  readonly numbers: readonly string[];
  readonly categories: readonly string[];
}

async function readingOf(warehouse: Warehouse, config: Config, models: FrozenRequest['models']): Promise<Reading> {
  const { identifier } = warehouse.dialect;
  const keys = keyColumns(config);
  const kinds = models.flatMap(({ contract }) => Object.entries(featureStorage(contract)));
  const ofKind = (kind: Storage): readonly string[] => [...new Set(kinds.filter(([, storage]) => storage === kind).map(([name]) => name))];
  const [numbers, texts] = [ofKind('number'), ofKind('text')];
  const both = texts.filter((name) => numbers.includes(name));
  const plain = { ...Object.fromEntries(config.slices.map((name) => [name, 'text' as const])), ...(await storageOf(warehouse, 'test', keys)), ...Object.fromEntries(texts.map((name) => [name, 'text' as const])), ...Object.fromEntries(numbers.map((name) => [name, 'number' as const])) };
  const asText = both.map((name) => `CAST(${identifier(name)} AS TEXT) AS ${identifier(AS_TEXT + name)}`);
  const order = [...(config.time === undefined ? [] : [dayColumn(config.time)]), ...keys].map(identifier).join(', ');
  const sql = `SELECT ${[...Object.keys(plain).map(identifier), ...asText].join(', ')} FROM ${identifier('test')} ORDER BY ${order}`;
  return { sql, columns: { ...plain, ...Object.fromEntries(both.map((name) => [AS_TEXT + name, 'text' as const])) }, keys, slices: config.slices, numbers, categories: texts.filter((name) => !both.includes(name)) };
}

/** The batch with each feature of a model as that model holds it. */
function asWanted(batch: ColumnBatch, { contract }: FittedModel): ColumnBatch {
  const columns = new Map(batch.columns);
  for (const { name, kind } of contract.features) {
    const text = batch.columns.get(AS_TEXT + name);
    if (kind === 'category' && text !== undefined) columns.set(name, text);
  }
  return { rows: batch.rows, columns };
}

function numbersOf(column: Column): Float64Array {
  return column.storage === 'number' ? column.values : new Float64Array(column.codes.length).fill(Number.NaN);
}
