import { expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/shared/config/load.ts';
import { NightshiftError } from '../../../src/shared/errors.ts';

const TEXT = `name: visits
key: id
time: day
sources:
  visits: {csv: visits.csv, types: {id: integer, day: date, kind: text, spend: number}}
label: {column: returned, matures_after: 1d}
features: {number: [spend]}
`;

/** What is expected of a range that is refused; undefined where it is taken. */
function refusal(...set: readonly string[]): string | undefined {
  try {
    parseConfig(TEXT, 'pipeline.yaml', { set });
    return undefined;
  } catch (thrown) {
    return thrown instanceof NightshiftError ? thrown.details.expected : undefined;
  }
}

test('ranges are of numbers and dates that the batch’s table declares', () => {
  expect(refusal('score.range={spend: {min: 0, max: 99.5}, id: {min: 1}, day: {min: 2024-01-01, max: 2024-12-31}}')).toBeUndefined();
  expect(refusal('score.range={spent: {min: 0}}')).toMatch(/^spent: a column .*\(there are id, day, kind, spend\)$/);
  expect(refusal('score.range={kind: {min: 0}}')).toMatch(/^kind: a column that types: of its source declares as integer, number, date or timestamp$/);
});

test('their bounds are of the column’s kind, the least first, and at least one', () => {
  expect(refusal('score.range={spend: {min: 2024-01-01}}')).toBe('spend: bounds that are numbers');
  expect(refusal('score.range={day: {max: 3}}')).toBe('day: bounds that are dates such as 2001-06-10');
  expect(refusal('score.range={spend: {min: 2, max: 1}}')).toBe('spend: a min that is at most the max');
  expect(refusal('score.range={spend: {}}')).toBe('a min, a max, or both');
  expect(refusal('score.range={day: {min: 2024-02-30}}')).toBe('Invalid ISO date');
});

test('they need the table that they are of', () => {
  expect(refusal('sources.shops={csv: shops.csv}', 'score.range={spend: {min: 0}}')).toBe('a score.table, whose columns have the ranges');
});
