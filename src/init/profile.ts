import type { ColumnBatch, Storage } from '../dataset/batch.ts';
import { csvColumns, readCsv } from '../dataset/csv-read.ts';
import type { CsvForm } from '../dataset/csv-records.ts';
import { type SqlType, storageOf } from '../dataset/sql-type.ts';
import type { DateOrder } from '../shared/date-order.ts';
import { sqlTypeOf } from '../warehouse/duckdb/source-view.ts';
import type { ColumnInfo, Warehouse } from '../warehouse/warehouse.ts';
import type { Personal } from './cells.ts';
import { type DecimalMark, type Written, amountOf } from './amounts.ts';
import { type Numbers, Tally } from './tally.ts';

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
  /** Dates and timestamps, dates among them, in each order that is not ISO's. */
  readonly dated: Readonly<Record<DateOrder, { readonly dates: number; readonly timestamps: number }>>;
  /** What it holds as numbers as people write them, by the mark before a fraction. */
  readonly written: Readonly<Record<DecimalMark, Numbers & Written>>;
  /** Texts that are no numbers, up to twenty of them, the most frequent first. */
  readonly strays: readonly Value[];
}

/** A text that stands in a column, and in how many rows. */
export interface Value {
  readonly text: string;
  readonly rows: number;
}

/** A table's rows as they go by, and what its place says of its columns. */
export interface RawRows {
  readonly columns: readonly { readonly name: string; readonly stored: SqlType }[];
  readonly batches: AsyncIterable<ColumnBatch>;
}

/** The cells of a CSV file, all of them text. */
export async function rowsOfCsv(files: readonly string[], form: CsvForm): Promise<RawRows> {
  const columns = (await csvColumns(files, form)).map((name) => ({ name, stored: 'text' as const }));
  return { columns, batches: readCsv(files, { ...form, types: Object.fromEntries(columns.map(({ name, stored }) => [name, stored])), batchRows: rowsOfBatch(columns.length) }) };
}

/** The rows of a relation that DuckDB reads. */
export async function rowsOfRelation(warehouse: Warehouse, relation: string): Promise<RawRows> {
  const { identifier } = warehouse.dialect;
  const columns = await readable(warehouse, relation);
  const storages: Record<string, Storage> = Object.fromEntries(columns.map(({ name, stored }) => [name, storageOf(stored)]));
  const selected = columns.map(({ name, sql }) => `${sql} AS ${identifier(name)}`).join(', ');
  return { columns, batches: warehouse.stream(`SELECT ${selected} FROM ${identifier(relation)}`, { columns: storages, batchRows: rowsOfBatch(columns.length) }) };
}

/** Profiles every column in one pass. Of columns with more than 2,000 values, `distinct` is yet to be counted: it is infinite. */
export async function profileOf({ columns, batches }: RawRows): Promise<readonly Profile[]> {
  const tallies = columns.map(() => new Tally());
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.rows;
    [...batch.columns.values()].forEach((column, i) => tallies[i]?.add(column, batch.rows));
  }
  return columns.map(({ name, stored }, i) => profileFrom({ name, stored, rows }, tallies[i] ?? new Tally()));
}

/** The same, with the different values counted where there were too many to keep. */
export async function withDistinct(profiles: readonly Profile[], warehouse: Warehouse, relation: string): Promise<readonly Profile[]> {
  const { identifier } = warehouse.dialect;
  const counted: Profile[] = [];
  for (const profile of profiles) {
    if (Number.isFinite(profile.distinct)) counted.push(profile);
    else {
      const [row] = await warehouse.rows(`SELECT count(DISTINCT ${identifier(profile.name)}) AS n FROM ${identifier(relation)}`);
      counted.push({ ...profile, distinct: Number(row?.['n'] ?? 0) });
    }
  }
  return counted;
}

/** Many columns go by in smaller batches: each batch has room for all of its rows in every column. */
function rowsOfBatch(columns: number): number {
  return Math.max(256, Math.min(16_384, Math.floor(500_000 / columns)));
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

function profileFrom(it: Pick<Profile, 'name' | 'stored' | 'rows'>, tally: Tally): Profile {
  const { counts, filled } = tally;
  const isBoolean = it.stored === 'boolean';
  return {
    ...it,
    filled,
    distinct: tally.overflow ? Number.POSITIVE_INFINITY : tally.values.size,
    values: mostFirst(tally.values),
    integers: counts.integer,
    numbers: tally.plain.numbers,
    infinite: tally.infinite,
    dates: counts.date,
    timestamps: counts.timestamp,
    booleans: isBoolean ? filled : counts.boolean,
    markers: counts.marker,
    codes: counts.code,
    min: tally.plain.numbers > 0 ? tally.plain.min : undefined,
    max: tally.plain.numbers > 0 ? tally.plain.max : undefined,
    whole: tally.plain.whole,
    meanLength: filled === 0 ? 0 : tally.length / filled,
    longest: tally.longest,
    personal: tally.personal,
    dated: tally.dated,
    written: { point: writtenOf(tally, 'point'), comma: writtenOf(tally, 'comma') },
    strays: mostFirst(tally.strays),
  };
}

function writtenOf({ written }: Tally, mark: DecimalMark): Numbers & Written {
  const { numbers, min, max, whole, signs, unusual, example } = written[mark];
  return { mark, numbers, min, max, whole, signs: [...signs].sort(), unusual, example };
}

/** The profile of a column whose dates may be in such an order, besides ISO's. */
export function datedAs(profile: Profile, order: DateOrder): Profile {
  const { dates, timestamps } = profile.dated[order];
  return { ...profile, dates: profile.dates + dates, timestamps: profile.timestamps + timestamps };
}

/** The profile of a column whose numbers are read as people write them. */
export function readAs(profile: Profile, mark: DecimalMark): Profile {
  const { numbers, min, max, whole } = profile.written[mark];
  return { ...profile, numbers, min, max, whole, integers: 0, strays: profile.strays.filter(({ text }) => amountOf(text, mark) === undefined) };
}

function mostFirst(values: ReadonlyMap<string, number>): readonly Value[] {
  return [...values].map(([text, rows]) => ({ text, rows })).sort((a, b) => b.rows - a.rows || (a.text < b.text ? -1 : 1));
}
