import type { SourceConfig } from '../../shared/config/schema.ts';
import { dateOf } from '../../shared/days.ts';
import { NightshiftError } from '../../shared/errors.ts';
import type { Row, Source, SqlType, Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn, featureColumns, keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';
import type { Script } from '../find.ts';
import { extractAside } from './extract-aside.ts';

/** Which outcomes a blind test hides: all of them, or one column by name (`flights.departed_at`). */
export type Hidden = { readonly only: string } | 'all';

export interface BlindFinding {
  readonly feature: string;
  /** Rows whose value changed when the outcomes were hidden. */
  readonly rows: number;
}

/**
 * Extracts one day's rows once more, with every outcome that was not known at their cutoff blanked in the sources, and
 * holds each feature against the first extraction. A feature that differs has seen the future: `feature-peeks`, which
 * names the feature and the outcome that it saw. Returns the rows compared.
 */
export async function blindTest(step: StepContext, day: number = drawDay(step)): Promise<number> {
  if (outcomesOf(step).length === 0) return 0;
  return step.timed(`blind test of ${dateOf(day)}`, async () => {
    const scripts = await step.scripts();
    const { rows, findings } = await extractBlind(step, { day, scripts, hidden: 'all' });
    if (findings.length > 0) throw await peeks(step, { day, scripts, findings });
    return rows;
  });
}

/** A day of the train or test window, drawn by the seed: another one each night. */
function drawDay(step: StepContext): number {
  const { trainFromDay, asOfDay } = step.run.windows;
  const mixed = Math.imul(step.config.seed + asOfDay, 0x9e3779b1) >>> 0;
  return trainFromDay + (mixed % (asOfDay - trainFromDay));
}

/** Every outcome column of every source, as `source.column`. */
export function outcomesOf(step: StepContext): readonly string[] {
  return Object.entries(step.config.sources).flatMap(([name, source]) => source.known_later.flatMap(({ columns }) => columns.map((column) => `${name}.${column}`)));
}

interface Pass {
  readonly day: number;
  readonly scripts: readonly Script[];
  readonly hidden: Hidden;
}

async function extractBlind(step: StepContext, { day, scripts, hidden }: Pass): Promise<{ rows: number; findings: readonly BlindFinding[] }> {
  const warehouse = await step.warehouse();
  const cutoff = day - step.config.lead;
  const standIns = new Map<string, string>();
  try {
    for (const source of step.run.sources) {
      const view = `blind_${source.name}`;
      await warehouse.define(view, await blindSource(warehouse, source, { config: step.config.sources[source.name], cutoff, hidden }));
      standIns.set(source.name, view);
    }
    const window = { rowsFromDay: day, rowsUntilDay: day + 1 };
    return await extractAside(step, { scripts, prefix: 'blind_', window, standIns }, () => compare(step, warehouse, day));
  } finally {
    for (const view of [...standIns.values()].reverse()) await warehouse.undefine(view);
  }
}

/** A source in which what became known after the cutoff is missing. */
async function blindSource(warehouse: Warehouse, source: Source, it: { config: SourceConfig | undefined; cutoff: number; hidden: Hidden }): Promise<string> {
  const { identifier } = warehouse.dialect;
  const knownAt = new Map<string, string>();
  for (const { at, columns } of it.config?.known_later ?? []) {
    for (const column of columns) {
      if (it.hidden !== 'all' && it.hidden.only !== `${source.name}.${column}`) continue;
      knownAt.set(column, at);
      if (isDated(source.types[column])) knownAt.set(dayColumn(column), at);
    }
  }
  const columns = await warehouse.columns(`SELECT * FROM ${identifier(source.name)}`, source.name);
  const shown = columns.map(({ name }) => {
    const at = knownAt.get(name);
    const quoted = identifier(name);
    return at === undefined ? quoted : `CASE WHEN ${identifier(dayColumn(at))} <= ${it.cutoff} THEN ${quoted} END AS ${quoted}`;
  });
  return `SELECT ${shown.join(', ')} FROM ${identifier(source.name)}`;
}

function isDated(type: SqlType | undefined): boolean {
  return type === 'date' || type === 'timestamp';
}

async function compare(step: StepContext, warehouse: Warehouse, day: number): Promise<{ rows: number; findings: readonly BlindFinding[] }> {
  const { identifier } = warehouse.dialect;
  const watched = [...new Set([...featureColumns(step.config), ...step.config.slices])];
  const counts = watched.map((name, i) => `sum(CASE WHEN f.${identifier(name)} IS DISTINCT FROM b.${identifier(name)} THEN 1 ELSE 0 END) AS d${i}`);
  const keys = keyColumns(step.config).map((name) => `f.${identifier(name)} = b.${identifier(name)}`);
  const [totals] = await warehouse.rows(`SELECT count(*) AS n, ${counts.join(', ')} FROM ${identifier('features')} AS f JOIN ${identifier('blind_features')} AS b ON ${keys.join(' AND ')}`);
  const [expected] = await warehouse.rows(`SELECT count(*) AS n FROM ${identifier('features')} WHERE ${identifier(dayColumn(step.config.time ?? ''))} = ${day}`);
  const rows = Number(totals?.['n'] ?? 0);
  if (rows !== Number(expected?.['n'] ?? 0)) throw rowsPeek(day, rows, Number(expected?.['n'] ?? 0));
  const findings = watched.map((feature, i): BlindFinding => ({ feature, rows: countIn(totals, `d${i}`) })).filter((finding) => finding.rows > 0);
  return { rows, findings };
}

function countIn(row: Row | undefined, name: string): number {
  return Number(row?.[name] ?? 0);
}

/** Finds out which outcome each peeking feature saw, by hiding one at a time. */
async function peeks(step: StepContext, { day, scripts, findings }: { day: number; scripts: readonly Script[]; findings: readonly BlindFinding[] }): Promise<NightshiftError> {
  const seen: string[] = [];
  for (const hidden of outcomesOf(step)) {
    const alone = await extractBlind(step, { day, scripts, hidden: { only: hidden } });
    for (const { feature } of alone.findings) seen.push(`${feature} sees ${hidden}`);
  }
  return new NightshiftError({
    code: 'feature-peeks',
    what: 'A feature has seen what nobody knew yet',
    where: `steps/${step.run.step}, rows of ${dateOf(day)}`,
    found: findings.map(({ feature, rows }) => `${feature} changed in ${rows} rows`).join('; ') + (seen.length > 0 ? ` (${seen.join('; ')})` : ''),
    expected: 'the same features when every outcome not known at the cutoff is hidden',
    fix: 'join only what was known by the cutoff: WHERE known day <= cutoff day',
  });
}

function rowsPeek(day: number, found: number, expected: number): NightshiftError {
  return new NightshiftError({
    code: 'feature-peeks',
    what: 'Which rows there are depends on what nobody knew yet',
    where: `rows of ${dateOf(day)}`,
    found: `${found} rows with the outcomes hidden`,
    expected: `${expected} rows`,
    fix: 'choose rows by columns that are known at their cutoff',
  });
}
