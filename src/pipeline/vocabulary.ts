import type { Config } from '../shared/config/schema.ts';
import { type Windows, dayOf } from '../shared/days.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { SqlText } from '../shared/template.ts';
import type { Dialect, Scalar } from '../warehouse/warehouse.ts';
import { batchColumns, dayColumn, entityColumns, featureColumns, keyColumns } from './columns.ts';

/** Which rows a pass through the SQL brings: the night's, or a blind test's single day. */
export interface RowsWindow {
  readonly rowsFromDay: number;
  readonly rowsUntilDay: number;
}

/** The rows that a night brings: its train, test and fresh windows. */
export function nightRows({ trainFromDay, freshUntilDay }: Windows): RowsWindow {
  return { rowsFromDay: trainFromDay, rowsUntilDay: freshUntilDay };
}

/**
 * Every name that a script may use, as SQL: relations (under `relations`, name → the table that stands for it), values of
 * the as-of date, lists of columns, expressions that `pipeline.yaml` settles, and `params`.
 */
export function vocabularyOf(dialect: Dialect, config: Config, windows: Windows, rows: RowsWindow, relations: ReadonlyMap<string, string>): ReadonlyMap<string, SqlText> {
  const names = new Map<string, SqlText>();
  const put = (name: string, sql: string): void => {
    if (names.has(name)) throw taken(name);
    names.set(name, new SqlText(sql));
  };
  for (const [name, sql] of builtIn(dialect, config, windows, rows)) put(name, sql);
  for (const [name, value] of Object.entries(config.params)) put(name, dialect.literal(typeof value === 'boolean' ? Number(value) : value));
  for (const [name, table] of relations) put(name, dialect.identifier(table));
  return names;
}

function builtIn(dialect: Dialect, config: Config, windows: Windows, rows: RowsWindow): [string, string][] {
  const value = (name: string, scalar: Scalar): [string, string] => [name, dialect.literal(scalar)];
  const list = (columns: readonly string[]): string => columns.map((column) => dialect.identifier(column)).join(', ');
  const names: [string, string][] = [
    value('as_of', windows.asOf),
    value('as_of_day', windows.asOfDay),
    value('train_from_day', windows.trainFromDay),
    value('validation_from_day', validationFromDay(config, windows)),
    value('test_from_day', windows.testFromDay),
    value('first_test_cutoff_day', windows.firstTestCutoffDay),
    value('fresh_until_day', windows.freshUntilDay),
    value('rows_from_day', rows.rowsFromDay),
    value('rows_until_day', rows.rowsUntilDay),
    value('lead_days', config.lead),
    value('seed', config.seed),
    value('test_share_hash', shareAsHash(config.split.test_share)),
    value('validation_share_hash', shareAsHash(config.split.test_share + config.split.validation_share * (1 - config.split.test_share))),
    ['key_columns', list(keyColumns(config))],
    ['feature_columns', list(featureColumns(config))],
    ['batch_columns', list(batchColumns(config))],
    ['label', dialect.identifier(config.label.column)],
    ['entity_hash', entityHash(dialect, entityColumns(config))],
    ['excluded', excludedDays(dialect, config)],
  ];
  if (config.time !== undefined) names.push(['time_day', dialect.identifier(dayColumn(config.time))]);
  const known = labelKnownDay(dialect, config);
  if (known !== undefined) names.push(['label_known_day', known]);
  return names;
}

/** The first day of the training window's last part, which is held out. */
export function validationFromDay(config: Config, windows: Windows): number {
  const days = Math.max(1, Math.round(config.split.train_days * config.split.validation_share));
  return windows.testFromDay - days;
}

/** The day from which a row's label is known: a column's, or so many days after the row. */
function labelKnownDay(dialect: Dialect, config: Config): string | undefined {
  if (config.label.known_at !== undefined) return dialect.identifier(dayColumn(config.label.known_at));
  if (config.time === undefined) return undefined;
  return `(${dialect.identifier(dayColumn(config.time))} + ${dialect.literal(config.label.matures_after ?? 0)})`;
}

/** The same eight hexadecimal digits for an entity on every engine, to be compared as text. */
function entityHash(dialect: Dialect, columns: readonly string[]): string {
  const text = columns.map((column) => `coalesce(CAST(${dialect.identifier(column)} AS TEXT), '')`).join(` || ${dialect.literal('\u001f')} || `);
  return `substr(md5(${text}), 1, 8)`;
}

function shareAsHash(share: number): string {
  return Math.min(0xffffffff, Math.round(share * 0x1_0000_0000)).toString(16).padStart(8, '0');
}

function excludedDays(dialect: Dialect, config: Config): string {
  const time = config.time;
  if (time === undefined || config.split.exclude.length === 0) return '(1 = 0)';
  const day = dialect.identifier(dayColumn(time));
  return `(${config.split.exclude.map(({ from, to }) => `${day} BETWEEN ${dialect.literal(dayOf(from))} AND ${dialect.literal(dayOf(to))}`).join(' OR ')})`;
}

function taken(name: string): NightshiftError {
  return new NightshiftError({ code: 'name-taken', what: `Two things are called ${name}`, found: name, expected: 'sources, params and scripts with names of their own, other than the built-in ones', exitCode: ExitCode.usage });
}
