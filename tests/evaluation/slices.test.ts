import { expect, test } from '@jest/globals';
import { metricsOf } from '../../src/evaluation/metrics.ts';
import { Random } from '../../src/evaluation/random.ts';
import { only, sliceMetrics } from '../../src/evaluation/slices.ts';
import { data, sampleRows } from './tables.ts';

const dictionary = ['west', 'Öst', 'east', 'nowhere'];

function column(rows: number) {
  const random = new Random(11);
  return { storage: 'text', dictionary, codes: new Int32Array(rows).map(() => random.below(4) - 1) } as const;
}

test('slices come in bytewise order with missing values last, and values without rows are left out', () => {
  const slices = sliceMetrics(sampleRows(1000, 1), { task: 'binary', column: column(1000) });
  expect(slices.map(({ value }) => value)).toEqual(['east', 'west', 'Öst', null]);
});

test('slices add up to the whole', () => {
  const rows = sampleRows(1000, 1);
  const all = metricsOf('binary', rows);
  const slices = sliceMetrics(rows, { task: 'binary', column: column(1000) });
  const total = (of: (slice: (typeof slices)[number]) => number) => slices.reduce((sum, slice) => sum + of(slice), 0);
  expect(total(({ rows }) => rows)).toBe(1000);
  expect(total(({ metrics }) => metrics.get('positives')!)).toBe(all.get('positives'));
  expect(total(({ rows, metrics }) => rows * metrics.get('log_loss')!) / 1000).toBeCloseTo(all.get('log_loss')!, 12);
  expect(total(({ rows, metrics }) => rows * metrics.get('accuracy')!) / 1000).toBeCloseTo(all.get('accuracy')!, 12);
});

test('a slice has the metrics of its rows alone', () => {
  const rows = sampleRows(500, 2);
  const slice = column(500);
  const west = Uint32Array.from(slice.codes.keys()).filter((row) => slice.codes[row] === 0);
  expect(sliceMetrics(rows, { task: 'binary', column: slice }).find(({ value }) => value === 'west')?.metrics).toEqual(metricsOf('binary', only(rows, west)));
});

test('slices with few rows are flagged and measured as far as they go', () => {
  const slice = { storage: 'text', dictionary: ['few', 'many'], codes: Int32Array.of(0, 1, 1, 1) } as const;
  const found = sliceMetrics(data([1, 0, 1, 0], [0.9, 0.1, 0.8, 0.3]), { task: 'binary', column: slice, minimumRows: 3 });
  expect(found.map(({ value, rows, small, metrics }) => [value, rows, small, metrics.get('auc')])).toEqual([
    ['few', 1, true, null],
    ['many', 3, false, 1],
  ]);
});

test('a row of several outputs keeps them together', () => {
  const classes = ['a', 'b', 'c'];
  const rows = data([0, 1, 2], [0.6, 0.3, 0.1, 0.1, 0.7, 0.2, 0.5, 0.3, 0.2], { classes });
  const found = sliceMetrics(rows, { task: 'multiclass', column: { storage: 'text', dictionary: ['x', 'y'], codes: Int32Array.of(0, 1, 0) } });
  expect(found.map(({ value, metrics }) => [value, metrics.get('accuracy')])).toEqual([['x', 0.5], ['y', 1]]);
});

test('a column of other rows is refused', () => {
  expect(() => sliceMetrics(sampleRows(10, 1), { task: 'binary', column: column(9) })).toThrow('The slice column does not match');
});
