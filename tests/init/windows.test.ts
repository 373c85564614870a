import { expect, test } from '@jest/globals';
import { type DayCount, windowLengths } from '../../src/init/windows.ts';

const daily = (days: number, delay: number, from = 0): readonly DayCount[] => Array.from({ length: days }, (_, i) => ({ day: from + i, known: from + i + delay, rows: 10 }));

test('of a hundred days whose labels are known the day after, the latest fifth tests and a seventh of the rest is held out', () => {
  const found = windowLengths(daily(100, 1), 99);
  expect(found).toMatchObject({ firstDay: 0, lastDay: 99, testDays: 20, trainDays: 79, test: 200, train: 790 });
  expect(Math.round((found?.validationShare ?? 0) * 79)).toBe(12);
});

test('labels that come late lengthen the test window by the days that have none yet, and leave out what was unknown when it began', () => {
  expect(windowLengths(daily(100, 10), 99)).toMatchObject({ testDays: 27, trainDays: 72, test: 180, train: 630 });
});

test('a tail without labels lies in the test window and counts for nothing', () => {
  expect(windowLengths(daily(80, 1), 99)).toMatchObject({ testDays: 35, test: 160 });
});

test('monthly snapshots are divided between months', () => {
  const months = Array.from({ length: 18 }, (_, i): DayCount => ({ day: 30 * i, known: 30 * i + 30, rows: 100 }));
  const found = windowLengths(months, 17 * 30);
  expect(found).toMatchObject({ testDays: 120, trainDays: 390, test: 400, train: 1300 });
  expect(Math.round((found?.validationShare ?? 0) * 390)).toBe(60);
});

test('too few days with labels give no windows', () => {
  expect(windowLengths(daily(2, 1), 1)).toBeUndefined();
  expect(windowLengths([], 50)).toBeUndefined();
  expect(windowLengths(daily(20, 40), 19)).toBeUndefined();
});
