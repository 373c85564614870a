import { describe, expect, test } from '@jest/globals';
import { type CompareOptions, type Contest, compareModels } from '../../src/evaluation/compare.ts';
import { MINIMUM } from '../../src/evaluation/enough.ts';
import { metricInfo, metricsOf } from '../../src/evaluation/metrics.ts';
import type { Comparison, ComparisonOf, Opponent } from '../../src/evaluation/opponent.ts';
import { Random } from '../../src/evaluation/random.ts';
import type { EvaluationData } from '../../src/evaluation/task-metrics.ts';
import { delong } from './delong.ts';
import { data, sampleRows } from './tables.ts';

const options: CompareOptions = { task: 'binary', seed: 1 };

/** The same rows, seen less clearly. */
const blurred = (rows: EvaluationData, seed: number, noise = 0.5): EvaluationData => {
  const random = new Random(seed);
  return { ...rows, predictions: rows.predictions.map((p) => (1 - noise) * p + noise * random.uniform()) };
};

const against = (candidate: EvaluationData, champion: EvaluationData, more: Partial<Contest> = {}): Contest => ({ candidate, opponents: new Map<Opponent, EvaluationData>([['champion', champion]]), ...more });
const AUC: ComparisonOf = { opponent: 'champion', metric: 'auc' };
const width = ({ difference: { low, high } }: Comparison): number => high! - low!;
/** Half the interval of one comparison alone is 1.96 standard errors. */
const errorOf = (comparison: Comparison): number => width(comparison) / 2 / 1.959964;
const text = (values: readonly (string | null)[]) => {
  const dictionary = [...new Set(values.filter((one) => one !== null))];
  return { storage: 'text' as const, codes: Int32Array.from(values, (one) => (one === null ? -1 : dictionary.indexOf(one))), dictionary };
};

describe('the standard error', () => {
  test.each([
    ['many rows', 3000, undefined, 0.5],
    ['tied scores', 3000, 20, 0.3],
    ['few rows', 400, undefined, 0.5],
  ] as const)('of a difference of two AUCs is that of DeLong within a few per cent: %s', (_name, rows, ties, noise) => {
    const a = sampleRows(rows, 11, ties);
    const b = blurred(a, 12, noise);
    const [found] = compareModels(against(a, b), [AUC], { ...options, resamples: 2000 });
    const expected = delong(a, b);
    expect(found!.difference.value).toBeCloseTo(expected.difference, 12);
    expect(errorOf(found!) / expected.error).toBeGreaterThan(0.94);
    expect(errorOf(found!) / expected.error).toBeLessThan(1.06);
  });

  test('of a difference of mean losses is that of the textbook', () => {
    const random = new Random(3);
    const labels = new Float64Array(2000).map(() => random.normal());
    const [a, b] = [labels.map((one) => one + random.normal()), labels.map((one) => one + 1.1 * random.normal())];
    const [found] = compareModels(against({ labels, predictions: a }, { labels, predictions: b }), [{ opponent: 'champion', metric: 'mae' }], { task: 'regression', seed: 1, resamples: 2000 });
    const differences = labels.map((one, row) => Math.abs(a[row]! - one) - Math.abs(b[row]! - one));
    const centre = differences.reduce((sum, one) => sum + one, 0) / 2000;
    const expected = Math.sqrt(differences.reduce((sum, one) => sum + (one - centre) ** 2, 0) / 1999 / 2000);
    expect(errorOf(found!) / expected).toBeGreaterThan(0.94);
    expect(errorOf(found!) / expected).toBeLessThan(1.06);
  });

  test('grows where the rows of one entity say the same, as that of entities drawn whole', () => {
    const few = sampleRows(500, 4);
    const other = blurred(few, 5);
    const repeat = ({ labels, predictions }: EvaluationData): EvaluationData => data([...labels, ...labels, ...labels, ...labels], [...predictions, ...predictions, ...predictions, ...predictions]);
    const clusters = Int32Array.from({ length: 2000 }, (_, row) => row % 500);
    const [once] = compareModels(against(few, other), [AUC], options);
    const [together] = compareModels(against(repeat(few), repeat(other), { clusters }), [AUC], options);
    const [apart] = compareModels(against(repeat(few), repeat(other)), [AUC], options);
    expect(width(together!)).toBeCloseTo(width(once!), 10);
    expect(width(together!) / width(apart!)).toBeGreaterThan(1.8);
    expect(width(together!) / width(apart!)).toBeLessThan(2.2);
  });

  test('grows with the spread over seeds: by its variance once for the candidate, and once more where the opponent was trained', () => {
    const a = sampleRows(2000, 6);
    const contest: Contest = { candidate: a, opponents: new Map<Opponent, EvaluationData>([['champion', blurred(a, 7)], ['rule', blurred(a, 7)]]) };
    const wanted: readonly ComparisonOf[] = [{ ...AUC, alone: true }, { opponent: 'rule', metric: 'auc', alone: true }];
    const errors = (seedSpread?: ReadonlyMap<string, number>) => compareModels(contest, wanted, { ...options, seedSpread }).map(errorOf);
    const [plain] = errors();
    const spread = errors(new Map([['auc', 0.01], ['log_loss', 5]]));
    expect(spread[0]).toBeCloseTo(Math.sqrt(plain! ** 2 + 2 * 0.01 ** 2), 8);
    expect(spread[1]).toBeCloseTo(Math.sqrt(plain! ** 2 + 0.01 ** 2), 8);
  });
});

