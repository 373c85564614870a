import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Column, ColumnBatch } from '../../src/dataset/batch.ts';
import { NightshiftError } from '../../src/shared/errors.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenOptions } from '../../src/warehouse/open.ts';
import type { StreamOptions, Warehouse } from '../../src/warehouse/warehouse.ts';

/** Every engine: a suite that loops over them holds for all. */
export const KINDS = ['sqlite', 'duckdb'] as const;
export type Kind = (typeof KINDS)[number];

/** Runs a test with a folder of its own, which is gone afterwards. */
export async function withFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a test with a new warehouse in a folder of its own. */
export function withWarehouse<T>(kind: Kind, act: (warehouse: Warehouse, folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const warehouse = await openWarehouse({ kind, file: fileIn(folder, kind) });
    try {
      return await act(warehouse, folder);
    } finally {
      await warehouse.close();
    }
  });
}

export function fileIn(folder: string, kind: OpenOptions['kind']): string {
  return join(folder, kind === 'sqlite' ? 'warehouse.db' : 'warehouse.duckdb');
}

/** The values of a column, missing ones as null. */
export function valuesOf(column: Column | undefined, rows: number): readonly (number | string | null)[] {
  if (column === undefined) return [];
  return Array.from({ length: rows }, (_, i) => {
    if (column.storage === 'text') return column.dictionary[column.codes[i]!] ?? null;
    return column.nulls?.[i] === 1 ? null : column.values[i]!;
  });
}

/** A whole stream as one list of values a column, and the rows of each batch. */
export async function readAll(batches: AsyncIterable<ColumnBatch>) {
  const columns: Record<string, (number | string | null)[]> = {};
  const sizes: number[] = [];
  for await (const batch of batches) {
    sizes.push(batch.rows);
    for (const [name, column] of batch.columns) (columns[name] ??= []).push(...valuesOf(column, batch.rows));
  }
  return { columns, sizes };
}

export async function readQuery(warehouse: Warehouse, sql: string, columns: StreamOptions['columns']) {
  return (await readAll(warehouse.stream(sql, { columns }))).columns;
}

/** One batch of given columns: numbers or strings, null where missing. */
export function batchOf(columns: Readonly<Record<string, readonly (number | string | null)[]>>): ColumnBatch {
  const rows = Object.values(columns)[0]?.length ?? 0;
  return { rows, columns: new Map(Object.entries(columns).map(([name, values]) => [name, columnOf(values)])) };
}

function columnOf(values: readonly (number | string | null)[]): Column {
  if (values.some((value) => typeof value === 'string')) {
    const dictionary = [...new Set(values.filter((value) => value !== null))].map(String);
    return { storage: 'text', codes: Int32Array.from(values, (value) => (value === null ? -1 : dictionary.indexOf(String(value)))), dictionary };
  }
  const nulls = values.includes(null) ? Uint8Array.from(values, (value) => (value === null ? 1 : 0)) : undefined;
  return { storage: 'number', values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))), nulls };
}

export async function* each<T>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** The named error that something ends in. */
export async function errorOf(act: Promise<unknown> | (() => Promise<unknown>)): Promise<NightshiftError> {
  try {
    await (typeof act === 'function' ? act() : act);
  } catch (error) {
    if (error instanceof NightshiftError) return error;
    throw error;
  }
  throw new Error('there was no error');
}
