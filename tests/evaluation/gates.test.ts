import { expect, test } from '@jest/globals';
import type { Interval } from '../../src/evaluation/bootstrap.ts';
import type { Gate, GateFacts, GateOutcome } from '../../src/evaluation/gate.ts';
import { comparisonsOf, judge } from '../../src/evaluation/gates.ts';
import type { Comparison, Opponent } from '../../src/evaluation/opponent.ts';

const interval = (value: number | null, low: number | null, high: number | null): Interval => ({ value, low, high, level: 0.95, resamples: 300, defined: 300 });
const compared = (opponent: Opponent, metric: string, difference: Interval, more: Partial<Comparison> = {}): Comparison => ({ opponent, metric, rows: 1000, difference, tooFew: null, ...more });
const slice = (column: string, value: string | null) => ({ slice: { column, value } });

const facts: GateFacts = {
  task: 'binary',
  metrics: new Map([
    ['auc', 0.65],
    ['log_loss', 0.45],
    ['ece', 0.05],
    ['precision', null],
  ]),
  comparisons: [
    compared('baseline', 'auc', interval(0.15, 0.12, 0.18)),
    compared('linear', 'auc', interval(0.01, -0.002, 0.022)),
    compared('rule', 'auc', interval(-0.04, -0.07, -0.01)),
    compared('baseline', 'log_loss', interval(-0.03, -0.04, -0.02)),
    compared('linear', 'log_loss', interval(0.01, 0.005, 0.015)),
    compared('champion', 'auc', interval(-0.01, -0.018, -0.002)),
    compared('champion', 'log_loss', interval(0.004, -0.001, 0.009)),
    compared('baseline', 'precision', interval(null, null, null)),
    compared('champion', 'f1', interval(0.1, null, null), { tooFew: '12 positives' }),
    compared('champion', 'recall', interval(0.1, null, null)),
  ],
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
  ['clearly better', { metric: 'auc', better_than: 'baseline' }, 'pass', "auc is 0.15 better than baseline's (0.12 to 0.18, 95%): better by more than 0"],
  ['better by the margin', { metric: 'auc', better_than: 'baseline', margin: 0.1 }, 'pass', "auc is 0.15 better than baseline's (0.12 to 0.18, 95%): better by more than 0.1"],
  ['better, perhaps by the margin', { metric: 'auc', better_than: 'baseline', margin: 0.14 }, 'unclear', "auc is 0.15 better than baseline's (0.12 to 0.18, 95%): too few rows or positives to tell whether it is better by more than 0.14; the champion stays"],
  ['better, not by the margin', { metric: 'auc', better_than: 'baseline', margin: 0.18 }, 'fail', "auc is 0.15 better than baseline's (0.12 to 0.18, 95%): not better by more than 0.18"],
  ['perhaps better', { metric: 'auc', better_than: 'linear' }, 'unclear', "auc is 0.01 better than linear's (0.002 worse to 0.022 better, 95%): too few rows or positives to tell whether it is better by more than 0; the champion stays"],
  ['worse than a rule', { metric: 'auc', better_than: 'rule' }, 'fail', "auc is 0.04 worse than rule's (0.01 to 0.07, 95%): not better by more than 0"],
  ['lower is better', { metric: 'log_loss', better_than: 'baseline' }, 'pass', "log_loss is 0.03 better than baseline's (0.02 to 0.04, 95%): better by more than 0"],
  ['higher is worse', { metric: 'log_loss', better_than: 'linear' }, 'fail', "log_loss is 0.01 worse than linear's (0.005 to 0.015, 95%): not better by more than 0"],
  ['worse, within the margin', { metric: 'auc', no_worse_than: 'champion', margin: 0.02 }, 'pass', "auc is 0.01 worse than champion's (0.002 to 0.018, 95%): not worse by more than 0.02"],
  ['worse at the margin itself', { metric: 'auc', no_worse_than: 'champion', margin: 0.018 }, 'pass', "auc is 0.01 worse than champion's (0.002 to 0.018, 95%): not worse by more than 0.018"],
  ['worse, perhaps by more', { metric: 'auc', no_worse_than: 'champion', margin: 0.01 }, 'unclear', "auc is 0.01 worse than champion's (0.002 to 0.018, 95%): too few rows or positives to tell whether it is worse by more than 0.01; the champion stays"],
  ['worse by more than the margin', { metric: 'auc', no_worse_than: 'champion', margin: 0.001 }, 'fail', "auc is 0.01 worse than champion's (0.002 to 0.018, 95%): worse by more than 0.001"],
  ['no worse where lower is better', { metric: 'log_loss', no_worse_than: 'champion', margin: 0.01 }, 'pass', "log_loss is 0.004 worse than champion's (0.009 worse to 0.001 better, 95%): not worse by more than 0.01"],
  ['a comparison of nothing', { metric: 'precision', better_than: 'baseline' }, 'fail', 'precision cannot be compared with baseline: it is not defined on these rows'],
  ['a comparison not made', { metric: 'brier', better_than: 'linear' }, 'fail', 'brier was not compared with linear'],
  ['too few positives', { metric: 'f1', no_worse_than: 'champion', margin: 0.1 }, 'unclear', "f1 is 0.1 better than champion's: 12 positives are too few to tell whether it is worse by more than 0.1; the champion stays"],
  ['too few resamples that define it', { metric: 'recall', no_worse_than: 'champion', margin: 0.1 }, 'unclear', "recall is 0.1 better than champion's: too few rows or positives to tell whether it is worse by more than 0.1; the champion stays"],
];

