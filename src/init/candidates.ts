import type { Found } from './keys.ts';
import { isUsual } from './keys.ts';
import { valuesOf } from './kinds.ts';
import { looksLikeId, looksLikeKnownAt } from './names.ts';
import { type OutputNames, isWritable } from './output-names.ts';
import { personalOf } from './personal.ts';
import { categorySql, numberSql, ofRow } from './sql.ts';

/** A column of `features` that the model is given. */
export interface Feature {
  readonly name: string;
  /** The column of the source that it is made of. */
  readonly column: string;
  readonly kind: 'number' | 'category';
  readonly sql: string;
}

/** A column that the model is not given, why, and how it would be. */
export interface LeftOut {
  readonly column: string;
  readonly why: string;
  readonly feature: Feature | undefined;
}

export interface Candidates {
  readonly features: readonly Feature[];
  readonly leftOut: readonly LeftOut[];
}

/** The columns that name rows and days, and the label. */
export interface Roles {
  readonly target: string;
  readonly key: string | undefined;
  readonly entity: string | undefined;
  readonly time: string | undefined;
  readonly knownAt: string | undefined;
}

/** Texts of which hardly any comes twice teach nothing that holds of another row. */
const NEARLY_UNIQUE = 0.9;
const LONG_TEXT = 40;
/** Of personal data, more different values than this name people. */
const MOST_PERSONAL = 30;

/** Every column as the feature that it could be, or with the reason why it is none. `late` are dates that lie behind the row's time. */
export function candidatesOf(columns: readonly Found[], { roles, names, late }: { readonly roles: Roles; readonly names: OutputNames; readonly late: ReadonlyMap<string, number> }): Candidates {
  const features: Feature[] = [];
  const leftOut: LeftOut[] = [];
  const ofOthers = columns.filter(({ profile: { name } }) => name !== roles.target && name !== roles.time && name !== roles.knownAt && name !== roles.key);
  for (const found of ofOthers) {
    const { name } = found.profile;
    const why = whyNot(found, roles, late);
    const feature = isWritable(name) && found.kind.use !== 'empty' ? featureOf(found, roles, names) : undefined;
    if (why === undefined && feature !== undefined) features.push(feature);
    else leftOut.push({ column: name, why: why ?? '', feature });
  }
  if (roles.key !== undefined) leftOut.unshift({ column: roles.key, why: 'it is the key', feature: undefined });
  return { features, leftOut };
}

function featureOf(found: Found, { time, entity }: Roles, names: OutputNames): Feature {
  const { name: column } = found.profile;
  if (column === entity) return entityFeature(found, names);
  if (found.kind.use === 'number') return { name: names.of(column), column, kind: 'number', sql: numberSql(found) };
  if (found.kind.use === 'category') return { name: names.of(column), column, kind: 'category', sql: categorySql(found) };
  const day = ofRow(`${column}_day`);
  if (time === undefined) return { name: names.of(`${column}_day`), column, kind: 'number', sql: day };
  return { name: names.of(`days_since_${column}`), column, kind: 'number', sql: `${ofRow(`${time}_day`)} - ${day}` };
}

/** What rows are about, as a category: under its own name where it is text, and otherwise beside it. */
function entityFeature(found: Found, names: OutputNames): Feature {
  const { name: column } = found.profile;
  const isText = found.kind.type === 'text';
  return { name: isText ? names.ofKey(column) : names.of(`${column}_category`), column, kind: 'category', sql: categorySql(found) };
}

/** Why a column is no feature; undefined where it is one. */
function whyNot(found: Found, roles: Roles, late: ReadonlyMap<string, number>): string | undefined {
  const { profile, kind } = found;
  const { name, rows, distinct } = profile;
  if (!isWritable(name)) return 'its name cannot stand in a script; a view can rename it';
  if (kind.use === 'empty') return 'it has no value in any row';
  const filled = valuesOf(profile, kind);
  if (name === roles.entity && (roles.time === undefined || !isUsual(found))) return 'it is what rows are about: a model that learns each by heart knows nothing of new ones';
  if (distinct === 1 && filled === rows) return `it has one value in all ${rows} rows`;
  const after = late.get(name) ?? 0;
  if (after > 0) return `it lies after ${roles.time ?? ''} in ${after} rows, so nobody knew it then`;
  if (kind.use === 'date') return looksLikeKnownAt(name) ? 'by its name it is the day on which an outcome became known' : undefined;
  const share = distinct / Math.max(1, filled);
  if (looksLikeId(name) && share > NEARLY_UNIQUE) return `it names rows: ${distinct} different values in ${rows} rows`;
  return kind.use === 'category' ? whyNoCategory(found, share) : undefined;
}

function whyNoCategory({ profile }: Found, share: number): string | undefined {
  const { distinct, filled, meanLength } = profile;
  const personal = personalOf(profile);
  if (personal !== undefined && (share > 0.5 || distinct > MOST_PERSONAL)) return `it holds ${personal}, ${distinct} different ones: they name people and teach nothing of others`;
  if (share >= NEARLY_UNIQUE && distinct > 10) return `it is text that hardly ever comes twice: ${distinct} different values in ${filled} rows`;
  return meanLength >= LONG_TEXT && share > 0.5 ? `it is free text: ${distinct} different values in ${filled} rows` : undefined;
}
