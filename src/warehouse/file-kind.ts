import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { codeOf, messageOf } from '../shared/errors.ts';
import { fileMissing, filesMissing, sourceCorrupt } from './source-errors.ts';
import type { Source } from './warehouse.ts';

export type FileKind = 'sqlite' | 'duckdb' | 'unknown';

/** What a source's database file is, by its first bytes. Throws `source-missing` or `source-corrupt`. */
export function fileKind(source: Source, file: string): FileKind {
  assertFile(source, file);
  const head = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    if (readSync(handle, head) === 0) throw sourceCorrupt(source, file, 'an empty file');
  } finally {
    closeSync(handle);
  }
  if (head.toString('latin1') === 'SQLite format 3\0') return 'sqlite';
  return head.toString('latin1', 8, 12) === 'DUCK' ? 'duckdb' : 'unknown';
}

/** Throws `source-missing` if a source has no files or one is not there, `source-corrupt` if one cannot be read as a file. */
export function assertFiles(source: Source): void {
  const { location } = source;
  const files = location.kind === 'database' ? [location.file] : location.files;
  if (files.length === 0) throw filesMissing(source);
  for (const file of files) assertFile(source, file);
}

function assertFile(source: Source, file: string): void {
  try {
    if (!statSync(file).isFile()) throw sourceCorrupt(source, file, 'this is no file');
    closeSync(openSync(file, 'r'));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') throw fileMissing(source, file);
    if (codeOf(cause)?.startsWith('E') === true) throw sourceCorrupt(source, file, messageOf(cause));
    throw cause;
  }
}
