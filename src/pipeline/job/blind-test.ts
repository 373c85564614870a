import { dateOf } from '../../shared/days.ts';
import { NightshiftError } from '../../shared/errors.ts';
import type { Row, Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn, featureColumns, keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';
import type { Script } from '../find.ts';
import { nightRows } from '../vocabulary.ts';
import { type Hidden, outcomesOf } from './blind-source.ts';
import { extractKnown } from './extract-known.ts';

/** What a blind extraction gave beside the night's own. */
interface Comparison {
  /** Rows that both have. */
  readonly rows: number;
  /** Rows that the night's extraction has, or the blind one where that has more. */
  readonly expected: number;
  /** Features that differ, and in how many rows. */
  readonly findings: readonly { readonly feature: string; readonly rows: number }[];
}

/**
 * Extracts one day's rows once more, with every outcome that was not known at their cutoff hidden in the sources, and
 * holds each feature against the first extraction. A feature that differs has seen the future: `feature-peeks`, which
 * names the feature and the outcome that it saw. Returns the rows compared. Rows without a time are all of one day, the
 * as-of date.
 */
export async function blindTest(step: StepContext, chosen?: number): Promise<number> {
  if (outcomesOf(step.config).length === 0) return 0;
  const day = chosen ?? (await drawDay(step));
  if (day === undefined) return 0;
  return step.timed(`blind test of ${dateOf(day)}`, async () => {
    const scripts = await step.scripts();
    const compared = await extractBlind(step, { day, scripts, hidden: 'all' });
    if (!isSame(compared)) throw await peeks(step, { day, scripts, compared });
    return compared.rows;
  });
}

/** One of the days of the train and test windows that have rows, drawn by the seed: another one each night. */
async function drawDay(step: StepContext): Promise<number | undefined> {
  const { trainFromDay, asOfDay } = step.run.windows;
  if (step.config.time === undefined) return asOfDay;
  const warehouse = await step.warehouse();
  const day = warehouse.dialect.identifier(dayColumn(step.config.time));
  const days = await warehouse.rows(`SELECT DISTINCT ${day} AS day FROM ${warehouse.dialect.identifier('features')} WHERE ${day} >= ${trainFromDay} AND ${day} < ${asOfDay} ORDER BY 1`);
  const mixed = Math.imul(step.config.seed + asOfDay, 0x9e3779b1) >>> 0;
  const drawn = days[mixed % Math.max(1, days.length)];
  return drawn === undefined ? undefined : Number(drawn['day']);
}

interface Pass {
  readonly day: number;
  readonly scripts: readonly Script[];
  readonly hidden: Hidden;
}

async function extractBlind(step: StepContext, { day, scripts, hidden }: Pass): Promise<Comparison> {
  const warehouse = await step.warehouse();
  const window = step.config.time === undefined ? nightRows(step.run.windows) : { rowsFromDay: day, rowsUntilDay: day + 1 };
  return extractKnown(step, { scripts, prefix: 'blind_', window, known: { cutoff: day - step.config.lead, hidden } }, () => compare(step, warehouse, day));
}

async function compare(step: StepContext, warehouse: Warehouse, day: number): Promise<Comparison> {
  const { identifier } = warehouse.dialect;
  const watched = [...new Set([...featureColumns(step.config), ...step.config.slices])];
  const counts = watched.map((name, i) => `sum(CASE WHEN f.${identifier(name)} IS DISTINCT FROM b.${identifier(name)} THEN 1 ELSE 0 END) AS d${i}`);
  const keys = keyColumns(step.config).map((name) => `f.${identifier(name)} = b.${identifier(name)}`);
  const [totals] = await warehouse.rows(`SELECT count(*) AS n, ${counts.join(', ')} FROM ${identifier('features')} AS f JOIN ${identifier('blind_features')} AS b ON ${keys.join(' AND ')}`);
  const ofDay = step.config.time === undefined ? '' : ` WHERE ${identifier(dayColumn(step.config.time))} = ${day}`;
  const [all] = await warehouse.rows(`SELECT count(*) AS n FROM ${identifier('features')}${ofDay}`);
  const [blind] = await warehouse.rows(`SELECT count(*) AS n FROM ${identifier('blind_features')}`);
  const findings = watched.map((feature, i) => ({ feature, rows: countIn(totals, `d${i}`) })).filter((finding) => finding.rows > 0);
  return { rows: countIn(totals, 'n'), expected: Math.max(countIn(all, 'n'), countIn(blind, 'n')), findings };
}

function countIn(row: Row | undefined, name: string): number {
  return Number(row?.[name] ?? 0);
}

function isSame({ rows, expected, findings }: Comparison): boolean {
  return rows === expected && findings.length === 0;
}

/** Finds out which outcome each peeking feature saw, by hiding one at a time. */
async function peeks(step: StepContext, { day, scripts, compared }: { day: number; scripts: readonly Script[]; compared: Comparison }): Promise<NightshiftError> {
  const { rows, expected, findings } = compared;
  const seen: string[] = [];
  for (const outcome of outcomesOf(step.config)) {
    const alone = await extractBlind(step, { day, scripts, hidden: { only: outcome } });
    if (alone.rows !== alone.expected) seen.push(`the choice of rows sees ${outcome}`);
    for (const { feature } of alone.findings) seen.push(`${feature} sees ${outcome}`);
  }
  const changed = findings.map((one) => `${one.feature} changed in ${one.rows} rows`);
  const lost = rows === expected ? [] : [`${rows} of ${expected} rows are the same ones`];
  return new NightshiftError({
    code: 'feature-peeks',
    what: findings.length > 0 ? 'A feature has seen what nobody knew yet' : 'Which rows there are depends on what nobody knew yet',
    where: `steps/${step.run.step}, rows of ${dateOf(day)}`,
    found: [...lost, ...changed].join('; ') + (seen.length > 0 ? ` (${seen.join('; ')})` : ''),
    expected: 'the same rows and features when everything not known at the cutoff is hidden',
    fix: 'take only what was known by the cutoff: WHERE known day <= cutoff day',
  });
}
