import { appendFileSync, closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BatchSource, Column, ColumnBatch, Storage } from '../dataset/batch.ts';
import { readJsonFile, writeFileWhole } from '../shared/files.ts';
import { batchRowsOf } from './batch-rows.ts';

export interface StoredColumn {
  readonly name: string;
  readonly storage: Storage;
  /** Empty where numbers are stored. */
  readonly dictionary: readonly string[];
  /** Absolute. */
  readonly file: string;
}

/** What `rows.json` of a folder of columns says. */
export interface ColumnFolder {
  readonly rows: number;
  readonly columns: readonly StoredColumn[];
}

export interface ReadOptions {
  /** Only the first rows; all of them unless said. */
  readonly rows?: number | undefined;
  readonly batchRows?: number | undefined;
}

/**
 * Writes a stream into a folder, a file a column: numbers as 64-bit floats, NaN where missing; text as 32-bit codes, −1 where
 * missing, into one dictionary a column. Little-endian. The trainings read from there, and so does the peer.
 */
export async function writeColumns(folder: string, source: BatchSource): Promise<ColumnFolder> {
  mkdirSync(folder, { recursive: true });
  const columns: ColumnFile[] = [];
  let rows = 0;
  for await (const batch of source()) {
    for (const [at, [name, column]] of [...batch.columns].entries()) {
      const file = (columns[at] ??= new ColumnFile(join(folder, `${at}.bin`), name, column.storage));
      file.append(column);
    }
    rows += batch.rows;
  }
  const written: ColumnFolder = { rows, columns: columns.map(({ name, storage, dictionary, file }) => ({ name, storage, dictionary, file })) };
  writeDescription(folder, written);
  return written;
}

/** Makes a folder whose columns are stored in others. */
export function writeDescription(folder: string, described: ColumnFolder): void {
  writeFileWhole(join(folder, 'rows.json'), JSON.stringify(described));
}

/** What a folder holds. */
export function describeColumns(folder: string): ColumnFolder {
  const found = readJsonFile(join(folder, 'rows.json')) as ColumnFolder | undefined;
  if (found === undefined) throw new Error(`no columns were written to ${folder}`);
  return found;
}

/** A restartable stream of the rows of a folder, of which only a batch at a time is in memory. */
export function readColumns(folder: string, { rows = Number.POSITIVE_INFINITY, batchRows }: ReadOptions = {}): BatchSource {
  const { columns, rows: all } = describeColumns(folder);
  const wanted = Math.min(all, rows);
  const most = batchRows ?? batchRowsOf(columns.length);
  return async function* () {
    for (let from = 0; from < wanted; from += most) {
      const count = Math.min(most, wanted - from);
      const read = columns.map((column): [string, Column] => [column.name, readColumn(column, { from, count })]);
      yield { rows: count, columns: new Map(read) } satisfies ColumnBatch;
    }
  };
}

/** One column as it is written, with the dictionary of all its batches. */
class ColumnFile {
  readonly name: string;
  readonly storage: Storage;
  readonly file: string;
  readonly dictionary: string[] = [];
  readonly #codes = new Map<string, number>();

  constructor(file: string, name: string, storage: Storage) {
    this.name = name;
    this.storage = storage;
    this.file = file;
    writeFileSync(file, '');
  }

  /** Opens the file each time: thousands of columns are more than a process may hold open. */
  append(column: Column): void {
    const values = column.storage === 'number' ? column.values : this.#recode(column.codes, column.dictionary);
    appendFileSync(this.file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  /** Codes into this column's dictionary for codes into a batch's. */
  #recode(codes: Int32Array, dictionary: readonly string[]): Int32Array {
    const known = dictionary.map((text) => this.#codeOf(text));
    return codes.map((code) => known[code] ?? -1);
  }

  #codeOf(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.dictionary.length);
    return this.dictionary.push(text) - 1;
  }
}

interface Part {
  readonly from: number;
  readonly count: number;
}

function readColumn({ file, storage, dictionary }: StoredColumn, part: Part): Column {
  if (storage === 'text') return { storage, codes: readPart(file, new Int32Array(part.count), part.from), dictionary };
  const values = readPart(file, new Float64Array(part.count), part.from);
  return { storage, values, nulls: missingOf(values) };
}

/** 1 where a value is missing; undefined where none is. */
function missingOf(values: Float64Array): Uint8Array | undefined {
  const nulls = new Uint8Array(values.length);
  let some = false;
  for (let row = 0; row < values.length; row++) {
    if (!Number.isNaN(values[row]!)) continue;
    nulls[row] = 1;
    some = true;
  }
  return some ? nulls : undefined;
}

function readPart<T extends Int32Array | Float64Array>(file: string, values: T, from: number): T {
  const open = openSync(file, 'r');
  try {
    readSync(open, values, 0, values.byteLength, from * values.BYTES_PER_ELEMENT);
    return values;
  } finally {
    closeSync(open);
  }
}
