import { describe, expect, test } from '@jest/globals';
import { candidatesFor } from '../../../src/model/auto/candidates.ts';
import { planOf } from '../../../src/model/auto/plan.ts';
import { planLines } from '../../../src/model/auto/recipe.ts';

const shape = { rows: 5000, numbers: 10, categories: 5, outputs: 1 };
const candidates = [
  { name: 'linear', family: 'linear', copies: 1, options: {} },
  { name: 'network', family: 'mlp', copies: 1, options: { epochs: 2000 } },
  { name: 'network', family: 'mlp', copies: 1, options: { epochs: 60 } },
];

describe('a budget becomes fixed work', () => {
  test('that grows with it, up to all candidates, the largest size of each that fits', () => {
    const sizes = [0.001, 3, 60, 3600].map((budget) => planOf({ shape, budget, independent: true, candidates }));
    expect(sizes.map(({ members }) => members.map(({ options }) => options['epochs']))).toEqual([[], [undefined], [undefined, 60], [undefined, 2000]]);
    for (const { seconds, budget } of sizes) expect(seconds).toBeLessThanOrEqual(budget);
    expect(sizes[1]!.left).toEqual(['network']);
  });

  test('on folds where rows are independent and few, on the held-out rows otherwise', () => {
    expect(planOf({ shape, budget: 60, independent: true, candidates }).judgedBy).toBe('folds');
    expect(planOf({ shape, budget: 60, independent: false, candidates }).judgedBy).toBe('holdout');
    expect(planOf({ shape: { ...shape, rows: 1_000_000 }, budget: 600, independent: true, candidates }).judgedBy).toBe('holdout');
  });

  test('that is one pass over the rows where there are too many for anything else', () => {
    const plan = planOf({ shape: { rows: 1_000_000, numbers: 23, categories: 5, outputs: 1 }, budget: 8, independent: false, candidates: candidatesFor('binary', 'auto') });
    expect(plan.members.map(({ name, options }) => [name, options])).toEqual([['linear', { epochs: 1 }]]);
    expect(plan.left).toEqual(['gbdt', 'mlp', 'gbdt-small', 'gbdt-large', 'tabm']);
  });

  test('in which a thousand columns of a thousand rows leave room for quick trees alone, and twenty for large numbers of them', () => {
    const treesOf = (numbers: number): readonly unknown[] =>
      planOf({ shape: { rows: 1000, numbers, categories: 0, outputs: 1 }, budget: 60, independent: true, candidates: candidatesFor('regression', ['gbdt']) }).members.map(({ name, options }) => [name, options['trees']]);
    expect(treesOf(20).slice(0, 2)).toEqual([['gbdt', 1200], ['gbdt-small', 1200]]);
    expect(treesOf(1000)[0]).toEqual(['gbdt', 40]);
  });

  test('in which what is trained several times on all rows counts as often', () => {
    const of = (copies: number): number => planOf({ shape, budget: 3600, independent: false, candidates: [{ name: 'trees', family: 'gbdt', copies, options: {} }] }).seconds;
    expect(of(3)).toBeGreaterThan(of(1));
  });

  test('in which the larger trees do without what tells of the day alone, and the plan says so', () => {
    const plan = planOf({ shape, budget: 3600, independent: false, candidates: candidatesFor('binary', 'auto', ['late_yesterday', 'date']) });
    expect(Object.fromEntries(plan.members.map(({ name, without = [] }) => [name, without.length]))).toEqual({ linear: 0, gbdt: 2, mlp: 0, 'gbdt-small': 0, 'gbdt-large': 2, tabm: 0 });
    expect(planLines(plan)).toContain('gbdt and gbdt-large without late_yesterday, date, of which each day has a value of its own');
  });
});
