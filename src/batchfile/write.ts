import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Column, ColumnBatch } from '../dataset/batch.ts';
import { csvLine } from '../dataset/csv-write.ts';
import { codeOf } from '../shared/errors.ts';
import { fileError, makeFolder } from '../shared/files.ts';
import type { BatchFormat } from './read.ts';
import type { Reject } from './batch-column.ts';

/** What a spreadsheet would run: only the beginning of a text decides. */
const RUN = /^[=+\-@\t\r]/;

export interface WriteOptions {
  /** A file, which is there whole or not at all, or a stream such as stdout. */
  readonly output: string | Writable;
  readonly format: BatchFormat;
  readonly columns: readonly string[];
}

/** Writes batches to a file or a stream. */
export class BatchWriter {
  readonly #options: WriteOptions;
  readonly #stream: Writable;
  readonly #aside: string | undefined;
  #failed: unknown;
  rows = 0;

  constructor(options: WriteOptions) {
    this.#options = options;
    const { output } = options;
    this.#aside = typeof output === 'string' ? `${output}.${process.pid}.tmp` : undefined;
    if (typeof output === 'string') makeFolder(dirname(output));
    this.#stream = typeof output === 'string' ? createWriteStream(this.#aside!) : output;
    this.#stream.on('error', (error) => (this.#failed = error));
  }

  async write({ rows, columns }: ColumnBatch): Promise<void> {
    if (this.rows === 0) await this.#begin();
    const cells = this.#options.columns.map((name) => cellsOf(columns.get(name)!));
    const lines: string[] = [];
    for (let row = 0; row < rows; row++) lines.push(this.#line(cells.map((cell) => cell(row))));
    this.rows += rows;
    await this.#send(lines.join(''));
  }

  /** Gives the file its name. */
  async finish(): Promise<void> {
    if (this.rows === 0) await this.#begin();
    const { output } = this.#options;
    if (typeof output !== 'string' || this.#aside === undefined) return;
    this.#stream.end();
    await finished(this.#stream).catch((cause: unknown) => Promise.reject(fileError(output, cause)));
    renameSync(this.#aside, output);
  }

  /** Leaves nothing. */
  async abort(): Promise<void> {
    if (this.#aside === undefined) return;
    this.#stream.destroy();
    rmSync(this.#aside, { force: true });
  }

  async #begin(): Promise<void> {
    if (this.#options.format === 'csv') await this.#send(csvLine(this.#options.columns.map(harmless)));
  }

  #line(values: readonly (string | number | null)[]): string {
    if (this.#options.format === 'csv') return csvLine(values.map((value) => (typeof value === 'string' ? harmless(value) : value)));
    return `${JSON.stringify(Object.fromEntries(this.#options.columns.map((name, i) => [name, values[i]])))}\n`;
  }

  async #send(text: string): Promise<void> {
    if (this.#failed !== undefined) throw this.#fault(this.#failed);
    if (!this.#stream.write(text)) await once(this.#stream, 'drain').catch((cause: unknown) => Promise.reject(this.#fault(cause)));
  }

  #fault(cause: unknown): unknown {
    const { output } = this.#options;
    return typeof output === 'string' ? fileError(output, cause) : codeOf(cause) === 'EPIPE' ? new ClosedPipe() : cause;
  }
}

/** Whoever read stdout has gone: no error of ours. */
export class ClosedPipe extends Error {}

/** Text that a spreadsheet would run as a formula, with an apostrophe before it. */
function harmless(text: string): string {
  return RUN.test(text) ? `'${text}` : text;
}

function cellsOf(column: Column): (row: number) => string | number | null {
  if (column.storage === 'text') return (row) => column.dictionary[column.codes[row]!] ?? null;
  return (row) => (column.nulls?.[row] === 1 ? null : column.values[row]!);
}

/** A file of rejected rows. */
export function rejectsWriter(file: string): BatchWriter {
  return new BatchWriter({ output: file, format: 'csv', columns: ['line', 'row', 'column', 'value', 'reason'] });
}

/** Rejected rows as a batch for `rejectsWriter`. */
export function rejectBatch(rejects: readonly Reject[]): ColumnBatch {
  const text = (of: (one: Reject) => string | null): Column => {
    const values = rejects.map(of);
    const dictionary = [...new Set(values.filter((value) => value !== null))];
    return { storage: 'text', dictionary, codes: Int32Array.from(values, (value) => (value === null ? -1 : dictionary.indexOf(value))) };
  };
  const number = (of: (one: Reject) => number): Column => ({ storage: 'number', values: Float64Array.from(rejects, of), nulls: undefined });
  return { rows: rejects.length, columns: new Map([['line', number(({ line }) => line)], ['row', number(({ row }) => row)], ['column', text(({ column }) => column)], ['value', text(({ value }) => value)], ['reason', text(({ reason }) => reason)]]) };
}
