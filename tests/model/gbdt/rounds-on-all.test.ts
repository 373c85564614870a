import { expect, test } from '@jest/globals';
import { roundsOnAll } from '../../../src/model/gbdt/rounds-on-all.ts';

const plan = { trees: 100, learning_rate: 0.1 };

test('what the latest days stopped goes on half way, by ratio, to the plan; what drawn rows stopped ends there', () => {
  expect(roundsOnAll(25, { options: plan, inTime: true })).toBe(50);
  expect(roundsOnAll(25, { options: plan, inTime: false })).toBe(25);
});

test('more trees than a plan has, at their learning rate, are a ceiling', () => {
  expect(roundsOnAll(25, { options: { ...plan, trees: 100_000 }, inTime: true })).toBe(50);
  expect(roundsOnAll(300, { options: { ...plan, trees: 100_000 }, inTime: true })).toBe(300);
  expect(roundsOnAll(50, { options: { trees: 500, learning_rate: 0.05 }, inTime: true })).toBe(100);
});

test('a family of trees that says nothing of them keeps what was best', () => {
  expect(roundsOnAll(25, { options: {}, inTime: true })).toBe(25);
});
