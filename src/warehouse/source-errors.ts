import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { Source, SourceLocation } from './warehouse.ts';

/** Where a source's rows are, as an error says it. */
export function placeOf(location: SourceLocation): string {
  if (location.kind === 'database') return `${location.file}, table ${location.table}`;
  return location.files.join(', ');
}

function closest(word: string, names: readonly string[]): string {
  const near = nearest(word, names);
  if (near !== undefined) return `closest is "${near}"`;
  return names.length === 0 ? 'there is none at all' : `there are ${names.slice(0, 12).join(', ')}`;
}

export function fileMissing(source: Source, file: string): NightshiftError {
  return new NightshiftError({
    code: 'source-missing',
    what: `The source "${source.name}" is not there`,
    where: file,
    found: 'no such file',
    fix: 'deliver the file, or correct `sources:` in pipeline.yaml',
    exitCode: ExitCode.sourceLate,
  });
}

export function filesMissing(source: Source): NightshiftError {
  return new NightshiftError({
    code: 'source-missing',
    what: `The source "${source.name}" is not there`,
    found: 'no file matches its pattern',
    fix: 'deliver the files, or correct `sources:` in pipeline.yaml',
    exitCode: ExitCode.sourceLate,
  });
}

export function tableMissing(source: Source, file: string, table: string, tables: readonly string[]): NightshiftError {
  return new NightshiftError({
    code: 'source-missing',
    what: `The source "${source.name}" has lost its table`,
    where: file,
    found: `no table "${table}"; ${closest(table, tables)}`,
    fix: 'correct `sources:` in pipeline.yaml, or bring the table back',
    exitCode: ExitCode.sourceLate,
  });
}

export function sourceCorrupt(source: Source, file: string, cause: string): NightshiftError {
  return new NightshiftError({
    code: 'source-corrupt',
    what: `The source "${source.name}" cannot be read`,
    where: file,
    found: cause,
    expected: 'a whole file of its kind',
    fix: 'deliver the file again',
  });
}

/** A SQLite file in WAL mode can only be read where its readers may keep files beside it. */
export function sourceClosed(source: Source, file: string): NightshiftError {
  return new NightshiftError({
    code: 'source-unreadable',
    what: `The source "${source.name}" cannot be opened`,
    where: file,
    found: 'a SQLite file in WAL mode in a folder that may not be written',
    expected: 'a folder that may be written, or a file in another journal mode',
    fix: 'deliver the file after PRAGMA journal_mode = DELETE, or let the job write into its folder',
  });
}

/** Throws `source-column-missing` for the first declared column that the source doesn't have. */
export function assertColumns(source: Source, columns: readonly string[]): void {
  const have = new Set(columns.map((name) => name.toLowerCase()));
  for (const name of Object.keys(source.types)) {
    if (have.has(name.toLowerCase())) continue;
    throw new NightshiftError({
      code: 'source-column-missing',
      what: `The source "${source.name}" has no column "${name}"`,
      where: placeOf(source.location),
      found: closest(name, columns),
      expected: `"${name}", which its types declare`,
      fix: 'correct `types:` of the source in pipeline.yaml, or bring the column back',
    });
  }
}

/** What of a column was not of its declared type. */
export interface TypeFault {
  readonly column: string;
  readonly expected: string;
  /** A value as it stands there, the first one. */
  readonly value: string;
  /** How many rows are like this. */
  readonly rows: number;
}

export function typeFault(source: Source, fault: TypeFault): NightshiftError {
  return new NightshiftError({
    code: 'source-type',
    what: `A value of "${fault.column}" in the source "${source.name}" is not of its declared type`,
    where: placeOf(source.location),
    found: `${fault.value}, in ${fault.rows} row${fault.rows === 1 ? '' : 's'}`,
    column: fault.column,
    expected: fault.expected,
    fix: 'mend the data, or declare the column as what it is under `types:` in pipeline.yaml',
  });
}
