import { expect, test } from '@jest/globals';
import { bootstrapIntervals } from '../../src/evaluation/bootstrap.ts';
import { intervalsAside, intervalsOfParts } from '../../src/evaluation/intervals-aside.ts';
import { metricsOf } from '../../src/evaluation/metrics.ts';
import { Random } from '../../src/evaluation/random.ts';
import { only, sliceRows } from '../../src/evaluation/slices.ts';
import { data, sampleRows } from './tables.ts';

const dictionary = ['west', 'Öst', 'east', 'nowhere'];
const metricsOfSlices = (rows: ReturnType<typeof data>, of = column(rows.labels.length)) => sliceRows({ data: rows, clusters: undefined }, of).map((slice) => ({ value: slice.value, rows: slice.data.labels.length, metrics: metricsOf('binary', slice.data) }));

function column(rows: number) {
  const random = new Random(11);
  return { storage: 'text', dictionary, codes: new Int32Array(rows).map(() => random.below(4) - 1) } as const;
}

test('slices come in bytewise order with missing values last, and values without rows are left out', () => {
  expect(metricsOfSlices(sampleRows(1000, 1)).map(({ value }) => value)).toEqual(['east', 'west', 'Öst', null]);
});

test('slices add up to the whole', () => {
  const rows = sampleRows(1000, 1);
  const all = metricsOf('binary', rows);
  const slices = metricsOfSlices(rows);
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
  expect(metricsOfSlices(rows, slice).find(({ value }) => value === 'west')?.metrics).toEqual(metricsOf('binary', only(rows, west)));
});

test('a row of several outputs keeps them together', () => {
  const classes = ['a', 'b', 'c'];
  const rows = data([0, 1, 2], [0.6, 0.3, 0.1, 0.1, 0.7, 0.2, 0.5, 0.3, 0.2], { classes });
  const found = sliceRows({ data: rows, clusters: undefined }, { storage: 'text', dictionary: ['x', 'y'], codes: Int32Array.of(0, 1, 0) });
  expect(found.map((slice) => [slice.value, metricsOf('multiclass', slice.data).get('accuracy')])).toEqual([['x', 0.5], ['y', 1]]);
});

test('a column of other rows is refused', () => {
  expect(() => sliceRows({ data: sampleRows(10, 1), clusters: undefined }, column(9))).toThrow('The slice column does not match');
});

test('where entities recur the interval of a slice draws whole entities', () => {
  const rows = sampleRows(1000, 3);
  const clusters = Int32Array.from({ length: 1000 }, (_, row) => row % 100);
  const codes = Int32Array.from({ length: 1000 }, (_, row) => (row % 100 < 40 ? 0 : 1));
  const [east, west] = sliceRows({ data: rows, clusters }, { storage: 'text', dictionary: ['west', 'east'], codes });
  expect([new Set(west!.clusters).size, Math.max(...west!.clusters!), new Set(east!.clusters).size]).toEqual([40, 39, 60]);
  const options = { task: 'binary', seed: 1, resamples: 50, metrics: ['auc'] } as const;
  expect(intervalsOfParts({ parts: [west!], options })[0]).toEqual(bootstrapIntervals(west!.data, { ...options, clusters: west!.clusters }));
});

test('intervals are the same on a thread of their own, which many rows get', async () => {
  const parts = [{ data: sampleRows(20_000, 4), clusters: undefined }, { data: sampleRows(500, 5), clusters: Int32Array.from({ length: 500 }, (_, row) => row >> 1) }];
  const request = { parts, options: { task: 'binary', seed: 1, resamples: 200, metrics: ['auc', 'log_loss'] } } as const;
  expect(await intervalsAside(request)).toEqual(intervalsOfParts(request));
  const wrong = { ...request, options: { ...request.options, metrics: ['rmse'] } };
  await expect(intervalsAside(wrong)).rejects.toThrow('rmse');
});
