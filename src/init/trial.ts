import { parseConfig } from '../shared/config/load.ts';
import { windowsOf } from '../shared/days.ts';
import { dateOf } from '../shared/days.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { render } from '../shared/template.ts';
import { nightRows, vocabularyOf } from '../pipeline/vocabulary.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Choices } from './choices.ts';
import { identifier } from './sql.ts';

/** What the project's own scripts make of the table. */
export interface Trial {
  readonly fit: number;
  readonly validation: number;
  readonly test: number;
  readonly fresh: number;
  /** Different labels among the rows that fit, validate and test. */
  readonly variety: readonly [number, number, number];
}

/** Scripts in the order in which they need each other. */
const SCRIPTS = ['01-extract/rows', '01-extract/features', '02-split/train', '02-split/test', '02-split/fresh'] as const;

/**
 * Runs the scripts of a project that is yet to be written, in DuckDB's memory, and counts. The source must be attached.
 * `again` leaves what was extracted before as it is. Throws what a night would throw of them.
 */
export async function tryOut(warehouse: Warehouse, choices: Choices, { files, again }: { readonly files: ReadonlyMap<string, string>; readonly again: boolean }): Promise<Trial> {
  const config = parseConfig(files.get('pipeline.yaml') ?? '', 'pipeline.yaml');
  const asOf = choices.split.by === 'time' ? dateOf(choices.split.windows.lastDay) : '2000-01-01';
  const windows = windowsOf(asOf, config.split, config.lead);
  const names = [choices.source, ...SCRIPTS.map(relationOf)];
  const vocabulary = vocabularyOf(warehouse.dialect, config, windows, nightRows(windows), new Map(names.map((name) => [name, name])));
  for (const script of again ? SCRIPTS.slice(2) : SCRIPTS) {
    const file = `steps/${script}.sql`;
    await warehouse.make(relationOf(script), render(files.get(file) ?? '', vocabulary, file).sql, file);
  }
  return count(warehouse, choices.label.name);
}

function relationOf(script: string): string {
  return script.slice(script.indexOf('/') + 1);
}

async function count(warehouse: Warehouse, label: string): Promise<Trial> {
  const l = identifier(label);
  const of = (name: string, where: string): string => `SELECT '${name}' AS batch, count(*) AS n, count(DISTINCT ${l}) AS labels FROM ${where}`;
  const rows = await warehouse.rows(`${of('fit', "train WHERE fold = 'fit'")} UNION ALL ${of('validation', "train WHERE fold = 'validation'")} UNION ALL ${of('test', 'test')} UNION ALL SELECT 'fresh', count(*), 0 FROM fresh`);
  const found = (batch: string, what: 'n' | 'labels'): number => Number(rows.find((row) => row['batch'] === batch)?.[what] ?? 0);
  return { fit: found('fit', 'n'), validation: found('validation', 'n'), test: found('test', 'n'), fresh: found('fresh', 'n'), variety: [found('fit', 'labels'), found('validation', 'labels'), found('test', 'labels')] };
}

/** Whether a night can be run on it at all: every batch has rows, and what fits has different labels. */
export function canRun({ fit, validation, test, fresh, variety }: Trial): boolean {
  return fit > 0 && validation > 0 && test > 0 && fresh > 0 && variety[0] > 1;
}

/** Whether its metrics mean something: both outcomes are held out, and test. */
export function canMeasure(trial: Trial): boolean {
  return canRun(trial) && trial.variety[1] > 1 && trial.variety[2] > 1;
}

export function cannotDivide(trial: Trial, place: string): NightshiftError {
  const { fit, validation, test, fresh, variety } = trial;
  return new NightshiftError({
    code: 'table-short',
    what: 'The rows cannot be divided into batches that train, validate, test and are scored',
    where: place,
    found: `${fit} rows to train on with ${variety[0]} different labels, ${validation} to validate, ${test} to test, ${fresh} to score`,
    expected: 'rows in each, and at least two different labels to train on',
    fix: 'bring more rows with labels, or say --time none for a split by hash',
    exitCode: ExitCode.usage,
  });
}
