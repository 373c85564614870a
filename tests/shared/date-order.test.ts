import { expect, test } from '@jest/globals';
import { isoOf } from '../../src/shared/date-order.ts';

test.each([
  ['dmy', '15.01.2023', '2023-01-15'],
  ['dmy', '5/1/2023', '2023-01-05'],
  ['mdy', '1/5/2023', '2023-01-05'],
  ['mdy', '01-15-2023', '2023-01-15'],
  ['ymd', '2023/1/5', '2023-01-05'],
  ['mdy', '1/15/2023 1:45 PM', '2023-01-15 13:45:00'],
  ['mdy', '1/15/2023, 12:05:09 a.m.', '2023-01-15 00:05:09'],
  ['dmy', '15.01.2023 7:30', '2023-01-15 07:30:00'],
  ['dmy', '15.01.2023 07:30:15.25', '2023-01-15 07:30:15.25'],
] as const)('%s reads %s', (order, text, iso) => {
  expect(isoOf(text, order)).toBe(iso);
});

test.each([
  ['dmy', '2023-01-15'],
  ['dmy', '2023-01-15T07:30:00Z'],
  ['dmy', '15.01-2023'],
  ['dmy', '15.01.23'],
  ['mdy', 'January 15, 2023'],
  ['ymd', '15.01.2023'],
  ['mdy', `1/15/2023${' '.repeat(100)}`],
] as const)('%s leaves %s as it is', (order, text) => {
  expect(isoOf(text, order)).toBe(text);
});

test('an hour that a clock of twelve does not have is none', () => {
  expect(isoOf('1/15/2023 13:45 PM', 'mdy')).toBe('2023-01-15 99:45:00');
  expect(isoOf('1/15/2023 0:45 AM', 'mdy')).toBe('2023-01-15 99:45:00');
});
