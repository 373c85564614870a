import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { type Feature, type LeftOut, candidatesOf } from './candidates.ts';
import type { Split } from './choices.ts';
import type { Deciding } from './deciding.ts';
import type { Found, RowNames } from './keys.ts';
import type { OutputNames } from './output-names.ts';
import { shortened } from './shortened.ts';
import { identifier, ofRow } from './sql.ts';
import { type Suspect, suspectsOf } from './suspects.ts';
import type { Target } from './target.ts';
import { dayOf } from './times.ts';

export interface ChosenFeatures {
  readonly features: readonly Feature[];
  readonly suspects: readonly LeftOut[];
  readonly leftOut: readonly LeftOut[];
}

export interface FeaturesRequest {
  readonly columns: readonly Found[];
  readonly rowNames: RowNames;
  readonly split: Split;
  readonly names: OutputNames;
  readonly target: Target;
  readonly label: string;
  /** The table as it is declared. */
  readonly relation: string;
}

/** What the model is given, and what it is not and why. Throws `no-features` (exit code 2). */
export async function chooseFeatures(it: Deciding, request: FeaturesRequest): Promise<ChosenFeatures> {
  const { columns, rowNames, split, names, target, label, relation } = request;
  const time = split.by === 'time' ? split.time.column : undefined;
  const roles = { target: target.column, key: rowNames.key, entity: rowNames.entity, time, knownAt: split.by === 'time' ? split.knownAt?.column : undefined };
  const { features, leftOut } = candidatesOf(columns, { roles, names, late: await lateDates(it, time) });
  const settled = settle(it, features, await suspectsOf(it.warehouse, { relation, features, target, label }));
  const all = [...settled.features, ...(await calendarFeatures(it, { split, names, relation }))];
  if (all.length === 0) throw noFeatures([...settled.suspects, ...leftOut]);
  it.warnings.push(...leftOut.filter(({ column }) => column !== rowNames.key && column !== rowNames.entity).map(({ column, why }) => `${shortened(column)} is left out: ${why}`));
  return { features: all, suspects: settled.suspects, leftOut };
}

/** Rows in which each date lies behind the row's time. */
async function lateDates({ warehouse, table: { columns, source } }: Deciding, time: string | undefined): Promise<ReadonlyMap<string, number>> {
  const late = new Map<string, number>();
  if (time === undefined) return late;
  for (const { profile, kind } of columns) {
    if (kind.use !== 'date' || profile.name === time) continue;
    const [row] = await warehouse.rows(`SELECT count(*) AS n FROM ${identifier(source)} WHERE ${dayOf(profile.name)} > ${dayOf(time)}`);
    late.set(profile.name, Number(row?.['n'] ?? 0));
  }
  return late;
}

/** Leaves out what gives the label away: copies always, others unless nothing would be left. */
function settle({ warnings }: Deciding, features: readonly Feature[], suspects: readonly Suspect[]): Pick<ChosenFeatures, 'features' | 'suspects'> {
  const copies = suspects.filter(({ isCopy }) => isCopy).map(({ feature }) => feature);
  const leaks = suspects.filter(({ leave }) => leave).map(({ feature }) => feature);
  const keepsLeaks = features.every((one) => leaks.includes(one)) && features.some((one) => !copies.includes(one));
  const out = keepsLeaks ? copies : leaks;
  for (const { feature, why, leave } of suspects) {
    const fate = out.includes(feature) ? 'Left out; pipeline.yaml has the line that brings it back' : leave ? 'Kept, since nothing else would be left' : 'Kept: see whether it is known before the label';
    warnings.push(`${shortened(feature.column)} is suspicious: ${why}. ${fate}`);
  }
  return { features: features.filter((one) => !out.includes(one)), suspects: suspects.filter(({ feature }) => out.includes(feature)).map(({ feature, why }) => ({ column: feature.column, why, feature })) };
}

/** The weekday and, of a timestamp, the hour of a row's time, where they vary. */
async function calendarFeatures({ warehouse, table }: Deciding, { split, names, relation }: { readonly split: Split; readonly names: OutputNames; readonly relation: string }): Promise<readonly Feature[]> {
  if (split.by !== 'time') return [];
  const { column } = split.time;
  const weekday = `CAST((${ofRow(`${column}_day`)} + 4) % 7 AS TEXT)`;
  const hour = `CAST(substr(CAST(${ofRow(column)} AS TEXT), 12, 2) AS INTEGER)`;
  const isTimestamp = table.columns.some(({ profile, kind }) => profile.name === column && kind.type === 'timestamp');
  const [row] = await warehouse.rows(`SELECT count(DISTINCT ${weekday}) AS weekdays, ${isTimestamp ? `count(DISTINCT ${hour})` : '0'} AS hours, count(DISTINCT ${ofRow(`${column}_day`)}) AS days FROM ${identifier(relation)} AS r`);
  return [
    ...(Number(row?.['weekdays'] ?? 0) >= 5 && Number(row?.['days'] ?? 0) >= 21 ? [{ name: names.of('weekday'), column, kind: 'category' as const, sql: weekday }] : []),
    ...(Number(row?.['hours'] ?? 0) > 1 ? [{ name: names.of('hour'), column, kind: 'number' as const, sql: hour }] : []),
  ];
}

function noFeatures(leftOut: readonly LeftOut[]): NightshiftError {
  return new NightshiftError({
    code: 'no-features',
    what: 'No column is left that a model could learn from',
    found: leftOut.slice(0, 12).map(({ column, why }) => `${shortened(column)}: ${why}`).join('; '),
    expected: 'at least one column that varies from row to row and is known before the label',
    fix: 'bring more columns, or choose another --target',
    exitCode: ExitCode.usage,
  });
}