test.each(table)('%s', (_name, gate, outcome, reason) => {
  const { verdict, gates } = judge([gate], facts);
  expect(gates).toMatchObject([{ metric: gate.metric, outcome, reason, blocks: outcome === 'fail' || outcome === 'unclear' }]);
  expect(verdict).toBe(outcome === 'informs' ? 'pass' : outcome);
});

test('one gate that fails fails the verdict; gates that inform, or no gates, do not', () => {
  expect(judge([{ metric: 'auc', min: 0.6 }, { metric: 'auc', min: 0.9 }, { metric: 'ece' }], facts).verdict).toBe('fail');
  expect(judge([{ metric: 'auc', min: 0.6 }, { metric: 'ece' }], facts).verdict).toBe('pass');
  expect(judge([], facts)).toEqual({ verdict: 'pass', gates: [] });
});

test('a gate that fails wins over one that cannot tell, and one that may pass unclear is shown and keeps nobody back', () => {
  const perhaps: Gate = { metric: 'auc', better_than: 'linear' };
  expect(judge([perhaps, { metric: 'auc', min: 0.9 }], facts).verdict).toBe('fail');
  expect(judge([perhaps, { metric: 'auc', min: 0.6 }], facts).verdict).toBe('unclear');
  const lenient = judge([{ ...perhaps, unclear: 'pass' }], facts);
  expect(lenient).toMatchObject({ verdict: 'pass', gates: [{ outcome: 'unclear', blocks: false, reason: expect.stringMatching(/; the gate lets it pass$/) }] });
});

test('against an opponent that does not exist tonight a gate informs, and says why', () => {
  const { verdict, gates } = judge([{ metric: 'auc', no_worse_than: 'champion', margin: 0.01, slices: true }], { ...facts, comparisons: [], absent: new Map([['champion', 'no model was published before 2001-06-10']]) });
  expect(verdict).toBe('pass');
  expect(gates).toMatchObject([{ outcome: 'informs', blocks: false, reason: 'there is no champion to compare with tonight, so the gate only informs: no model was published before 2001-06-10' }]);
});

