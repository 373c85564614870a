import type { Config, SourceConfig } from '../../shared/config/schema.ts';
import type { Source, SqlType, Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn } from '../columns.ts';

/** What a blind test hides: everything that was not known yet, or one outcome alone (`flights.departed_at`, `rows of tickets`). */
export type Hidden = { readonly only: string } | 'all';

/** Every outcome of every source: columns known later as `source.column`, rows known only from a day on as `rows of source`. */
export function outcomesOf(config: Config): readonly string[] {
  return Object.entries(config.sources).flatMap(([name, { known_later: later, known_from: from }]) => [
    ...later.flatMap(({ columns }) => columns.map((column) => outcomeColumn(name, column))),
    ...(from === undefined ? [] : [outcomeRows(name)]),
  ]);
}

function outcomeColumn(source: string, column: string): string {
  return `${source}.${column}`;
}

function outcomeRows(source: string): string {
  return `rows of ${source}`;
}

/** What of the sources may be seen. */
export interface Known {
  /** What became known after this day is hidden, */
  readonly cutoff: number;
  /** all of it, or one outcome alone; */
  readonly hidden: Hidden;
  /** and besides, in sources that have a time, rows dated from this day on. */
  readonly datedBefore?: number;
}

/** A query of a source in which what became known after the cutoff is missing: columns blanked, rows left out. */
export async function blindSource(warehouse: Warehouse, source: Source, { config, known: { cutoff, hidden, datedBefore } }: { readonly config: SourceConfig; readonly known: Known }): Promise<string> {
  const { identifier } = warehouse.dialect;
  const isKnown = (at: string): string => `${identifier(dayColumn(at))} <= ${cutoff}`;
  const isHidden = (outcome: string): boolean => hidden === 'all' || hidden.only === outcome;
  const knownAt = blankedColumns(source, config, isHidden);
  const columns = await warehouse.columns(`SELECT * FROM ${identifier(source.name)}`, source.name);
  const shown = columns.map(({ name }) => {
    const at = knownAt.get(name);
    return at === undefined ? identifier(name) : `CASE WHEN ${isKnown(at)} THEN ${identifier(name)} END AS ${identifier(name)}`;
  });
  const rows = [
    ...(config.known_from !== undefined && isHidden(outcomeRows(source.name)) ? [isKnown(config.known_from)] : []),
    ...(config.time !== undefined && datedBefore !== undefined ? [`(${identifier(dayColumn(config.time))} < ${datedBefore} OR ${identifier(dayColumn(config.time))} IS NULL)`] : []),
  ];
  return `SELECT ${shown.join(', ')} FROM ${identifier(source.name)}${rows.length === 0 ? '' : ` WHERE ${rows.join(' AND ')}`}`;
}

/** The columns to be blanked, day numbers with their dates, and the column that says when each becomes known. */
function blankedColumns(source: Source, config: SourceConfig, isHidden: (outcome: string) => boolean): ReadonlyMap<string, string> {
  const knownAt = new Map<string, string>();
  for (const { at, columns } of config.known_later) {
    for (const column of columns.filter((name) => isHidden(outcomeColumn(source.name, name)))) {
      knownAt.set(column, at);
      if (isDated(source.types[column])) knownAt.set(dayColumn(column), at);
    }
  }
  return knownAt;
}

function isDated(type: SqlType | undefined): boolean {
  return type === 'date' || type === 'timestamp';
}
