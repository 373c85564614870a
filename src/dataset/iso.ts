import { dateOf } from '../shared/days.ts';

const MS_PER_DAY = 86_400_000;
const MICROS_PER_DAY = 86_400_000_000n;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?Z?)?$/;

/** Whole days since 1970-01-01 of `2001-06-10`, or undefined if that is no date of the calendar. */
export function dayNumber(date: string): number | undefined {
  if (!DATE.test(date)) return undefined;
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time) || dateOf(time / MS_PER_DAY) !== date) return undefined;
  return time / MS_PER_DAY;
}

/** `2001-06-10 13:45:00`, with a fraction only where there is one, of microseconds since 1970-01-01. */
export function isoTimestamp(micros: bigint): string {
  const ofDay = ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY;
  const days = Number((micros - ofDay) / MICROS_PER_DAY);
  const seconds = Number(ofDay / 1_000_000n);
  return `${dateOf(days)} ${clock(seconds)}${fraction(String(ofDay % 1_000_000n).padStart(6, '0'))}`;
}

/** The one form in which timestamps travel, of the forms that files write; undefined if it is no timestamp. UTC is assumed. */
export function canonicalTimestamp(text: string): string | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [, date = '', hour = '00', minute = '00', second = '00', digits = ''] = match;
  if (dayNumber(date) === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${date} ${hour}:${minute}:${second}${fraction(digits.slice(0, 6))}`;
}

function clock(seconds: number): string {
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function fraction(digits: string): string {
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : `.${kept}`;
}

/** Microseconds since 1970-01-01 of a timestamp in the canonical form. */
export function timestampMicros(canonical: string): bigint {
  const seconds = BigInt(Date.parse(`${canonical.slice(0, 10)}T${canonical.slice(11, 19)}Z`) / 1000);
  return seconds * 1_000_000n + BigInt(canonical.slice(20).padEnd(6, '0'));
}
