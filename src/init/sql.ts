import { sqliteDialect } from '../warehouse/sqlite/dialect.ts';
import type { Scalar } from '../warehouse/warehouse.ts';
import type { Written } from './amounts.ts';
import type { Found } from './keys.ts';
import type { Value } from './profile.ts';
import type { Target } from './target.ts';

/** Names as SQL that both engines read. */
export const { identifier } = sqliteDialect;

/** Values, too, in which scripts see no template. */
export function literal(value: Scalar): string {
  const sql = sqliteDialect.literal(value);
  const divided = sql.replaceAll(/\{(?=[{%])/g, "{' || '");
  return divided === sql ? sql : `(${divided})`;
}

/** A column of `rows`. */
export function ofRow(name: string): string {
  return `r.${identifier(name)}`;
}

/** Text without the signs that say nothing of a number, and with a point before its fraction. */
function plain(column: string, { mark, signs }: Written): string {
  const bare = signs.reduce((text, sign) => `replace(${text}, ${literal(sign)}, '')`, column);
  return mark === 'comma' ? `replace(${bare}, ',', '.')` : bare;
}

/**
 * Text as a number, and as missing where it is none: what is left without its digits tells, one point at most and no sign but before the
 * number and before its exponent. One of the engines reads the beginning of what is none, the other stops.
 */
export function parsed(text: string, unless = ''): string {
  const bare = `ltrim(replace(replace(lower(${text}), 'e-', 'e'), 'e+', 'e'), '+-')`;
  return `CAST(CASE WHEN ${unless}trim(${bare}, '0123456789.e') = '' AND trim(${text}, '.+-eE') <> '' AND ${text} NOT LIKE '%.%.%' THEN ${text} END AS DOUBLE)`;
}

/** Cells that were found to be none of a column's numbers, and which would be one without their signs. */
function unlessOdd(column: string, { mark, signs }: Written, strays: readonly Value[]): string {
  const odd = strays.filter(({ text }) => /\d/.test(text)).map(({ text }) => literal(text));
  return [
    ...(odd.length === 0 ? [] : [`${column} NOT IN (${odd.join(', ')})`]),
    // Where points divide thousands, one before the last or the last two digits does not.
    ...(mark === 'comma' && signs.includes('.') ? [`${column} NOT LIKE '%._'`, `${column} NOT LIKE '%.__'`] : []),
    '',
  ].join(' AND ');
}

/** A number that is finite, or missing: one of the engines also knows NaN. */
export function finite(column: string): string {
  return `CASE WHEN ${column} BETWEEN -1.7e308 AND 1.7e308 THEN ${column} END`;
}

/** A column as a number. */
export function numberSql({ profile, kind }: Found): string {
  const column = ofRow(profile.name);
  if (kind.parse) return kind.written === undefined ? parsed(column) : parsed(plain(column, kind.written), unlessOdd(column, kind.written, profile.strays));
  return profile.infinite > 0 ? finite(column) : column;
}

/** A column as a category. */
export function categorySql({ profile, kind }: Found): string {
  const column = ofRow(profile.name);
  return kind.type === 'text' ? column : `CAST(${column} AS TEXT)`;
}

/** The label: 0 and 1, a class as text, or a number; missing where it is not known. */
export function labelSql(target: Target, found: Found): string {
  const column = ofRow(found.profile.name);
  if (target.task === 'regression') return numberSql(found);
  const are = (name: string): string => spelled(found, target.classes.find((one) => one.name === name)?.spellings ?? []);
  if (target.pair !== undefined) return `CASE WHEN ${column} ${are(target.pair.positive)} THEN 1 WHEN ${column} ${are(target.pair.negative)} THEN 0 END`;
  return classSql(target, found);
}

function classSql({ classes }: Target, found: Found): string {
  const column = ofRow(found.profile.name);
  const isNumber = found.kind.type === 'number' && found.profile.whole;
  const text = found.kind.type === 'text' ? column : isNumber ? `CAST(CAST(${column} AS INTEGER) AS TEXT)` : `CAST(${column} AS TEXT)`;
  const known = classes.flatMap(({ spellings }) => spellings);
  const missing = found.profile.values.map((value) => value.text).filter((value) => !known.includes(value));
  const merged = isNumber || found.kind.type !== 'text' ? [] : classes.filter(({ spellings }) => spellings.length > 1);
  const cases = [
    ...(missing.length === 0 || found.kind.type !== 'text' ? [] : [`WHEN ${column} ${spelled(found, missing)} THEN NULL`]),
    ...merged.map(({ name, spellings }) => `WHEN ${column} ${spelled(found, spellings)} THEN ${literal(name)}`),
  ];
  return cases.length === 0 ? text : `CASE ${cases.join(' ')} ELSE ${text} END`;
}

/** `= 'Yes'`, or `IN ('Yes', 'yes')`, with values as the declared type holds them. */
function spelled({ kind }: Found, spellings: readonly string[]): string {
  const values = [...new Set(spellings.map((text) => valueSql(kind.type, text)))];
  return values.length === 1 ? `= ${values[0] ?? ''}` : `IN (${values.join(', ')})`;
}

function valueSql(type: string, text: string): string {
  if (type === 'boolean') return /^(?:true|1)$/i.test(text) ? '1' : '0';
  return type === 'integer' || type === 'number' ? literal(Number(text)) : literal(text);
}

/** What can stand behind `--` or `#`: one line, and no template. */
export function comment(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll('{{', '{ {').replaceAll('{%', '{ %');
}
