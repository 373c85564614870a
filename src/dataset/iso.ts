import { dateOf } from '../shared/days.ts';

const MS_PER_DAY = 86_400_000;
const MICROS_PER_DAY = 86_400_000_000;
const REMEMBERED_DAYS = 10_000;
// Tables hold the same few thousand days a million times.
const dates = new Map<number, string>();
const days = new Map<string, number>();
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const CANONICAL = /^\d{4}-\d{2}-\d{2} (?:[01]\d|2[0-3])(?::[0-5]\d){2}$/;
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?Z?)?$/;

/** Whole days since 1970-01-01 of `2001-06-10`, or undefined if that is no date of the calendar. */
export function dayNumber(date: string): number | undefined {
  const known = days.get(date);
  if (known !== undefined) return known;
  const day = parseDay(date);
  if (day === undefined) return undefined;
  if (days.size >= REMEMBERED_DAYS) days.clear();
  days.set(date, day);
  return day;
}

function parseDay(date: string): number | undefined {
  if (!DATE.test(date)) return undefined;
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time) || dateOf(time / MS_PER_DAY) !== date) return undefined;
  return time / MS_PER_DAY;
}

/** The ISO date of a day number. */
export function isoDate(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  if (dates.size >= REMEMBERED_DAYS) dates.clear();
  const date = dateOf(day);
  dates.set(day, date);
  return date;
}

/** `2001-06-10 13:45:00`, with a fraction only where there is one, of whole days since 1970-01-01 and microseconds of the day. */
export function isoTimestamp(day: number, micros: number): string {
  const seconds = Math.floor(micros / 1e6);
  const rest = micros - seconds * 1e6;
  const text = `${isoDate(day)} ${clock(seconds)}`;
  return rest === 0 ? text : text + fraction(String(rest).padStart(6, '0'));
}

/** Whole days and microseconds of the day of microseconds since 1970-01-01, before and after it. */
export function dayAndMicros(micros: bigint): readonly [number, number] {
  const perDay = BigInt(MICROS_PER_DAY);
  const ofDay = ((micros % perDay) + perDay) % perDay;
  return [Number((micros - ofDay) / perDay), Number(ofDay)];
}

/** The one form in which timestamps travel, of the forms that files write; undefined if it is no timestamp. UTC is assumed. */
export function canonicalTimestamp(text: string): string | undefined {
  if (CANONICAL.test(text)) return dayNumber(text.slice(0, 10)) === undefined ? undefined : text;
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [, date = '', hour = '00', minute = '00', second = '00', digits = ''] = match;
  if (dayNumber(date) === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${date} ${hour}:${minute}:${second}${fraction(digits.slice(0, 6))}`;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}`;
}

function fraction(digits: string): string {
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : `.${kept}`;
}

/** Microseconds since 1970-01-01 of a timestamp in the canonical form. */
export function timestampMicros(canonical: string): bigint {
  const day = dayNumber(canonical.slice(0, 10)) ?? 0;
  const seconds = day * 86_400 + Number(canonical.slice(11, 13)) * 3600 + Number(canonical.slice(14, 16)) * 60 + Number(canonical.slice(17, 19));
  return BigInt(seconds) * 1_000_000n + BigInt(canonical.slice(20).padEnd(6, '0'));
}
