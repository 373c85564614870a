import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeCsv } from '../../dataset/csv-write.ts';
import type { SqlType } from '../../dataset/sql-type.ts';
import { openWarehouse } from '../../warehouse/open.ts';
import { typeOfWord } from '../../warehouse/type-words.ts';
import type { ColumnInfo, Warehouse } from '../../warehouse/warehouse.ts';
import { storageOf } from '../job/streams.ts';
import { warehouseFile } from '../places.ts';
import type { Project } from '../prepare.ts';
import { rowsOf } from '../published.ts';
import { sourcesOf } from '../sources.ts';

/** Where a batch comes from. */
export type Brought = { readonly file: string } | { readonly stream: Readable } | { readonly query: string } | { readonly table: string };

const BROUGHT = 'brought_rows';

/** A Parquet file is known by its name. */
export function isParquet(file: string): boolean {
  return /\.parquet$/i.test(file);
}

/** A batch as a file, what errors call it, and what its columns were held as where that was no text. */
export interface Spooled {
  readonly file: string;
  readonly called: string;
  readonly held: ReadonlyMap<string, SqlType>;
}

/**
 * Lets `use` read a batch as a CSV or JSON Lines file, which may be read twice: for the features and for the output. What is none is
 * written to one first: stdin, Parquet, a query or a table of the warehouse and its sources.
 */
export async function withBatchFile<T>(project: Project, { brought, signal }: { readonly brought: Brought; readonly signal: AbortSignal }, use: (batch: Spooled) => Promise<T>): Promise<T> {
  if ('file' in brought && !isParquet(brought.file)) return use({ file: brought.file, called: brought.file, held: new Map() });
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-batch-'));
  const file = join(folder, 'batch');
  try {
    return await use({ file, called: nameOf(brought), held: await spool(project, { brought, signal }, file) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function nameOf(brought: Brought): string {
  if ('stream' in brought) return 'the batch that was piped in';
  if ('file' in brought) return brought.file;
  return 'query' in brought ? '--query' : `--table ${brought.table}`;
}

async function spool(project: Project, { brought, signal }: { readonly brought: Brought; readonly signal: AbortSignal }, file: string): Promise<Spooled['held']> {
  if ('file' in brought) return fromParquet(brought.file, file);
  if (!('stream' in brought)) return fromWarehouse(project, 'query' in brought ? brought.query : brought, file);
  await pipeline(brought.stream, createWriteStream(file), { signal });
  return new Map();
}

async function fromParquet(parquet: string, file: string): Promise<Spooled['held']> {
  const warehouse = await openWarehouse({ kind: 'duckdb', file: ':memory:' });
  try {
    await warehouse.attach([{ name: BROUGHT, location: { kind: 'parquet', files: [resolve(parquet)] }, types: {} }]);
    return await write(warehouse, await warehouse.columns(`SELECT * FROM ${BROUGHT}`, parquet), file);
  } finally {
    await warehouse.close();
  }
}

async function fromWarehouse({ config, places }: Project, what: string | { readonly table: string }, file: string): Promise<Spooled['held']> {
  const warehouse = await openWarehouse({ kind: config.warehouse, file: warehouseFile(places, config.warehouse), readOnly: true });
  try {
    await warehouse.attach(sourcesOf(config, places));
    const sql = typeof what === 'string' ? what : `SELECT * FROM ${warehouse.dialect.identifier(what.table)}`;
    const columns = await warehouse.define(BROUGHT, sql, typeof what === 'string' ? '--query' : '--table');
    return await write(warehouse, columns, file);
  } finally {
    await warehouse.close();
  }
}

/** Writes what was brought, and tells what its columns are held as. */
async function write(warehouse: Warehouse, columns: readonly ColumnInfo[], file: string): Promise<Spooled['held']> {
  const names = columns.map(({ name }) => name);
  const storage = await storageOf(warehouse, BROUGHT, names);
  await writeCsv(file, names, rowsOf(warehouse.stream(`SELECT * FROM ${BROUGHT}`, { columns: storage }), () => undefined));
  return new Map(columns.flatMap(({ name, type }) => {
    const held = typeOfWord(type);
    return held === undefined ? [] : [[name, held] as const];
  }));
}
