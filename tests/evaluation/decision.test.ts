import { expect, test } from '@jest/globals';
import { decide, settleDecision, type Decision, type DecisionRule } from '../../src/evaluation/decision.ts';
import { sampleRows } from './tables.ts';

const validation = { scores: Float64Array.of(0.1, 0.2, 0.4, 0.6, 0.9), labels: Float64Array.of(0, 0, 1, 0, 1) };

const settled: readonly (readonly [string, DecisionRule | undefined, Decision])[] = [
  ['no rule: as many positives as usual', undefined, { kind: 'threshold', threshold: 0.5, rule: 'as many as usual' }],
  ['a share of the validation rows', { top_share: 0.2 }, { kind: 'threshold', threshold: 0.75, rule: { top_share: 0.2 } }],
  ['a share between two numbers of rows', { top_share: 0.67 }, { kind: 'threshold', threshold: 0.30000000000000004, rule: { top_share: 0.67 } }],
  ['a number a batch', { top_n: 2 }, { kind: 'top_n', n: 2 }],
  ['costs: fp / (fp + fn)', { cost: { fp: 1, fn: 4 } }, { kind: 'threshold', threshold: 0.2, rule: { cost: { fp: 1, fn: 4 } } }],
  ['a threshold', { threshold: 0.35 }, { kind: 'threshold', threshold: 0.35, rule: { threshold: 0.35 } }],
];

test.each(settled)('%s', (_name, rule, expected) => {
  const decision = settleDecision(rule, validation);
  expect(decision).toEqual(expected);
  expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
});

test('without a rule as many validation rows are positive as there are positives', () => {
  const { labels, predictions } = sampleRows(5000, 1);
  const decided = decide(settleDecision(undefined, { scores: predictions, labels }), predictions).class;
  expect(decided.reduce((sum, yes) => sum + yes, 0)).toBe(labels.reduce((sum, label) => sum + label, 0));
});

test('equal scores stay together: the threshold comes as close to the share as they allow', () => {
  const scores = Float64Array.of(0.9, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1);
  const positives = (top_share: number) => {
    const { class: decided } = decide(settleDecision({ top_share }, { scores, labels: new Float64Array(10) }), scores);
    return decided.reduce((sum, yes) => sum + yes, 0);
  };
  expect([0.1, 0.2, 0.25, 0.3, 0.6, 0.9].map(positives)).toEqual([1, 1, 1, 4, 4, 10]);
});

/** What is settled without a rule where all validation rows have one score and one label. */
const at = (score: number, label: number) => settleDecision(undefined, { scores: Float64Array.of(score, score), labels: Float64Array.of(label, label) });

test('scores that are all equal, and labels that have no positive, still settle on a number', () => {
  expect(at(0.2, 0)).toMatchObject({ threshold: expect.closeTo(0.6, 12) });
  expect(at(0.2, 1)).toMatchObject({ threshold: 0 });
  expect(decide(at(1, 0), Float64Array.of(1)).class).toEqual(Uint8Array.of(0));
});

test('scores next to each other in floating point are still told apart', () => {
  const scores = Float64Array.of(0.5, 0.5 + 2 ** -53);
  expect(decide(settleDecision({ top_share: 0.5 }, { scores, labels: new Float64Array(2) }), scores).class).toEqual(Uint8Array.of(0, 1));
});

test('ranks count from the highest score, equal scores in the order of their rows', () => {
  const { rank, class: decided } = decide({ kind: 'top_n', n: 2 }, Float64Array.of(0.5, 0.9, 0.5, 0.1, 0.5));
  expect(rank).toEqual(Int32Array.of(2, 1, 3, 5, 4));
  expect(decided).toEqual(Uint8Array.of(1, 1, 0, 0, 0));
});

test('a score at the threshold is positive, and a batch smaller than n is positive as a whole', () => {
  expect(decide({ kind: 'threshold', threshold: 0.5, rule: { threshold: 0.5 } }, Float64Array.of(0.5, 0.49)).class).toEqual(Uint8Array.of(1, 0));
  expect(decide({ kind: 'top_n', n: 5 }, Float64Array.of(0.1, 0.2)).class).toEqual(Uint8Array.of(1, 1));
});

test('for calibrated scores the threshold of the costs is the cheapest there is', () => {
  const { labels, predictions } = sampleRows(50_000, 4);
  const cost = { fp: 1, fn: 3 };
  const spent = (threshold: number) =>
    decide({ kind: 'threshold', threshold, rule: { threshold } }, predictions).class.reduce(
      (sum, yes, row) => sum + (yes === 1 ? cost.fp * (1 - labels[row]!) : cost.fn * labels[row]!),
      0,
    );
  const decision = settleDecision({ cost }, { scores: predictions, labels });
  expect(decision).toMatchObject({ threshold: 0.25 });
  for (const other of [0.1, 0.15, 0.4, 0.5]) expect(spent(0.25)).toBeLessThan(spent(other));
});

test('a share cannot be settled without validation rows; a threshold can', () => {
  const none = { scores: new Float64Array(0), labels: new Float64Array(0) };
  expect(() => settleDecision({ top_share: 0.1 }, none)).toThrow(expect.objectContaining({ code: 'validation-empty' }));
  expect(() => settleDecision(undefined, none)).toThrow(expect.objectContaining({ code: 'validation-empty' }));
  expect(settleDecision({ threshold: 0.5 }, none)).toMatchObject({ threshold: 0.5 });
});
