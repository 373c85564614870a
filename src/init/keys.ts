import { ExitCode, NightshiftError } from '../shared/errors.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Kind } from './kinds.ts';
import { looksLikeCode, looksLikeEntity, looksLikeId } from './names.ts';
import { isWritable } from './output-names.ts';
import type { Profile } from './profile.ts';

/** A column as it was found: what it holds and what it is. */
export interface Found {
  readonly profile: Profile;
  readonly kind: Kind;
}

/** What names a row, and what it is about. */
export interface RowNames {
  /** One column that no two rows share; undefined where entity and time name a row, or nothing does. */
  readonly key: string | undefined;
  /** A column that recurs. */
  readonly entity: string | undefined;
  /** Whether the key, or entity and time together, name each row. */
  readonly namesRows: boolean;
  readonly why: string;
}

/** As many different entities there must be before they are dealt to train and test. */
const FEWEST_ENTITIES = 50;
/** With so many rows of each and so few of them, a column tells more as a category than as what a row is about. */
const USUAL_ROWS = 20;
const FEW_ENTITIES = 1000;

export interface NamesRequest {
  readonly columns: readonly Found[];
  readonly target: string;
  readonly time: string | undefined;
  /** The key that somebody named. */
  readonly key: string | undefined;
}

/** Finds the key, and the entity that its rows are about. */
export async function rowNamesOf(warehouse: Warehouse, relation: string, { columns, target, time, key }: NamesRequest): Promise<RowNames> {
  const others = columns.filter(({ profile: { name } }) => name !== target && name !== time && isWritable(name));
  const asked = others.find(({ profile }) => profile.name === key);
  const unique = asked === undefined ? uniqueOf(others) : isUnique(asked) ? asked : undefined;
  const recurring = others.filter((one) => one !== unique && (one === asked || recurs(one))).sort((a, b) => Number(b === asked) - Number(a === asked) || b.profile.distinct - a.profile.distinct);
  if (unique !== undefined) {
    const entity = recurring.find((one) => !isUsual(one));
    const why = asked === undefined ? `${unique.profile.distinct} rows, ${unique.profile.distinct} different values, none missing` : 'as it was asked for, and no two rows share it';
    return { key: unique.profile.name, entity: entity?.profile.name, namesRows: true, why };
  }
  for (const one of time === undefined ? [] : recurring) {
    if (await namesRows(warehouse, relation, [one.profile.name, time ?? ''])) return { key: undefined, entity: one.profile.name, namesRows: true, why: `no two rows share both ${one.profile.name} and ${time ?? ''}` };
  }
  if (asked !== undefined) throw repeated(asked, time);
  const entity = recurring.find((one) => !isUsual(one));
  return { key: undefined, entity: entity?.profile.name, namesRows: false, why: 'no column names a row' };
}

function isUnique({ profile: { rows, filled, distinct, markers } }: Found): boolean {
  return filled === rows && distinct === rows && markers === 0;
}

/** The best of the columns that no two rows share: one that is called a key, or whole numbers without gaps. */
function uniqueOf(columns: readonly Found[]): Found | undefined {
  const unique = columns.filter((one) => isUnique(one) && (one.kind.type === 'integer' || (one.kind.type === 'text' && (!one.kind.parse || one.profile.integers === one.profile.rows))));
  return unique.find(({ profile: { name } }) => looksLikeId(name)) ?? unique.find(({ profile }) => isCounter(profile) || isUuid(profile)) ?? unique.find(({ profile: { name } }, i) => columns.indexOf(unique[i]!) === 0 && looksLikeCode(name));
}

function isCounter({ integers, rows, min, max }: Profile): boolean {
  return integers === rows && min !== undefined && max !== undefined && max - min === rows - 1 && rows > 1;
}

function isUuid({ longest, meanLength, numbers }: Profile): boolean {
  return (longest === 36 || longest === 32) && meanLength === longest && numbers === 0;
}

function recurs({ profile, kind }: Found): boolean {
  return (looksLikeEntity(profile.name) || looksLikeId(profile.name)) && (kind.type === 'text' || kind.type === 'integer') && profile.filled === profile.rows && profile.distinct < 0.95 * profile.rows && profile.distinct >= 2;
}

/** Whether a recurring column is better taken as a category: a shop with a row a day, a machine with a row an hour. */
export function isUsual({ profile: { rows, distinct } }: Found): boolean {
  return distinct < FEWEST_ENTITIES || (distinct <= FEW_ENTITIES && rows / distinct >= USUAL_ROWS);
}

async function namesRows(warehouse: Warehouse, relation: string, names: readonly string[]): Promise<boolean> {
  const { identifier } = warehouse.dialect;
  const columns = names.map(identifier).join(', ');
  const found = await warehouse.rows(`SELECT count(*) AS n FROM ${identifier(relation)} GROUP BY ${columns} HAVING count(*) > 1 LIMIT 1`);
  return found.length === 0;
}

function repeated({ profile }: Found, time: string | undefined): NightshiftError {
  return new NightshiftError({
    code: 'key-repeats',
    what: `Rows share values of ${JSON.stringify(profile.name)}, or lack them`,
    where: '--key',
    found: `${profile.distinct} different values in ${profile.rows} rows, ${profile.rows - profile.filled} of them empty`,
    expected: `a column that no two rows share${time === undefined ? '' : `, or one that does not recur at the same ${time}`}`,
    fix: 'name another --key, or leave it out: each row is then named by its content',
    exitCode: ExitCode.usage,
  });
}
