import { expect, test } from '@jest/globals';
import { dateIn, dateOf, dayOf, windowsOf } from '../../src/shared/days.ts';
import { errorOf } from '../contract/warehouses.ts';

test('days count from 1970-01-01 and lead back to their dates', () => {
  expect(dayOf('1970-01-01')).toBe(0);
  expect(dayOf('1969-12-31')).toBe(-1);
  expect(dayOf('2024-03-01') - dayOf('2024-02-28')).toBe(2);
  for (const date of ['1900-03-01', '2000-02-29', '2024-12-31', '9999-12-31']) expect(dateOf(dayOf(date))).toBe(date);
});

test.each(['2001-02-29', '2001-13-01', '2001-6-1', '01.06.2001', '2001-06-10T00:00', '', 'today'])('%j is no day of the calendar', async (text) => {
  expect(await errorOf(async () => dayOf(text))).toMatchObject({ code: 'date-invalid', exitCode: 2 });
});

test('the date of an instant is that of its time zone', () => {
  const instant = new Date('2024-03-01T02:30:00Z');
  expect(dateIn('UTC', instant)).toBe('2024-03-01');
  expect(dateIn('America/New_York', instant)).toBe('2024-02-29');
  expect(dateIn('Pacific/Kiritimati', new Date('2023-12-31T12:00:00Z'))).toBe('2024-01-01');
});

test('windows are half-open and meet at the first test day and the as-of date', () => {
  const windows = windowsOf('2024-05-01', { train_days: 365, test_days: 61, fresh_days: 1 }, 0);
  expect(dateOf(windows.trainFromDay)).toBe('2023-03-02');
  expect(dateOf(windows.testFromDay)).toBe('2024-03-01');
  expect(windows).toMatchObject({ asOf: '2024-05-01', asOfDay: dayOf('2024-05-01'), freshUntilDay: dayOf('2024-05-02'), firstTestCutoffDay: windows.testFromDay });
});

test('the first test cutoff lies the lead before the first test day', () => {
  const windows = windowsOf('2024-05-01', { train_days: 60, test_days: 7, fresh_days: 4 }, 3);
  expect(dateOf(windows.firstTestCutoffDay)).toBe('2024-04-21');
  expect(dateOf(windows.freshUntilDay)).toBe('2024-05-05');
});
