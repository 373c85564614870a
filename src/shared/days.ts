import { ExitCode, NightshiftError } from './errors.ts';

const DAY = 86_400_000;

/** Whole days since 1970-01-01 of an ISO date such as `2001-06-10`; throws `date-invalid` (exit code 2). */
export function dayOf(date: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || dateOf(time / DAY) !== date) {
    throw new NightshiftError({
      code: 'date-invalid',
      what: 'This is not a date',
      found: date,
      expected: 'a day of the calendar such as 2001-06-10',
      exitCode: ExitCode.usage,
    });
  }
  return time / DAY;
}

/** The ISO date of a day number. */
export function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The date that it is at an instant in a time zone. */
export function dateIn(timezone: string, instant: Date): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(instant);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** Half-open windows of day numbers that meet at D − test and at D. */
export interface Windows {
  readonly asOf: string;
  readonly asOfDay: number;
  readonly trainFromDay: number;
  readonly testFromDay: number;
  readonly freshUntilDay: number;
  /** The first cutoff of a test row: labels that train or validate were known by then. */
  readonly firstTestCutoffDay: number;
}

export interface WindowLengths {
  readonly train_days: number;
  readonly test_days: number;
  readonly fresh_days: number;
}

/** train [D − test − train, D − test), test [D − test, D), fresh [D, D + fresh), in days. */
export function windowsOf(asOf: string, lengths: WindowLengths, leadDays: number): Windows {
  const asOfDay = dayOf(asOf);
  const testFromDay = asOfDay - lengths.test_days;
  return {
    asOf,
    asOfDay,
    trainFromDay: testFromDay - lengths.train_days,
    testFromDay,
    freshUntilDay: asOfDay + lengths.fresh_days,
    firstTestCutoffDay: testFromDay - leadDays,
  };
}
