import { expect, test } from '@jest/globals';
import { dayFeatures } from '../../../src/model/auto/day-features.ts';
import { readRows } from '../../../src/model/auto/rows.ts';
import type { Column, ColumnBatch } from '../../../src/dataset/batch.ts';
import type { Contract } from '../../../src/dataset/contract.ts';

const contract: Contract = { task: 'binary', label: 'late', classes: [], features: [{ name: 'distance', kind: 'number' }, { name: 'late_yesterday', kind: 'number' }, { name: 'weekday', kind: 'category' }, { name: 'date', kind: 'category' }] };

/** Rows of so many days, so many each. */
function rows(days: number, each: number): { readonly batch: ColumnBatch; readonly days: Float64Array } {
  const day = Float64Array.from({ length: days * each }, (_, row) => Math.floor(row / each));
  const number = (of: (row: number) => number) => ({ storage: 'number' as const, values: Float64Array.from(day, (_, row) => of(row)), nulls: undefined });
  const text = (of: (row: number) => number) => ({ storage: 'text' as const, codes: Int32Array.from(day, (_, row) => of(row)), dictionary: Array.from({ length: days }, (_, i) => `v${i}`) });
  const columns = new Map<string, Column>([
    ['distance', number((row) => row % 17)],
    ['late_yesterday', number((row) => Math.sin(day[row]!))],
    ['weekday', text((row) => day[row]! % 7)],
    ['date', text((row) => day[row]!)],
    ['late', number((row) => row % 2)],
  ]);
  return { batch: { rows: day.length, columns }, days: day };
}

async function found(days: number, each: number, features = contract.features): Promise<readonly string[]> {
  const made = rows(days, each);
  return dayFeatures(await readRows({ contract: { ...contract, features }, train: async function* () { yield made.batch; }, validation: undefined, days: () => made.days }));
}

test('features that tell of the day alone are found, those that return week after week are not among them', async () => {
  expect(await found(60, 30)).toEqual(['late_yesterday', 'date']);
});

test('a row or two a day are a series, in which nothing is of the day alone', async () => {
  expect(await found(60, 2)).toEqual([]);
});

test('features that tell of nothing but the day stay, since nothing else is there', async () => {
  expect(await found(60, 30, contract.features.slice(1, 2))).toEqual([]);
});

test('rows in no order of time have none', async () => {
  const { batch } = rows(60, 30);
  expect(dayFeatures(await readRows({ contract, train: async function* () { yield batch; }, validation: undefined }))).toEqual([]);
});
