import { expect, test } from '@jest/globals';
import { Pace } from '../../src/pipeline/scoring/pace.ts';
import { RowLines } from '../../src/pipeline/scoring/row-lines.ts';

test('progress tells rows, rows a second, and the time left', () => {
  let now = 0;
  const pace = new Pace('read', undefined, () => now);
  expect(pace.text(0, 0)).toBe('read 0 rows');
  now = 2000;
  expect(pace.text(1_500_000, 0.4)).toBe('read 1,500,000 rows, 750,000 rows/s, 40%, 3 s left');
  expect(pace.text(1_500_000, undefined)).toBe('read 1,500,000 rows, 750,000 rows/s');
});

test('the line of every row is known, also where lines were left out between them', () => {
  const lines = new RowLines();
  for (const some of [[2, 3, 4], [], [7, 8], [9, 20]]) lines.add(Int32Array.from(some));
  expect(Array.from({ length: lines.rows }, (_, row) => lines.of(row))).toEqual([2, 3, 4, 7, 8, 9, 20]);
  expect(() => lines.of(7)).toThrow('no row 7');
});
