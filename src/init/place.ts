import { closeSync, existsSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { bytewise } from '../dataset/bytewise.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { SourceLocation } from '../warehouse/warehouse.ts';
import { delimiterOf } from './delimiter.ts';
import { encodingIn } from './encoding-in.ts';

/** Where the data are: what an engine is told, and what stands in `pipeline.yaml`. Paths are absolute. */
export interface Place {
  readonly location: SourceLocation;
  /** The file or pattern, as `database:`, `csv:` or `parquet:` has it. */
  readonly path: string;
  /** A word for the data, from the table's or the file's name. */
  readonly title: string;
}

/** Finds out what `--from` means. Throws `from-invalid` (exit code 2). `choose` picks one of several tables. */
export async function placeOf(from: string, choose: (tables: readonly string[]) => Promise<string | undefined>): Promise<Place> {
  const [named, table] = fileAndTable(from);
  const path = resolve(named);
  const files = filesOf(path, from);
  const title = basename(path).replace(/\.[A-Za-z0-9]+(?:\.gz)?$/, '').replaceAll('*', '').replace(/^[-_. ]+|[-_. ]+$/g, '');
  const kind = kindOf(files[0] ?? path);
  if (kind === 'database') return databasePlace(path, await tableOf(path, table, choose));
  if (table !== undefined) throw fromInvalid('Only a database file has tables', from, `no # behind a ${kind} file`);
  if (kind === 'parquet') return { location: { kind, files }, path, title };
  const encoding = await encodingIn(files);
  return { location: { kind, files, delimiter: await delimiterOf(files[0] ?? path, encoding), encoding }, path, title };
}

/** `shop.db#visits` is a table of a file, unless there is a file of that whole name. */
function fileAndTable(from: string): readonly [string, string | undefined] {
  const at = from.lastIndexOf('#');
  if (at <= 0 || existsSync(from)) return [from, undefined];
  return [from.slice(0, at), from.slice(at + 1)];
}

/** The files of a path, which may have `*` in its last part; the same rules as for `csv:` and `parquet:`. */
function filesOf(path: string, from: string): readonly string[] {
  const folder = dirname(path);
  const pattern = basename(path);
  if (!pattern.includes('*')) {
    if (!existsSync(path)) throw fromInvalid('There is no such file', from, 'a CSV or Parquet file, or file#table of a SQLite or DuckDB file');
    if (!statSync(path).isFile()) throw fromInvalid('This is no file', from, 'a CSV or Parquet file, or file#table of a SQLite or DuckDB file');
    return [path];
  }
  const matcher = new RegExp(`^${pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*')}$`);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => matcher.test(name) && !name.startsWith('.')) : [];
  if (names.length === 0) throw fromInvalid('No file matches this', from, 'at least one file');
  return names.sort(bytewise).map((name) => join(folder, name));
}

function kindOf(file: string): 'database' | 'parquet' | 'csv' {
  const head = Buffer.alloc(64);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head);
  } finally {
    closeSync(handle);
  }
  if (head.toString('latin1', 0, 4) === 'PAR1') return 'parquet';
  if (/^\s*(?:\{\s*["}]|\[\s*\{)/.test(head.toString('latin1'))) throw fromInvalid('JSON is no table that can be trained on', file, 'a CSV or Parquet file, or file#table of a SQLite or DuckDB file', "write it as one of these, with DuckDB for instance: COPY (FROM 'rows.jsonl') TO 'rows.parquet'");
  return head.toString('latin1', 0, 16) === 'SQLite format 3\0' || head.toString('latin1', 8, 12) === 'DUCK' ? 'database' : 'csv';
}

function databasePlace(file: string, table: string): Place {
  // pipeline.yaml completes a name without an extension by that of the warehouse.
  if (extname(file) === '') throw fromInvalid('A database file needs an extension', file, 'a name such as shop.db or shop.duckdb');
  return { location: { kind: 'database', file, table }, path: file, title: table };
}

async function tableOf(file: string, named: string | undefined, choose: (tables: readonly string[]) => Promise<string | undefined>): Promise<string> {
  const { tablesOf } = await import('./database-tables.ts');
  const tables = await tablesOf(file);
  const [first] = tables;
  if (named !== undefined) {
    const found = tables.find((table) => table.toLowerCase() === named.toLowerCase());
    if (found !== undefined) return found;
    const closest = nearest(named, tables);
    throw fromInvalid('The file has no such table', named, tables.slice(0, 40).join(', '), closest === undefined ? undefined : `did you mean ${file}#${closest}?`);
  }
  if (tables.length === 1 && first !== undefined) return first;
  const chosen = tables.length === 0 ? undefined : await choose(tables);
  if (chosen !== undefined) return chosen;
  throw fromInvalid('The table of a database file is named behind #', file, tables.length === 0 ? 'a file with a table' : tables.map((table) => `${file}#${table}`).slice(0, 12).join(', '));
}

function fromInvalid(what: string, found: string, expected: string, fix?: string): NightshiftError {
  return new NightshiftError({ code: 'from-invalid', what, where: '--from', found, expected, fix, exitCode: ExitCode.usage });
}
