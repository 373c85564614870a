import { expect, test } from '@jest/globals';
import type { Task } from '../../src/dataset/contract.ts';
import { type GateGround, checkGates } from '../../src/evaluation/check-gates.ts';
import type { Gate } from '../../src/evaluation/gate.ts';
import { judge } from '../../src/evaluation/gates.ts';
import { metricInfo } from '../../src/evaluation/metrics.ts';

const ground: GateGround = { slices: ['weekday', 'size'], rule: 'guess' };

const nonsense: readonly (readonly [string, Gate, Partial<GateGround>, RegExp])[] = [
  ['a metric that does not exist', { metric: 'acuracy', min: 0.5 }, {}, /gates\[1\]\.metric[^]*did you mean accuracy/],
  ['a metric that cannot be better', { metric: 'rows', better_than: 'baseline' }, {}, /gates\[1\]\.metric[^]*neither|neither[^]*gates\[1\]\.metric/],
  ['a metric that cannot be worse', { metric: 'base_rate', no_worse_than: 'champion', margin: 0.1 }, {}, /neither better nor worse/],
  ['bounds that nothing can hold', { metric: 'auc', min: 0.7, max: 0.6 }, {}, /min lies above its max[^]*gates\[1\][^]*min 0.7, max 0.6/],
  ['a rule that is not configured', { metric: 'auc', better_than: 'rule' }, { rule: undefined }, /there is no rule[^]*gates\[1\]\.better_than[^]*rule: COLUMN/],
  ['slices where none is configured', { metric: 'auc', no_worse_than: 'champion', margin: 0.1, slices: true }, { slices: [] }, /gates\[1\]\.slices[^]*slices: \[COLUMN\]/],
  ['a slice column that is misspelled', { metric: 'auc', no_worse_than: 'champion', margin: 0.1, slices: ['wekday'] }, {}, /gates\[1\]\.slices[^]*did you mean weekday/],
  ['a slice column that is not configured', { metric: 'auc', no_worse_than: 'champion', margin: 0.1, slices: ['size', 'origin'] }, {}, /gates\[1\]\.slices[^]*found: +origin[^]*add origin to slices/],
];

test.each(nonsense)('%s is an error of the configuration that names the gate', (_name, gate, more, message) => {
  expect(() => checkGates('binary', [{ metric: 'auc' }, gate], { ...ground, ...more })).toThrow(expect.objectContaining({ code: 'config-invalid', exitCode: 2, message: expect.stringMatching(message) }));
});

test('every metric with a direction can be compared, in each task, on the whole batch and by slice', () => {
  for (const task of ['binary', 'multiclass', 'regression'] satisfies Task[]) {
    const gates = metricInfo(task)
      .filter(({ direction }) => direction !== 'none')
      .flatMap(({ name }): Gate[] => [{ metric: name, better_than: 'rule' }, { metric: name, no_worse_than: 'champion', margin: 0, slices: true }, { metric: name, no_worse_than: 'reference', margin: 1, slices: ['size'] }]);
    expect(gates.length).toBeGreaterThan(9);
    expect(() => checkGates(task, gates, ground)).not.toThrow();
  }
});

test('judging checks the metrics as well', () => {
  expect(() => judge([{ metric: 'rmse', max: 1 }], { task: 'binary', metrics: new Map(), comparisons: [] })).toThrow(expect.objectContaining({ code: 'config-invalid' }));
});
