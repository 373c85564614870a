import type { ColumnBatch, Storage } from '../dataset/batch.ts';
import type { CsvForm } from '../dataset/csv-records.ts';
import type { SqlType } from '../dataset/sql-type.ts';
import type { DateOrder } from '../shared/date-order.ts';

export type { SqlType };

export type Scalar = string | number | bigint | null;
export type Row = Readonly<Record<string, Scalar>>;

export interface ColumnInfo {
  readonly name: string;
  /** The engine's own word for the type; empty where it has none (an expression in SQLite). */
  readonly type: string;
}

/** Where a source's rows are. `file` paths are absolute. */
export type SourceLocation =
  /** A table of a database file. A file of the engine's own kind is attached, a SQLite file is loaded by the others. */
  | { readonly kind: 'database'; readonly file: string; readonly table: string }
  /** CSV or Parquet files; `files` is the resolved, sorted list. */
  | ({ readonly kind: 'csv'; readonly files: readonly string[]; readonly dates?: DateOrder | undefined } & CsvForm)
  | { readonly kind: 'parquet'; readonly files: readonly string[] };

/** A table that steps may read under `name`. */
export interface Source {
  readonly name: string;
  readonly location: SourceLocation;
  /**
   * Declared types by column; may be empty. For each column declared `date` or `timestamp` the relation also carries
   * `<column>_day`, whole days since 1970-01-01: for a date the day itself; for a timestamp the day that it falls in.
   */
  readonly types: Readonly<Record<string, SqlType>>;
}

/** How an engine writes names and values. Everything that goes into SQL text goes through here. */
export interface Dialect {
  readonly name: string;
  readonly identifier: (name: string) => string;
  readonly literal: (value: Scalar) => string;
}

export interface Capabilities {
  /** A file that two processes may read at once while one writes (SQLite), or one that belongs to one process (DuckDB). */
  readonly sharedFile: boolean;
  /** The engine reads Parquet itself. */
  readonly parquet: boolean;
}

/** One night's publication: `staged` replaces the rows of `asOf` in `table`, and `record` those of `asOf` in `recordTable`. */
export interface Publication {
  readonly table: string;
  readonly staged: string;
  readonly asOf: string;
  readonly recordTable: string;
  /** The row of `recordTable`; it has a column `as_of`. Strings, numbers, and bigints for whole numbers. */
  readonly record: Row;
  /** The view that joins `recordTable` (as_of, run_id) with `table` for the latest published as-of date. */
  readonly currentView: string;
}

/** A table that was saved to a file of its own. */
export interface SavedTable {
  readonly rows: number;
  /** As `Warehouse.fingerprint` gives it for the table in that file. */
  readonly fingerprint: string;
}

export interface StreamOptions {
  /** How each column is to be held; a column that is not named is an error. */
  readonly columns: Readonly<Record<string, Storage>>;
  /** Rows per batch at most; 16,384 unless said. */
  readonly batchRows?: number;
}

/**
 * An engine that holds the night's tables. Asynchronous, and nothing assumes that it sees our local files.
 * Errors are `NightshiftError`s that carry the engine's own message and, where it gives one, the line.
 */
export interface Warehouse {
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  /** Makes each source readable under its name for as long as the connection lasts. Sources are never written. */
  attach(sources: readonly Source[]): Promise<void>;
  /**
   * Looks whether an attached source's values are of their declared types, in one scan. Throws `source-type` with the
   * column, a value and how many rows. What had to be loaded (CSV, say) was checked while it was.
   */
  check(source: Source): Promise<void>;
  /** Refuses what is not one single SELECT (or WITH … SELECT) that only reads. `where` names the script in errors. */
  assertReads(sql: string, where: string): Promise<void>;
  /** The columns that a query gives, in order, without running it. Throws `sql-invalid` with the engine's message. */
  columns(sql: string, where: string): Promise<readonly ColumnInfo[]>;
  /**
   * Defines a temporary view under `name` for this connection; an existing table of that name is hidden, not touched.
   * Returns its columns; throws as `assertReads` and `columns` do. `where` names the script in errors; the view unless said.
   */
  define(name: string, sql: string, where?: string): Promise<readonly ColumnInfo[]>;
  /** Drops a temporary view made by `define`. */
  undefine(name: string): Promise<void>;
  /** Replaces the table `name` by the rows of `sql`, whole or not at all. Returns its rows. */
  make(name: string, sql: string, where: string): Promise<number>;
  /** Loads rows into the table `name`, replacing it, whole or not at all. Returns its rows. */
  load(name: string, types: Readonly<Record<string, SqlType>>, batches: AsyncIterable<ColumnBatch>): Promise<number>;
  /** Streams a query as column batches, one shape throughout. The query's ORDER BY is kept. */
  stream(sql: string, options: StreamOptions): AsyncIterable<ColumnBatch>;
  /** The rows of a small result. Integers come as numbers while they are exact (within ±2^53), as bigint beyond; dates and timestamps as ISO text. `where` names the query in errors. */
  rows(sql: string, where?: string): Promise<readonly Row[]>;
  /** Names of the tables in the warehouse itself (no sources, no temporary views), bytewise sorted. */
  tables(): Promise<readonly string[]>;
  /** Drops a table if it is there. */
  drop(table: string): Promise<void>;
  /** A hash (hex) of a relation's content (column names and values), independent of row order and of where it is stored. */
  fingerprint(relation: string): Promise<string>;
  /** Writes the rows of queries, by the tables' names, to a new database file of the engine's own kind: whole or not at all. Replaces a file that is there. */
  save(file: string, queries: Readonly<Record<string, string>>): Promise<Readonly<Record<string, SavedTable>>>;
  /** Replaces one as-of date's rows by staged ones, together with their record, atomically; makes the tables where missing. */
  publish(publication: Publication): Promise<void>;
  close(): Promise<void>;
}
