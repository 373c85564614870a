import { expect, test } from '@jest/globals';
import { meanOfParts } from '../../src/evaluation/mean-of-parts.ts';
import { errorOfInterval, holdPromise, studentQuantile, togetherOf } from '../../src/evaluation/promise.ts';
import { Random } from '../../src/evaluation/random.ts';

test('a promise is broken on the worse side alone, by more than both errors together allow', () => {
  const of = (real: number, direction: 'higher' | 'lower') => holdPromise({ real: { value: real, error: 0.03 }, promised: { value: 0.7, error: 0.04 }, critical: 2, direction }).verdict;
  // √(0.03² + 0.04²) is 0.05, twice that 0.1.
  expect([of(0.61, 'higher'), of(0.59, 'higher'), of(0.95, 'higher')]).toEqual(['kept', 'broken', 'kept']);
  expect([of(0.79, 'lower'), of(0.81, 'lower'), of(0.4, 'lower')]).toEqual(['kept', 'broken', 'kept']);
});

test('what has no value, no error or no better side is unclear', () => {
  const known = { value: 0.5, error: 0.01 };
  expect(holdPromise({ real: { value: null, error: 0.1 }, promised: known, critical: 2, direction: 'higher' }).verdict).toBe('unclear');
  expect(holdPromise({ real: known, promised: { value: 0.9, error: null }, critical: 2, direction: 'higher' })).toEqual({ value: -0.4, low: null, high: null, verdict: 'unclear' });
  expect(holdPromise({ real: known, promised: { value: 0.9, error: 0.01 }, critical: 2, direction: 'none' }).verdict).toBe('unclear');
});

test('an interval tells its standard error, and Student’s quantiles are those of the tables', () => {
  expect(errorOfInterval({ low: 0.6 - 1.959964, high: 0.6 + 1.959964 }, 0.95)).toBeCloseTo(1, 5);
  for (const [freedom, expected] of [[3, 3.1824], [6, 2.4469], [30, 2.0423]] as const) expect(Math.abs(studentQuantile(0.975, freedom) - expected)).toBeLessThan(0.03);
});

test('promises come together by their rows, and one that is not known makes none', () => {
  const figure = { value: 0.6, low: 0.5, high: 0.7 };
  expect(togetherOf([{ figure, rows: 300 }, { figure: { value: 0.8, low: 0.7, high: 0.9 }, rows: 100 }]).value).toBeCloseTo(0.65, 12);
  expect(togetherOf([{ figure, rows: 300 }, { figure: { ...figure, value: null }, rows: 100 }])).toMatchObject({ value: null, low: expect.closeTo(0.5, 12) });
});

test('the mean of parts is by rows, its error that between the parts, and undefined parts are left out', () => {
  const { value, error } = meanOfParts([{ value: 1, rows: 10 }, { value: 2, rows: 10 }, { value: 3, rows: 10 }, { value: null, rows: 10 }]);
  expect(value).toBeCloseTo(2, 12);
  // With equal rows the standard deviation over √n.
  expect(error).toBeCloseTo(1 / Math.sqrt(3), 12);
  expect(meanOfParts([{ value: 1, rows: 30 }, { value: 5, rows: 10 }])).toEqual({ value: 2, error: null });
  expect(meanOfParts([])).toEqual({ value: null, error: null });
});

test('where nothing has changed, one night in forty is said to be broken, though days differ more than rows do; and what is much worse is found out', () => {
  const random = new Random(5);
  const share = (drop: number): number => {
    let broken = 0;
    for (let i = 0; i < 2000; i++) {
      const days = (mean: number) => meanOfParts(Array.from({ length: 7 }, () => ({ value: mean + 0.05 * random.normal(), rows: 2000 })));
      const [real, promised] = [days(0.62 - drop), days(0.62)];
      if (holdPromise({ real, promised, critical: studentQuantile(0.975, 6), direction: 'higher' }).verdict === 'broken') broken++;
    }
    return broken / 2000;
  };
  const [unchanged, worse] = [share(0), share(0.1)];
  expect(unchanged).toBeGreaterThan(0.008);
  expect(unchanged).toBeLessThan(0.03);
  expect(worse).toBeGreaterThan(0.8);
});
