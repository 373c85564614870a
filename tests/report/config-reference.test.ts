import { expect, test } from '@jest/globals';
import { type JsonSchema, configReference } from '../../src/report/config-reference.ts';
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

test('every key of pipeline.yaml is described, for the reference and for editors', () => {
  expect([...byKey].filter(([, [, , about]]) => (about ?? '') === '').map(([key]) => key)).toEqual([]);
});
