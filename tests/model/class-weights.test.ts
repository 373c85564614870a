import { describe, expect, test } from '@jest/globals';
import { classFactors, weighBy } from '../../src/model/class-weights.ts';
import { batchOf, numbers, plantedContract } from './made.ts';

const contract = { ...plantedContract, features: [] };
const batch = batchOf({ y: numbers([0, 0, 0, 1]), w: numbers([1, 2, 3, 2]) });

describe('what rows count for', () => {
  test('balanced classes count alike in sum, and rows 1 on average', () => {
    const weigh = weighBy({ contract, counts: [3, 1], classWeights: 'balanced', column: undefined, columnMean: 1 })!;
    const weights = [...weigh(batch)];
    expect(weights[0]! * 3).toBeCloseTo(weights[3]!, 12);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(4, 12);
  });

  test('a column and classes multiply', () => {
    const weigh = weighBy({ contract, counts: [3, 1], classWeights: { 1: 3 }, column: 'w', columnMean: 2 })!;
    expect([...weigh(batch)].map((weight) => weight * 3)).toEqual([1, 2, 3, 6].map((value) => expect.closeTo(value)));
  });

  test('nothing asked for is no weights at all', () => {
    expect(weighBy({ contract, counts: [3, 1], classWeights: undefined, column: undefined, columnMean: 1 })).toBeUndefined();
  });

  test.each([
    ['a missing value', null],
    ['-1', -1],
  ])('%s is refused, naming the column', (found, value) => {
    const weigh = weighBy({ contract, counts: [3, 1], classWeights: undefined, column: 'w', columnMean: 2 })!;
    expect(() => weigh(batchOf({ y: numbers([1]), w: numbers([value]) }))).toThrow(expect.objectContaining({ code: 'weight-invalid', details: expect.objectContaining({ where: 'column w', found }) }));
  });

  test('a class that there is not is refused with the closest one; a regression has none', () => {
    const request = { contract: { ...contract, task: 'multiclass', classes: ['gold', 'silver'] }, counts: [1, 1] } as const;
    expect(() => classFactors({ ...request, classWeights: { gould: 2 } })).toThrow(expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining('did you mean gold?') }));
    expect(() => classFactors({ ...request, contract: { ...contract, task: 'regression' }, classWeights: 'balanced' })).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});
