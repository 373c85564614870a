import type { Storage } from '../dataset/batch.ts';
import { type SqlType, storageOf } from '../dataset/sql-type.ts';
import { sqlTypeOf } from '../warehouse/duckdb/source-view.ts';
import type { ColumnInfo, Warehouse } from '../warehouse/warehouse.ts';
import type { Personal } from './cells.ts';
import { Tally } from './tally.ts';

/** What a column holds, counted over all rows. */
export interface Profile {
  readonly name: string;
  /** What the place itself says: text for every column of a CSV file. */
  readonly stored: SqlType;
  readonly rows: number;
  /** Rows with a value, null markers included. */
  readonly filled: number;
  /** Different values, null markers included. */
  readonly distinct: number;
  /** Rows by value, the most frequent first; empty where there are more than 2,000 values. */
  readonly values: readonly Value[];
  readonly integers: number;
  /** Numbers, integers among them; those that are not finite count as infinite. */
  readonly numbers: number;
  readonly infinite: number;
  readonly dates: number;
  /** Timestamps, dates among them. */
  readonly timestamps: number;
  readonly booleans: number;
  /** Texts that stand for a missing value, such as `N/A`. */
  readonly markers: number;
  readonly codes: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Whether every number is whole. */
  readonly whole: boolean;
  readonly meanLength: number;
  readonly longest: number;
  readonly personal: Readonly<Record<Personal, number>>;
  /** Texts that are no numbers, up to twenty of them, the most frequent first. */
  readonly strays: readonly Value[];
}

/** A text that stands in a column, and in how many rows. */
export interface Value {
  readonly text: string;
  readonly rows: number;
}

/** Profiles every column of a relation in one pass over its rows. */
export async function profileOf(warehouse: Warehouse, relation: string): Promise<readonly Profile[]> {
  const { identifier } = warehouse.dialect;
  const columns = await readable(warehouse, relation);
  const tallies = columns.map(() => new Tally());
  const storages: Record<string, Storage> = Object.fromEntries(columns.map(({ name, stored }) => [name, storageOf(stored)]));
  const selected = columns.map(({ name, sql }) => `${sql} AS ${identifier(name)}`).join(', ');
  let rows = 0;
  for await (const batch of warehouse.stream(`SELECT ${selected} FROM ${identifier(relation)}`, { columns: storages })) {
    rows += batch.rows;
    [...batch.columns.values()].forEach((column, i) => tallies[i]?.add(column, batch.rows));
  }
  const many = columns.filter((_, i) => tallies[i]?.overflow === true).map(({ name }) => name);
  const distinct = await countDistinct(warehouse, relation, many);
  return columns.map(({ name, stored }, i) => profileFrom({ name, stored, rows, distinct: distinct.get(name) }, tallies[i] ?? new Tally()));
}

interface Readable {
  readonly name: string;
  readonly stored: SqlType;
  readonly sql: string;
}

/** Whole numbers that a double cannot hold, and types that no column is declared as, are read as text. */
async function readable(warehouse: Warehouse, relation: string): Promise<readonly Readable[]> {
  const { identifier } = warehouse.dialect;
  const columns = await warehouse.columns(`SELECT * FROM ${identifier(relation)}`, relation);
  const wide = columns.filter(({ type }) => /^(?:U?BIGINT|U?HUGEINT)$/.test(type));
  const [largest = {}] = wide.length === 0 ? [] : await warehouse.rows(`SELECT ${wide.map(({ name }, i) => `max(abs(CAST(${identifier(name)} AS DOUBLE))) AS w${i}`).join(', ')} FROM ${identifier(relation)}`);
  const tooLarge = new Set(wide.filter((_, i) => Number(largest[`w${i}`] ?? 0) > Number.MAX_SAFE_INTEGER).map(({ name }) => name));
  return columns.map((column) => readableColumn(column, identifier(column.name), tooLarge.has(column.name)));
}

function readableColumn({ name, type }: ColumnInfo, c: string, isTooLarge: boolean): Readable {
  const stored = isTooLarge ? 'text' : sqlTypeOf(type);
  if (stored === 'text') return { name, stored, sql: type === 'VARCHAR' ? c : `CAST(${c} AS VARCHAR)` };
  return { name, stored, sql: stored === 'number' ? `CAST(${c} AS DOUBLE)` : stored === 'boolean' ? `CAST(${c} AS INTEGER)` : c };
}

async function countDistinct(warehouse: Warehouse, relation: string, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { identifier } = warehouse.dialect;
  const found = new Map<string, number>();
  for (const name of names) {
    const [row] = await warehouse.rows(`SELECT count(DISTINCT ${identifier(name)}) AS n FROM ${identifier(relation)}`);
    found.set(name, Number(row?.['n'] ?? 0));
  }
  return found;
}

function profileFrom(it: { readonly name: string; readonly stored: SqlType; readonly rows: number; readonly distinct: number | undefined }, tally: Tally): Profile {
  const { counts, filled } = tally;
  const isBoolean = it.stored === 'boolean';
  return {
    ...it,
    filled,
    distinct: it.distinct ?? tally.values.size,
    values: mostFirst(tally.values),
    integers: counts.integer,
    numbers: tally.numbers,
    infinite: tally.infinite,
    dates: counts.date,
    timestamps: counts.timestamp,
    booleans: isBoolean ? filled : counts.boolean,
    markers: counts.marker,
    codes: counts.code,
    min: tally.numbers > 0 ? tally.min : undefined,
    max: tally.numbers > 0 ? tally.max : undefined,
    whole: tally.whole,
    meanLength: filled === 0 ? 0 : tally.length / filled,
    longest: tally.longest,
    personal: tally.personal,
    strays: mostFirst(tally.strays),
  };
}

function mostFirst(values: ReadonlyMap<string, number>): readonly Value[] {
  return [...values].map(([text, rows]) => ({ text, rows })).sort((a, b) => b.rows - a.rows || (a.text < b.text ? -1 : 1));
}
