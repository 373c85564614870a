import { expect, test } from '@jest/globals';
import { batches } from '../../../src/export/mlflow/batches.ts';
import { flatten } from '../../../src/export/mlflow/flatten.ts';
import { keyed, value } from '../../../src/export/mlflow/keys.ts';

const keyOf = (...parts: string[]): string => keyed([{ parts, value: 0 }], '/')[0]![0];

test('a configuration becomes one parameter a leaf, lists of plain values among them', () => {
  const tree = { split: { by: 'time', train_days: 60 }, features: { number: ['a', 'b'] }, gates: [{ metric: 'auc', min: 0.5 }, { metric: 'ece' }], exclude: [], params: {}, lead: null, dirty: false };
  expect(Object.fromEntries(keyed(flatten(tree), '.'))).toEqual({
    'split.by': 'time',
    'split.train_days': '60',
    'features.number': '["a","b"]',
    'gates.0.metric': 'auc',
    'gates.0.min': '0.5',
    'gates.1.metric': 'ece',
    exclude: '[]',
    params: '{}',
    lead: 'null',
    dirty: 'false',
  });
});

test('keys hold what MLflow takes, and no part of one is empty or leads out of a folder', () => {
  expect(keyOf('test', 'origin.A/B: é=ß?', 'auc')).toBe('test/origin.A_B_ é_ß_/auc');
  expect(keyOf('test', '..', '', '.', 'a\nb', '\ud800')).toBe('test/__/_/_/a_b/_');
});

test('names that would become one key are told apart, always in the same way', () => {
  const keys = (values: readonly string[]): ReadonlyMap<string, string> => new Map(keyed(values.map((one) => ({ parts: ['test', one], value: one })), '/').map(([key, of]) => [of, key]));
  const found = keys(['a:b', 'a?b', 'a_b', 'c:d']);
  expect(new Set(found.values()).size).toBe(4);
  expect(found.get('a_b')).toBe('test/a_b');
  expect(found.get('c:d')).toBe('test/c_d');
  expect(keys(['a_b', 'a?b', 'a:b']).get('a:b')).toBe(found.get('a:b'));
});

test('long keys are cut to 250 characters and stay different', () => {
  const [[first], [second]] = keyed([{ parts: ['k'.repeat(400), 'a'], value: 0 }, { parts: ['k'.repeat(400), 'b'], value: 0 }], '/') as [[string, number], [string, number]];
  expect([first.length, second.length]).toEqual([250, 250]);
  expect(first).not.toBe(second);
});

test('long values are cut where no character is halved, and say so', () => {
  expect(value('short', 6000)).toBe('short');
  expect(value('x'.repeat(6000), 6000)).toHaveLength(6000);
  const cut = value(`${'x'.repeat(5998)}😀😀`, 6000);
  expect(cut).toBe(`${'x'.repeat(5998)}…`);
  expect(value('a\0b\ud800', 6000)).toBe('a\ufffdb\ufffd');
});

test('batches keep to 1,000 metrics, 100 parameters, 100 tags, 1,000 of all and a megabyte, and lose nothing', () => {
  const metrics = Array.from({ length: 2500 }, (_, i) => ({ key: `m${i}`, value: i, timestamp: 1, step: 0 }));
  const params = Array.from({ length: 310 }, (_, i) => ({ key: `p${i}`, value: '語'.repeat(6000) }));
  const tags = Array.from({ length: 120 }, (_, i) => ({ key: `t${i}`, value: 'v' }));
  const dealt = batches({ metrics, params, tags });
  for (const batch of dealt) {
    expect(batch.metrics.length).toBeLessThanOrEqual(1000);
    expect(batch.params.length).toBeLessThanOrEqual(100);
    expect(batch.tags.length).toBeLessThanOrEqual(100);
    expect(batch.metrics.length + batch.params.length + batch.tags.length).toBeLessThanOrEqual(1000);
    expect(Buffer.byteLength(JSON.stringify({ run_id: 'r'.repeat(32), ...batch }))).toBeLessThan(1_000_000);
  }
  expect(dealt.flatMap((batch) => batch.metrics)).toEqual(metrics);
  expect(dealt.flatMap((batch) => batch.params)).toEqual(params);
  expect(dealt.flatMap((batch) => batch.tags)).toEqual(tags);
  expect(batches({ metrics: metrics.slice(0, 900), params: params.slice(0, 2), tags: tags.slice(0, 98) })).toHaveLength(1);
  expect(batches({ metrics: [], params: [], tags: [] })).toEqual([]);
});
