import { expect, test } from '@jest/globals';
import { type JsonSchema, configReference } from '../../src/report/config-reference.ts';
import { primaryMetric } from '../../src/evaluation/metrics.ts';
import { configJsonSchema } from '../../src/shared/config/schema.ts';

const rows = configReference(configJsonSchema() as JsonSchema).split('\n').slice(2).map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
const byKey = new Map(rows.map(([key = '', ...rest]) => [key.replaceAll('`', ''), rest]));

test('a key has its type, its default and what it is', () => {
  expect(byKey.get('split.train_days')).toEqual(['whole number from 1 to 36500', '`60`', 'Days of the training window, which ends where the test window begins.']);
  expect(byKey.get('name')?.slice(0, 2)).toEqual(['text', 'required']);
  expect(byKey.get('task')?.[0]).toBe('`binary`, `multiclass`, `regression`');
  expect(byKey.get('lead')?.slice(0, 2)).toEqual(['days such as 30d', '`0d`']);
  expect(byKey.get('metrics.level')?.slice(0, 2)).toEqual(['number between 0 and 1', '`0.95`']);
});

test('keys inside lists, of any name and of every alternative are there, each once', () => {
  for (const key of ['sources.NAME.known_later[].at', 'decision.cost.fp', 'decision.top_n', 'gates[].min', 'gates[].better_than']) expect(byKey.has(key)).toBe(true);
  expect(byKey.size).toBe(rows.length);
});

test('what only one alternative requires is not called required', () => {
  expect(byKey.get('gates[].metric')?.[1]).toBe('required');
  expect(byKey.get('gates[].better_than')?.[1]).toBe('');
  expect(byKey.get('decision.top_share')?.[1]).toBe('');
  expect(byKey.get('decision.cost.fp')?.[1]).toBe('');
});

test('names of one’s own are told with what stands behind them, and nothing reads as a tag', () => {
  expect(byKey.get('sources.NAME.types')).toEqual(['mapping of names to `integer`, `number`, `text`, `boolean`, `date`, `timestamp`', '', expect.stringContaining('&lt;column>_day')]);
  expect(byKey.get('params')?.[0]).toBe('mapping of names to number, text, true or false');
});

test('the primary metrics that the reference names are those of the tasks', () => {
  for (const task of ['binary', 'multiclass', 'regression'] as const) expect(byKey.get('metrics.primary')?.[2]).toContain(`${primaryMetric(task)} for ${task}`);
});

test('every key of pipeline.yaml is described, for the reference and for editors', () => {
  expect([...byKey].filter(([, [, , about]]) => (about ?? '') === '').map(([key]) => key)).toEqual([]);
});
