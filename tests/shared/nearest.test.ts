import { expect, test } from '@jest/globals';
import { nearest } from '../../src/shared/nearest.ts';

test('the name that takes the fewest changes is the nearest, whatever its case', () => {
  expect(nearest('train_day', ['test_days', 'train_days', 'fresh_days'])).toBe('train_days');
  expect(nearest('EMAIL', ['mail', 'email'])).toBe('email');
  expect(nearest('usage', ['usage'])).toBe('usage');
});

test('of two that are equally near the first is taken', () => {
  expect(nearest('cat', ['bat', 'hat'])).toBe('bat');
});

test('a name that has little in common is not suggested, and of none there is no nearest', () => {
  expect(nearest('tickets', ['plan', 'contract'])).toBeUndefined();
  expect(nearest('xy', ['ab', 'q'])).toBeUndefined();
  expect(nearest('a', ['b'])).toBeUndefined();
  expect(nearest('tickets', [])).toBeUndefined();
});
