import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError, makeFolder } from '../shared/files.ts';

export type CsvValue = string | number | bigint | null;

const LINE_END = '\r\n';
const QUOTED = /[",\r\n]|^\s|\s$/;
const WRITE_CHARACTERS = 1 << 18;

/**
 * A record as RFC 4180 has it, its CR LF included. A missing value is an empty cell, an empty text a quoted one; numbers
 * are in the shortest form that reads back as the same number.
 */
export function csvLine(values: readonly CsvValue[]): string {
  const line = values.map(cell).join(',');
  // A lone missing value would be an empty line, which readers skip.
  return `${line === '' ? '""' : line}${LINE_END}`;
}

function cell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return Object.is(value, -0) ? '-0' : String(value);
  return value === '' || QUOTED.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/**
 * Appends records in one write, to a file that begins with a header. A file that has another header is kept as
 * `<name>.old-<n>.csv` and a new one begun; what a crash left of a last line stays a line of its own.
 */
export function appendCsv(file: string, header: readonly string[], rows: Iterable<readonly CsvValue[]>): void {
  const head = csvLine(header);
  const lines = Array.from(rows, csvLine).join('');
  try {
    makeFolder(dirname(file));
    const state = existsSync(file) ? stateOf(file, head) : 'new';
    if (state === 'other') renameSync(file, unusedName(file));
    if (state === 'new' || state === 'other') appendOnce(file, head + lines);
    else appendOnce(file, (state === 'torn' ? LINE_END : '') + lines);
  } catch (cause) {
    throw fileError(file, cause);
  }
}

/**
 * Writes a whole file or nothing, to a temporary name beside it that is then renamed. Returns how many rows it has
 * below its header, and the SHA-256 of its bytes.
 */
export async function writeCsv(
  file: string,
  header: readonly string[],
  rows: AsyncIterable<readonly CsvValue[]> | Iterable<readonly CsvValue[]>,
): Promise<{ readonly rows: number; readonly sha256: string }> {
  const temporary = `${file}.${process.pid}.tmp`;
  const writer = new HashingWriter(temporary);
  let count = 0;
  try {
    await writer.add(csvLine(header));
    for await (const row of rows) {
      await writer.add(csvLine(row));
      count += 1;
    }
    const sha256 = await writer.finish();
    await writer.attempt(async () => renameSync(temporary, file));
    return { rows: count, sha256 };
  } finally {
    await writer.close();
    rmSync(temporary, { force: true });
  }
}

/** Gathers text into larger writes and hashes what it writes. */
class HashingWriter {
  readonly #file: string;
  readonly #hash = createHash('sha256');
  #handle: FileHandle | undefined;
  #text = '';

  constructor(file: string) {
    this.#file = file;
  }

  async add(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= WRITE_CHARACTERS) await this.#flush();
  }

  async finish(): Promise<string> {
    await this.#flush();
    await this.attempt(async () => this.#handle?.sync());
    return this.#hash.digest('hex');
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async attempt<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (cause) {
      throw fileError(this.#file.replace(/\.\d+\.tmp$/, ''), cause);
    }
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#text, 'utf8');
    this.#text = '';
    this.#hash.update(bytes);
    await this.attempt(async () => {
      if (this.#handle === undefined) {
        makeFolder(dirname(this.#file));
        this.#handle = await open(this.#file, 'w');
      }
      await this.#handle.writeFile(bytes);
    });
  }
}

function appendOnce(file: string, text: string): void {
  const handle = openSync(file, 'a');
  try {
    const bytes = Buffer.from(text, 'utf8');
    for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
  } finally {
    closeSync(handle);
  }
}

/** What is to be done with a file that is there: it has this header, another one, or ends within a line. */
function stateOf(file: string, head: string): 'new' | 'other' | 'torn' | 'whole' {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    if (size === 0) return 'new';
    const start = Buffer.alloc(Buffer.byteLength(head));
    readSync(handle, start, 0, start.length, 0);
    if (start.toString('utf8') !== head) return 'other';
    const last = Buffer.alloc(1);
    readSync(handle, last, 0, 1, size - 1);
    return last.toString('latin1') === '\n' ? 'whole' : 'torn';
  } finally {
    closeSync(handle);
  }
}

function unusedName(file: string): string {
  const stem = file.replace(/\.csv$/i, '');
  for (let n = 1; ; n++) {
    const name = `${stem}.old-${n}.csv`;
    if (!existsSync(name)) return name;
  }
}
