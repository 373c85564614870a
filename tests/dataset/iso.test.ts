import { expect, test } from '@jest/globals';
import { canonicalTimestamp, dayAndMicros, dayNumber, isoDate, isoTimestamp, timestampMicros } from '../../src/dataset/iso.ts';

test('days are counted from 1970-01-01, before and after it, by the calendar', () => {
  for (const [date, day] of [['1970-01-01', 0], ['1969-12-31', -1], ['2000-02-29', 11016], ['0000-01-01', -719528], ['9999-12-31', 2932896]] as const) {
    expect([dayNumber(date), isoDate(day)]).toEqual([day, date]);
  }
  for (const text of ['2001-02-29', '2001-13-01', '2001-00-10', '2001-1-1', '20010101', '+02001-01-01', '']) expect(dayNumber(text)).toBeUndefined();
});

test('timestamps have one form, with as much of a fraction as there is', () => {
  for (const [text, canonical] of [
    ['2001-06-10 13:45:00', '2001-06-10 13:45:00'],
    ['2001-06-10T13:45Z', '2001-06-10 13:45:00'],
    ['2001-06-10', '2001-06-10 00:00:00'],
    ['2001-06-10 13:45:00.120', '2001-06-10 13:45:00.12'],
    ['2001-06-10 13:45:00.000', '2001-06-10 13:45:00'],
    ['2001-06-10 13:45:00.1234567', '2001-06-10 13:45:00.123456'],
    ['2001-06-10 24:00:00', undefined],
    ['2001-02-30 12:00:00', undefined],
    ['2001-06-10 13:45:00+02:00', undefined],
  ] as const) expect(canonicalTimestamp(text)).toBe(canonical);
});

test('microseconds and timestamps are two forms of one thing', () => {
  for (const [text, micros] of [
    ['1970-01-01 00:00:00', 0n],
    ['1969-12-31 23:59:59.999999', -1n],
    ['2001-06-10 13:45:00.5', 992_180_700_500_000n],
    ['0001-01-01 00:00:00.000001', -62_135_596_799_999_999n],
    ['9999-12-31 23:59:59', 253_402_300_799_000_000n],
  ] as const) {
    expect(timestampMicros(text)).toBe(micros);
    expect(isoTimestamp(...dayAndMicros(micros))).toBe(text);
  }
});
