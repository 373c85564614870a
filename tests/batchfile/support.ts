import { Readable } from 'node:stream';
import type { Column } from '../../src/dataset/batch.ts';
import { DEFAULT_LIMITS } from '../../src/batchfile/limits.ts';
import type { Limits } from '../../src/batchfile/limits.ts';
import { openBatchFile } from '../../src/batchfile/read.ts';
import type { BatchColumn, BatchFile, ReadOptions, Reject } from '../../src/batchfile/read.ts';
import { NightshiftError } from '../../src/shared/errors.ts';

export type Value = number | string | null;

/** A whole batch file, row by row. */
export interface WholeFile {
  readonly file: BatchFile;
  /** The names of a batch's columns, in their order. */
  readonly names: readonly string[];
  readonly rows: readonly Readonly<Record<string, Value>>[];
  readonly lines: readonly number[];
  readonly rejects: readonly Reject[];
  /** Rows as they were kept as text, where they were. */
  readonly kept: readonly string[];
}

export const number = (name: string, rest: Partial<BatchColumn> = {}): BatchColumn => ({ name, type: 'number', nullable: true, ...rest });
export const integer = (name: string, rest: Partial<BatchColumn> = {}): BatchColumn => ({ name, type: 'integer', nullable: true, ...rest });
export const text = (name: string, rest: Partial<BatchColumn> = {}): BatchColumn => ({ name, type: 'text', nullable: true, ...rest });
export const date = (name: string, rest: Partial<BatchColumn> = {}): BatchColumn => ({ name, type: 'date', nullable: true, ...rest });

export function limits(some: Partial<Limits> = {}): Limits {
  return { ...DEFAULT_LIMITS, ...some };
}

type Some = Omit<Partial<ReadOptions>, 'input'>;

/** Opens text or bytes as they would come through a pipe; a string that ends in a name is a file's path with `input`. */
export function openBytes(content: string | Uint8Array, options: Some = {}): Promise<BatchFile> {
  return openBatchFile({ columns: [], key: [], limits: DEFAULT_LIMITS, ...options, input: Readable.from([Buffer.from(content)]) });
}

export async function readBytes(content: string | Uint8Array, options: Some = {}): Promise<WholeFile> {
  return readWhole(await openBytes(content, options));
}

export async function readPath(input: string, options: Some = {}): Promise<WholeFile> {
  return readWhole(await openBatchFile({ columns: [], key: [], limits: DEFAULT_LIMITS, ...options, input }));
}

export async function readWhole(file: BatchFile): Promise<WholeFile> {
  const rows: Record<string, Value>[] = [];
  const lines: number[] = [];
  const rejects: Reject[] = [];
  const kept: string[] = [];
  let names: readonly string[] = [];
  for await (const { batch, lines: own, rejects: some, kept: texts } of file.batches()) {
    names = [...batch.columns.keys()];
    for (let row = 0; row < batch.rows; row++) rows.push(Object.fromEntries(names.map((name) => [name, valueAt(batch.columns.get(name)!, row)])));
    lines.push(...own);
    rejects.push(...some);
    texts?.ends.forEach((end, i) => kept.push(texts.data.toString('utf8', texts.ends[i - 1] ?? 0, end)));
  }
  return { file, names, rows, lines, rejects, kept };
}

export function valueAt(column: Column, row: number): Value {
  if (column.storage === 'text') return column.codes[row]! < 0 ? null : column.dictionary[column.codes[row]!]!;
  return column.nulls?.[row] === 1 ? null : column.values[row]!;
}

/** Line, column and reason of rejects, as tests compare them. */
export function told(rejects: readonly Reject[]): readonly string[] {
  return rejects.map(({ line, column, value, reason }) => `${line} ${column ?? '-'} ${value ?? '-'} ${reason}`);
}

/** The error that a promise must end with. */
export async function errorOf(promise: Promise<unknown>): Promise<NightshiftError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof NightshiftError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
