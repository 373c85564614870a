import type { SqlType } from '../dataset/sql-type.ts';
import { type Written, amountOf } from './amounts.ts';
import { looksLikeCode } from './names.ts';
import { isDeclarable } from './output-names.ts';
import { personalOf } from './personal.ts';
import type { Profile } from './profile.ts';

/** How a column's values are used: an amount, a name of something, a day, or nothing at all. */
export type Use = 'number' | 'category' | 'date' | 'empty';

export interface Kind {
  /** As `types:` of the source declares it. */
  readonly type: SqlType;
  readonly use: Use;
  /** Text that holds numbers: to be read as such, and what is no number as missing. */
  readonly parse: boolean;
  /** Cells that are no numbers and yet no known marker of a missing value. */
  readonly odd: number;
  /** How its numbers are written, where not as programs write them. */
  readonly written?: Written;
}

/** A column of numbers may have this share of cells that are none; with more it is text. */
const MOST_ODD = 0.05;
/** Digits in groups of which hardly any come twice name something. */
const MOST_NAMES = 0.9;
const SPACE = /\s/;

/** What a column is, from what it holds and what it is called. Only of a file whose cells are all text are texts loaded as what they spell. */
export function kindOf(profile: Profile, isCsv: boolean): Kind {
  if (profile.filled - profile.markers <= 0 && profile.stored === 'text') return kind('text', 'empty');
  if (profile.filled === 0) return kind(profile.stored, 'empty');
  if (profile.stored !== 'text') return storedKind(profile, profile.stored);
  const found = textKind(profile);
  return isDeclarable(profile.name) && (isCsv || found.use === 'date') ? found : undeclared(found, profile);
}

/** Text that cannot be declared as what it is stays text, of which SQL can still make numbers. */
function undeclared(found: Kind, { numbers }: Profile): Kind {
  const { type, use } = found;
  if (type === 'text' && use === 'number') return found;
  if (use === 'number') return numbers === 0 ? kind('text', 'category') : { type: 'text', use, parse: true, odd: 0 };
  return kind('text', use === 'date' ? 'empty' : use);
}

function storedKind(profile: Profile, type: SqlType): Kind {
  if (type === 'date' || type === 'timestamp') return kind(type, 'date');
  return kind(type, type === 'integer' && isCode(profile) ? 'category' : 'number');
}

function textKind(profile: Profile): Kind {
  const { filled, integers, numbers, dates, timestamps, booleans, codes, markers } = profile;
  if (booleans === filled) return kind('boolean', 'number');
  if (dates === filled) return kind('date', 'date');
  if (timestamps === filled) return kind('timestamp', 'date');
  if (codes > 0) return kind('text', 'category');
  if (numbers === filled) return kind(integers === filled ? 'integer' : 'number', integers === filled && isCode(profile) ? 'category' : 'number');
  const written = writtenAs(profile);
  if (written !== undefined) return written;
  const odd = filled - numbers - markers;
  if (numbers > 0 && odd <= MOST_ODD * (filled - markers)) return isCode(profile) ? kind('text', 'category') : { type: 'text', use: 'number', parse: true, odd };
  return kind('text', 'category');
}

/** Numbers as people write them, where more cells are than plain ones. */
function writtenAs(profile: Profile): Kind | undefined {
  const { name, filled, distinct, numbers: plain, markers, written: { point, comma } } = profile;
  // Thousands are far more usual than fractions that all have three places: a comma has to explain clearly more than a point.
  const best = comma.unusual > (1 + MOST_ODD) * point.unusual ? comma : point;
  const odd = filled - best.numbers - markers;
  if (best.numbers <= plain || odd > MOST_ODD * (filled - markers)) return undefined;
  const isSpaced = best.whole && best.signs.every((sign) => SPACE.test(sign)) && distinct > MOST_NAMES * filled;
  if (isSpaced || personalOf(profile) !== undefined || (best.whole && looksLikeCode(name))) return kind('text', 'category');
  return { type: 'text', use: 'number', parse: true, odd, written: best };
}

/** Whole numbers that name something: called a code, and never a fraction. */
function isCode({ name, whole }: Profile): boolean {
  return whole && looksLikeCode(name);
}

function kind(type: SqlType, use: Use): Kind {
  return { type, use, parse: false, odd: 0 };
}

/** A cell's text as a number of its column; NaN where it is none. */
export function numberIn(text: string, { written }: Kind): number {
  return written === undefined ? Number(text) : (amountOf(text, written.mark) ?? Number.NaN);
}

/** Rows that have a value once null markers are missing ones, as far as the kind reads them so. */
export function valuesOf({ filled, markers, numbers }: Profile, { parse, use }: Kind): number {
  if (use === 'empty') return 0;
  return parse ? numbers : filled - (use === 'category' ? 0 : markers);
}