describe('the intervals', () => {
  test('are wider the more comparisons are judged, not by comparisons that repeat each other, and not by those that nobody judges by', () => {
    const a = sampleRows(3000, 8);
    const random = new Random(9);
    const slices = new Map([['tenth', text(Array.from(a.labels, () => `${random.below(10)}`))]]);
    const contest = against(a, blurred(a, 10), { slices });
    const first = (wanted: readonly ComparisonOf[]): number => errorOf(compareModels(contest, wanted, options)[0]!);
    const tenths: ComparisonOf = { ...AUC, slices: 'tenth' };
    const single = first([AUC]);
    expect(first([AUC, AUC])).toBeCloseTo(single, 4);
    expect(first([AUC, { ...tenths, alone: true }])).toBe(single);
    // Eleven estimates: Šidák's bound is 2.83 standard errors, and these hang together a little.
    expect(first([AUC, tenths]) / single).toBeGreaterThan(1.38);
    expect(first([AUC, tenths]) / single).toBeLessThan(2.84 / 1.96);
  });

  test('of all slices of two equal models hold no difference, all at once, in about 95 of 100 nights', () => {
    const nights = 120;
    let held = 0;
    for (let night = 0; night < nights; night++) {
      const random = new Random(700 + night);
      const truth = new Float64Array(800).map(() => random.normal());
      const labels = truth.map((one) => one + random.normal());
      const model = (): EvaluationData => ({ labels, predictions: truth.map((one) => one + 0.5 * random.normal()) });
      const slices = new Map([['fifth', text(Array.from(labels, () => `${random.below(5)}`))]]);
      const found = compareModels(against(model(), model(), { slices }), [{ opponent: 'champion', metric: 'rmse' }, { opponent: 'champion', metric: 'mae', slices: 'fifth' }], { task: 'regression', seed: night, resamples: 150 });
      expect(found.filter(({ tooFew }) => tooFew === null)).toHaveLength(6);
      if (found.every(({ difference: { low, high } }) => low! <= 0 && 0 <= high!)) held++;
    }
    expect(held / nights).toBeGreaterThan(0.91);
    expect(held / nights).toBeLessThan(0.99);
  });

  test('are the same for the same seed, and of equal models are exactly nothing', () => {
    const a = sampleRows(1000, 13);
    const contest = against(a, blurred(a, 14));
    expect(compareModels(contest, [AUC], options)).toEqual(compareModels(contest, [AUC], options));
    expect(compareModels(contest, [AUC], { ...options, seed: 2 })).not.toEqual(compareModels(contest, [AUC], options));
    expect(compareModels(against(a, { ...a }), [AUC, { opponent: 'champion', metric: 'log_loss' }], options).map(({ difference }) => difference)).toMatchObject([{ value: 0, low: 0, high: 0 }, { value: 0, low: 0, high: 0 }]);
  });
});

test('a slice is compared on its own rows, under the name that may be shown; missing values are a slice, too', () => {
  const a = sampleRows(2000, 15);
  const b = blurred(a, 16);
  const sizes = Array.from(a.labels, (_label, row) => (row % 4 === 0 ? null : row % 2 === 0 ? 'small' : 'large'));
  const found = compareModels(against(a, b, { slices: new Map([['size', text(sizes)]]) }), [{ ...AUC, slices: 'size' }], { ...options, shown: (column, value) => `${column} ${value ?? 'missing'}` });
  const rows = sizes.flatMap((one, row) => (one === 'small' ? [row] : []));
  const small = (of: EvaluationData) => metricsOf('binary', data(rows.map((row) => of.labels[row]!), rows.map((row) => of.predictions[row]!))).get('auc')!;
  expect(found.map(({ slice, rows: count }) => [slice?.value, count])).toEqual([['size large', 1000], ['size small', 500], ['size missing', 500]]);
  expect(found[1]!.difference.value).toBeCloseTo(small(a) - small(b), 12);
});