const sliced: GateFacts = {
  ...facts,
  comparisons: [
    compared('champion', 'auc', interval(-0.5, -0.6, -0.4)),
    compared('champion', 'auc', interval(0.01, -0.01, 0.03), slice('size', 'large')),
    compared('champion', 'auc', interval(-0.1, -0.15, -0.05), slice('size', 'small')),
    compared('champion', 'auc', interval(null, null, null), { ...slice('size', null), tooFew: '7 positives' }),
    compared('champion', 'auc', interval(null, null, null), { ...slice('weekday', 'Mon'), tooFew: '40 rows' }),
    compared('champion', 'auc', interval(null, null, null), { ...slice('weekday', 'Tue'), tooFew: '30 rows' }),
  ],
};

test('a gate on slices holds each value by itself, leaves the whole batch to others, and sums up the small ones', () => {
  const { verdict, gates } = judge([{ metric: 'auc', no_worse_than: 'champion', margin: 0.02, slices: true }], sliced);
  expect(verdict).toBe('fail');
  expect(gates.map(({ name, outcome, blocks }) => [name, outcome, blocks])).toEqual([
    ['auc no worse than champion by more than 0.02, size=large', 'pass', false],
    ['auc no worse than champion by more than 0.02, size=small', 'fail', true],
    ['auc no worse than champion by more than 0.02, small slices of size', 'unclear', false],
    ['auc no worse than champion by more than 0.02, small slices of weekday', 'unclear', false],
  ]);
  expect(gates[1]!.reason).toBe("auc, size=small is 0.1 worse than champion's (0.05 to 0.15, 95%): worse by more than 0.02");
  expect(gates[2]!.reason).toBe('size= (7 positives): too few rows or positives to tell; the gate lets it pass');
  expect(gates[3]!.reason).toBe('2 values of weekday: too few rows or positives to tell; the gate lets it pass');
});

test('a gate on named slice columns looks at no others, and small slices keep the champion only where that is asked for', () => {
  const weekdays: Gate = { metric: 'auc', no_worse_than: 'champion', margin: 0.02, slices: ['weekday'] };
  expect(judge([weekdays], sliced)).toMatchObject({ verdict: 'pass', gates: [{ outcome: 'unclear' }] });
  expect(judge([{ ...weekdays, unclear: 'keep' }], sliced).verdict).toBe('unclear');
  expect(judge([{ ...weekdays, slices: false }], sliced)).toMatchObject({ verdict: 'fail', gates: [{ found: -0.5 }] });
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

test('an exact tie has no sign: it is not better, and no worse even without a margin', () => {
  const tie: GateFacts = { ...facts, comparisons: [compared('linear', 'log_loss', interval(0, 0, 0)), compared('champion', 'log_loss', interval(0, 0, 0))] };
  expect(judge([{ metric: 'log_loss', better_than: 'linear' }], tie).gates[0]).toMatchObject({ found: 0, outcome: 'fail' });
  expect(judge([{ metric: 'log_loss', no_worse_than: 'champion', margin: 0 }], tie).gates[0]).toMatchObject({ found: 0, outcome: 'pass' });
});

test('each comparison that gates ask for is named once, and one for each slice column', () => {
  const gates: readonly Gate[] = [
    { metric: 'auc', better_than: 'baseline' },
    { metric: 'auc', better_than: 'baseline', margin: 0.1 },
    { metric: 'auc', better_than: 'linear' },
    { metric: 'auc', no_worse_than: 'champion', margin: 0.1 },
    { metric: 'auc', no_worse_than: 'champion', margin: 0.1, slices: true },
    { metric: 'auc', no_worse_than: 'champion', margin: 0.2, slices: ['weekday'] },
    { metric: 'ece', max: 0.1 },
  ];
  expect(comparisonsOf(gates, ['size', 'weekday'])).toEqual([
    { opponent: 'baseline', metric: 'auc' },
    { opponent: 'linear', metric: 'auc' },
    { opponent: 'champion', metric: 'auc' },
    { opponent: 'champion', metric: 'auc', slices: 'size' },
    { opponent: 'champion', metric: 'auc', slices: 'weekday' },
  ]);
});
