import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../shared/files.ts';

export type CsvValue = string | number | bigint | null;

/** One record of RFC 4180, with its line end (CRLF): quoted where needed, numbers in their shortest form, null empty. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  return /[",\r\n]|^\s|\s$|^$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/**
 * Appends records to a log, in one write. A new file begins with the header; a file with another header is put aside as
 * `<name>.old-<n>.csv`, so that a file's columns never change their meaning.
 */
export function appendCsv(file: string, header: readonly string[], rows: readonly (readonly CsvValue[])[]): void {
  const first = csvLine(header);
  try {
    mkdirSync(dirname(file), { recursive: true });
    if (existsSync(file) && !beginsWith(file, first)) renameSync(file, asideName(file));
    appendFileSync(file, (existsSync(file) ? '' : first) + rows.map(csvLine).join(''));
  } catch (cause) {
    throw fileError(file, cause);
  }
}

function beginsWith(file: string, text: string): boolean {
  const wanted = Buffer.from(text);
  const found = Buffer.alloc(wanted.length);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, found, 0, wanted.length, 0);
  } finally {
    closeSync(handle);
  }
  return found.equals(wanted);
}

function asideName(file: string): string {
  for (let n = 1; ; n++) {
    const name = file.replace(/(\.csv)?$/, `.old-${n}.csv`);
    if (!existsSync(name)) return name;
  }
}

const PIECE = 1 << 18;

/** Writes a whole CSV file, or nothing: to a temporary name, then renamed. Returns its records and its SHA-256. */
export async function writeCsv(file: string, header: readonly string[], rows: AsyncIterable<readonly CsvValue[]> | Iterable<readonly CsvValue[]>): Promise<{ rows: number; sha256: string }> {
  const temporary = `${file}.${process.pid}.tmp`;
  const hash = createHash('sha256');
  let handle: number | undefined;
  let written = 0;
  try {
    mkdirSync(dirname(file), { recursive: true });
    handle = openSync(temporary, 'w');
    const flush = (text: string): void => {
      hash.update(text);
      writeSync(handle ?? 0, text);
    };
    let piece = csvLine(header);
    for await (const row of rows) {
      piece += csvLine(row);
      written++;
      if (piece.length > PIECE) {
        flush(piece);
        piece = '';
      }
    }
    flush(piece);
    closeSync(handle);
    handle = undefined;
    renameSync(temporary, file);
    return { rows: written, sha256: hash.digest('hex') };
  } catch (cause) {
    if (handle !== undefined) closeSync(handle);
    rmSync(temporary, { force: true });
    throw typeof cause === 'object' && cause !== null && 'details' in cause ? cause : fileError(file, cause);
  }
}
