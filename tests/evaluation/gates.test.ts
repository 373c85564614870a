import { expect, test } from '@jest/globals';
import type { Interval } from '../../src/evaluation/bootstrap.ts';
import { checkGates, comparisonsOf, judge, type Comparison, type Gate, type GateFacts, type GateOutcome } from '../../src/evaluation/gates.ts';

const interval = (value: number | null, low: number | null, high: number | null): Interval => ({ value, low, high, level: 0.95, resamples: 300, defined: 300 });

const comparisons: readonly Comparison[] = [
  { opponent: 'baseline', metric: 'auc', difference: interval(0.15, 0.12, 0.18) },
  { opponent: 'linear', metric: 'auc', difference: interval(0.01, -0.002, 0.022) },
  { opponent: 'baseline', metric: 'log_loss', difference: interval(-0.03, -0.04, -0.02) },
  { opponent: 'linear', metric: 'log_loss', difference: interval(0.01, 0.005, 0.015) },
  { opponent: 'baseline', metric: 'precision', difference: interval(null, null, null) },
];

const facts: GateFacts = {
  task: 'binary',
  metrics: new Map([
    ['auc', 0.65],
    ['log_loss', 0.45],
    ['ece', 0.05],
    ['precision', null],
  ]),
  comparisons,
};

const table: readonly (readonly [string, Gate, GateOutcome, string])[] = [
  ['above its minimum', { metric: 'auc', min: 0.6 }, 'pass', 'auc is 0.65, at least 0.6'],
  ['at its minimum', { metric: 'auc', min: 0.65 }, 'pass', 'auc is 0.65, at least 0.65'],
  ['below its minimum', { metric: 'auc', min: 0.7 }, 'fail', 'auc is 0.65, not at least 0.7'],
  ['below its maximum', { metric: 'ece', max: 0.1 }, 'pass', 'ece is 0.05, at most 0.1'],
  ['above its maximum', { metric: 'log_loss', max: 0.4 }, 'fail', 'log_loss is 0.45, not at most 0.4'],
  ['between two bounds', { metric: 'auc', min: 0.6, max: 0.9 }, 'pass', 'auc is 0.65, from 0.6 to 0.9'],
  ['suspiciously good', { metric: 'auc', min: 0.5, max: 0.6 }, 'fail', 'auc is 0.65, not from 0.5 to 0.6'],
  ['a gate without a threshold', { metric: 'auc' }, 'informs', 'auc is 0.65; the gate has no threshold, so it only informs'],
  ['one without a threshold on nothing', { metric: 'precision' }, 'informs', 'precision is not defined; the gate has no threshold, so it only informs'],
  ['a metric that is null', { metric: 'precision', min: 0.1 }, 'fail', 'precision is not defined on these rows'],
  ['clearly better', { metric: 'auc', better_than: 'baseline' }, 'pass', "auc is better than baseline's by 0.15 (0.12 to 0.18 at 95%): the interval lies beyond 0"],
  ['better by the margin', { metric: 'auc', better_than: 'baseline', margin: 0.1 }, 'pass', "auc is better than baseline's by 0.15 (0.12 to 0.18 at 95%): the interval lies beyond 0.1"],
  ['better, not surely by the margin', { metric: 'auc', better_than: 'baseline', margin: 0.14 }, 'fail', "auc is better than baseline's by 0.15 (0.12 to 0.18 at 95%): the interval does not lie beyond 0.14"],
  ['perhaps better', { metric: 'auc', better_than: 'linear' }, 'fail', "auc is better than linear's by 0.01 (-0.002 to 0.022 at 95%): the interval does not lie beyond 0"],
  ['lower is better', { metric: 'log_loss', better_than: 'baseline' }, 'pass', "log_loss is better than baseline's by 0.03 (0.02 to 0.04 at 95%): the interval lies beyond 0"],
  ['higher is worse', { metric: 'log_loss', better_than: 'linear' }, 'fail', "log_loss is better than linear's by -0.01 (-0.015 to -0.005 at 95%): the interval does not lie beyond 0"],
  ['a comparison of nothing', { metric: 'precision', better_than: 'baseline' }, 'fail', 'precision has no interval against baseline: it is not defined on these rows or on too many resamples of them'],
  ['a comparison not made', { metric: 'brier', better_than: 'linear' }, 'fail', 'brier was not compared with linear'],
];

test.each(table)('%s', (_name, gate, outcome, reason) => {
  const { verdict, gates } = judge([gate], facts);
  expect(gates).toMatchObject([{ metric: gate.metric, outcome, reason }]);
  expect(verdict).toBe(outcome === 'fail' ? 'fail' : 'pass');
});

test('one gate that fails fails the verdict; gates that inform, or no gates, do not', () => {
  expect(judge([{ metric: 'auc', min: 0.6 }, { metric: 'auc', min: 0.9 }, { metric: 'ece' }], facts).verdict).toBe('fail');
  expect(judge([{ metric: 'auc', min: 0.6 }, { metric: 'ece' }], facts).verdict).toBe('pass');
  expect(judge([], facts)).toEqual({ verdict: 'pass', gates: [] });
});

test('results carry what was found and what was expected, in the order of the gates and under names of their own', () => {
  const { gates } = judge([{ metric: 'auc', min: 0.6 }, { metric: 'auc', max: 0.9 }, { metric: 'log_loss', better_than: 'baseline', margin: 0.01 }], facts);
  expect(gates.map(({ name, found, expected }) => [name, found, expected])).toEqual([
    ['auc at least 0.6', 0.65, 'at least 0.6'],
    ['auc at most 0.9', 0.65, 'at most 0.9'],
    ['log_loss better than baseline by more than 0.01', 0.03, 'better than baseline by more than 0.01'],
  ]);
  expect(gates[2]?.interval).toMatchObject({ value: 0.03, low: 0.02, high: 0.04 });
});

test('an exact tie has no sign', () => {
  const tie: GateFacts = { ...facts, comparisons: [{ opponent: 'linear', metric: 'log_loss', difference: interval(0, 0, 0) }] };
  const { gates } = judge([{ metric: 'log_loss', better_than: 'linear' }], tie);
  expect(gates[0]).toMatchObject({ found: 0, outcome: 'fail' });
});

test('a gate on a metric that does not exist, or that cannot be better, is an error of the configuration', () => {
  expect(() => checkGates('binary', [{ metric: 'auc' }, { metric: 'acuracy', min: 0.5 }])).toThrow(
    expect.objectContaining({ code: 'config-invalid', message: expect.stringMatching(/gates\[1\]\.metric[^]*did you mean accuracy/) }),
  );
  expect(() => judge([{ metric: 'rmse', max: 1 }], facts)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  expect(() => checkGates('binary', [{ metric: 'rows', better_than: 'baseline' }])).toThrow(expect.objectContaining({ code: 'config-invalid' }));
});

test('each comparison that gates ask for is named once', () => {
  const gates: readonly Gate[] = [
    { metric: 'auc', better_than: 'baseline' },
    { metric: 'auc', better_than: 'baseline', margin: 0.1 },
    { metric: 'auc', better_than: 'linear' },
    { metric: 'ece', max: 0.1 },
  ];
  expect(comparisonsOf(gates)).toEqual([
    { opponent: 'baseline', metric: 'auc' },
    { opponent: 'linear', metric: 'auc' },
  ]);
});
