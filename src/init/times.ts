import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Found } from './keys.ts';
import { looksLikeBirth, looksLikeKnownAt, looksLikeTime } from './names.ts';
import { isWritable } from './output-names.ts';
import { identifier } from './sql.ts';

/** Which day a row belongs to, and from which its label is known. */
export interface Times {
  readonly time: string | undefined;
  readonly knownAt: string | undefined;
  readonly why: string;
}

export interface TimesRequest {
  readonly columns: readonly Found[];
  readonly target: string;
  /** The column that somebody named; `none` for none. */
  readonly time: string | undefined;
}

/** So many different days there must be for a split by time. */
export const FEWEST_DAYS = 8;

/** Finds the time of rows among the columns of dates, and the day from which labels are known. */
export async function timesOf(warehouse: Warehouse, relation: string, { columns, target, time: asked }: TimesRequest): Promise<Times> {
  const dates = columns.filter(({ profile, kind }) => kind.use === 'date' && profile.name !== target && isWritable(profile.name) && profile.filled >= 0.5 * profile.rows);
  const whole = dates.filter(({ profile }) => profile.filled === profile.rows);
  if (asked === 'none') return { time: undefined, knownAt: undefined, why: 'as it was asked for' };
  const chosen = asked === undefined ? timeAmong(whole) : dates.find(({ profile }) => profile.name === asked);
  if (chosen === undefined) return { time: undefined, knownAt: undefined, why: whole.length === 0 ? 'no column has a date in every row' : 'no column of dates says by its name when a row was' };
  const time = chosen.profile.name;
  const days = await countDays(warehouse, relation, time);
  if (days < FEWEST_DAYS && asked === undefined) return { time: undefined, knownAt: undefined, why: `${time} has ${days} different days, too few to test on later ones` };
  const knownAt = await knownAmong(warehouse, relation, { time, names: dates.map(({ profile }) => profile.name).filter((name) => name !== time && looksLikeKnownAt(name)) });
  return { time, knownAt, why: `${time} has ${days} different days` };
}

/** A column that is called a time before any other, and of those the first; else the only column of dates. */
function timeAmong(dates: readonly Found[]): Found | undefined {
  const named = dates.find(({ profile: { name } }) => looksLikeTime(name));
  if (named !== undefined) return named;
  const left = dates.filter(({ profile: { name } }) => !looksLikeBirth(name) && !looksLikeKnownAt(name));
  return left.length === 1 ? left[0] : undefined;
}

/** Whole days since 1970-01-01 of a column that is declared as a date or a timestamp. */
export function dayOf(name: string): string {
  return identifier(`${name}_day`);
}

async function countDays(warehouse: Warehouse, relation: string, time: string): Promise<number> {
  const [row] = await warehouse.rows(`SELECT count(DISTINCT ${dayOf(time)}) AS n FROM ${identifier(relation)}`);
  return Number(row?.['n'] ?? 0);
}

/** The first of some columns that never lies before the time of its row, and after it in some. */
async function knownAmong(warehouse: Warehouse, relation: string, { time, names }: { readonly time: string; readonly names: readonly string[] }): Promise<string | undefined> {
  const day = dayOf(time);
  for (const name of names) {
    const known = dayOf(name);
    const [row] = await warehouse.rows(`SELECT count(*) FILTER (${known} < ${day}) AS before, count(*) FILTER (${known} > ${day}) AS behind FROM ${identifier(relation)}`);
    if (Number(row?.['before'] ?? 0) === 0 && Number(row?.['behind'] ?? 0) > 0) return name;
  }
  return undefined;
}