test.each(['binary', 'multiclass', 'regression'] as const)('every metric of a %s task that has a direction is compared', (task) => {
  const random = new Random(17);
  const classes = ['a', 'b', 'c', 'd'];
  const labels = new Float64Array(800).map(() => ({ binary: random.below(2), multiclass: random.below(4), regression: 1 + random.uniform() })[task]);
  const model = (noise: number): EvaluationData => {
    if (task === 'regression') return { labels, predictions: labels.map((label) => label + noise * random.normal()) };
    if (task === 'binary') {
      const predictions = labels.map((label) => Math.min(Math.max(label + noise * random.normal(), 0.01), 0.99));
      return { labels, predictions, decided: Uint8Array.from(predictions, (p) => (p > 0.5 ? 1 : 0)), cost: { fp: 1, fn: 2 } };
    }
    const logits = new Float64Array(3200).map((_zero, i) => Math.exp((i % 4 === labels[Math.floor(i / 4)] ? 2 : 0) + 2 * noise * random.normal()));
    return { labels, predictions: logits.map((one, i) => one / logits.subarray(i - (i % 4), i - (i % 4) + 4).reduce((sum, other) => sum + other, 0)), classes };
  };
  const wanted = metricInfo(task).filter(({ direction }) => direction !== 'none').map(({ name }): ComparisonOf => ({ opponent: 'champion', metric: name }));
  const found = compareModels(against(model(0.4), model(0.9)), wanted, { task, seed: 1, resamples: 100 });
  for (const { metric, difference } of found) {
    // Scores that were cut off are badly calibrated on either side.
    if (metric === 'ece') continue;
    const isHigher = metricInfo(task).find(({ name }) => name === metric)!.direction === 'higher';
    expect({ metric, isBetter: isHigher ? difference.low! > 0 : difference.high! < 0 }).toEqual({ metric, isBetter: true });
  }
});

describe('too little', () => {
  const half = (rows: number, positives: number): EvaluationData => data(Array.from({ length: rows }, (_, row) => (row < positives ? 1 : 0)), Array.from({ length: rows }, (_, row) => ((row * 7) % 11) / 11));

  test.each([
    ['rows', half(MINIMUM.rows - 1, 40), undefined, '99 rows'],
    ['positives', half(1000, MINIMUM.ofEachClass - 1), undefined, '19 positives'],
    ['negatives', half(1000, 995), undefined, '5 negatives'],
    ['entities', half(1000, 300), Int32Array.from({ length: 1000 }, (_, row) => row % 12), 'rows of 12 entities'],
    ['entities with a positive', half(1000, 300), Int32Array.from({ length: 1000 }, (_, row) => (row < 300 ? row % 8 : row - 292)), '8 positives'],
  ] as const)('%s: the difference is told without bounds', (_name, rows, clusters, tooFew) => {
    const [found] = compareModels(against(rows, blurred(rows, 1), { clusters }), [AUC], { ...options, resamples: 50 });
    expect(found).toMatchObject({ tooFew, difference: { value: expect.any(Number), low: null, high: null } });
  });

  test('enough is enough', () => {
    const rows = half(MINIMUM.rows, MINIMUM.ofEachClass);
    const [found] = compareModels(against(rows, blurred(rows, 1)), [AUC], { ...options, resamples: 50 });
    expect(found!.tooFew).toBeNull();
    expect(found!.difference.low).not.toBeNull();
  });

  test('of one class keeps silent about metrics that weigh classes alike, and about no others', () => {
    const labels = Float64Array.from({ length: 300 }, (_, row) => (row < 5 ? 2 : row % 2));
    const rows: EvaluationData = { labels, predictions: Float64Array.from({ length: 900 }, (_, i) => [0.5, 0.3, 0.2][i % 3]!), classes: ['a', 'b', 'c'] };
    const found = compareModels(against(rows, { ...rows, predictions: rows.predictions.map(() => 1 / 3) }), [{ opponent: 'champion', metric: 'macro_f1' }, { opponent: 'champion', metric: 'log_loss' }], { task: 'multiclass', seed: 1, resamples: 50 });
    expect(found.map(({ tooFew }) => tooFew)).toEqual(['5 rows of class 2', null]);
  });
});

test('an opponent that is not there is left out', () => {
  const a = sampleRows(200, 18);
  expect(compareModels(against(a, blurred(a, 1)), [{ opponent: 'reference', metric: 'auc' }, AUC], { ...options, resamples: 50 }).map(({ opponent }) => opponent)).toEqual(['champion']);
});

test('rows, clusters or metrics that do not fit are errors', () => {
  const a = sampleRows(200, 19);
  const b = blurred(a, 1);
  const fails = (contest: Contest, wanted = AUC) => expect(() => compareModels(contest, [wanted], options));
  fails(against(a, sampleRows(200, 20))).toThrow('same rows');
  fails(against(a, b, { clusters: new Int32Array(7) })).toThrow('do not match the rows');
  fails(against(a, b, { clusters: new Int32Array(200).map((_zero, row) => (row === 0 ? -1 : row)) })).toThrow('no number that can be used');
  fails(against(a, b, { clusters: Int32Array.from({ length: 200 }, (_, row) => 2 * (row % 100)) })).toThrow('without a gap');
  fails(against(a, b), { ...AUC, metric: 'acu' }).toThrow('did you mean auc?');
});
