import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { bytewise } from '../dataset/bytewise.ts';
import type { Config, SourceConfig } from '../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import type { Source, SourceLocation } from '../warehouse/warehouse.ts';
import { type Places, textOf } from './places.ts';

const EXTENSION = { sqlite: '.db', duckdb: '.duckdb' } as const;

/** The sources of a configuration with their files found; throws `source-missing` (exit code 6) where a pattern matches nothing. */
export function sourcesOf(config: Config, places: Places): readonly Source[] {
  return Object.entries(config.sources).map(([name, source]) => ({ name, location: locationOf(name, source, config, places), types: source.types }));
}

function locationOf(name: string, source: SourceConfig, config: Config, places: Places): SourceLocation {
  if (source.database !== undefined) return { kind: 'database', file: databaseFile(textOf(source.database, `sources.${name}.database`), config, places), table: source.table ?? name };
  if (source.csv !== undefined) return { kind: 'csv', files: filesOf(name, textOf(source.csv, `sources.${name}.csv`), places), delimiter: source.delimiter, encoding: source.encoding, dates: source.dates };
  return { kind: 'parquet', files: filesOf(name, textOf(source.parquet ?? '', `sources.${name}.parquet`), places) };
}

/**
 * The database file that a source means; the extension is the warehouse's own where none is given. One in a state of its own
 * (where `sample` makes it) comes before the project's.
 */
export function databaseFile(path: string, config: Config, places: Places): string {
  const file = extname(path) === '' ? path + EXTENSION[config.warehouse] : path;
  const inState = join(places.state, file);
  return !isAbsolute(file) && existsSync(inState) ? inState : inPlace(file, places);
}

/** The source databases that are not there; a project with a sample loader makes them. */
export function missingDatabases(config: Config, places: Places): readonly string[] {
  const files = Object.entries(config.sources).flatMap(([name, source]) => (source.database === undefined ? [] : [databaseFile(textOf(source.database, `sources.${name}.database`), config, places)]));
  return [...new Set(files)].filter((file) => !existsSync(file));
}

/** Relative to the project where it is there, and otherwise to the state. */
function inPlace(path: string, places: Places): string {
  if (isAbsolute(path)) return path;
  const inProject = join(places.project, path);
  return existsSync(inProject) ? inProject : join(places.state, path);
}

/** Files by a pattern with `*` in its last part, sorted bytewise. As in a shell, `*` begins no hidden file. */
function filesOf(name: string, pattern: string, places: Places): readonly string[] {
  const folder = inPlace(dirname(pattern), places);
  const matcher = new RegExp(`^${basename(pattern).split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*')}$`);
  const isHidden = (file: string): boolean => file.startsWith('.') && !basename(pattern).startsWith('.');
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const found = entries.filter((entry) => !entry.isDirectory() && matcher.test(entry.name) && !isHidden(entry.name)).map(({ name: file }) => file).sort(bytewise);
  if (found.length > 0) return found.map((file) => join(folder, file));
  throw new NightshiftError({
    code: 'source-missing',
    what: `Source ${name} has no files`,
    where: join(folder, basename(pattern)),
    found: !existsSync(folder) ? 'no such folder' : pattern.includes('*') ? 'no file of that pattern' : 'no such file',
    expected: 'at least one file',
    exitCode: ExitCode.sourceLate,
  });
}
