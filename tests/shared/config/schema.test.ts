import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '../../../src/shared/config/load.ts';
import { configJsonSchema } from '../../../src/shared/config/schema.ts';
import { ROOT } from '../../support/job.ts';

const PROJECTS = ['.', 'tests/cases/customers/project', 'tests/cases/customers/once'];
const editor = z.fromJSONSchema(configJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);

function fileOf(project: string): Record<string, unknown> {
  return parse(readFileSync(join(ROOT, project, 'pipeline.yaml'), 'utf8')) as Record<string, unknown>;
}

test.each(PROJECTS)('the file of %s is accepted by the program and by the schema that editors use', (project) => {
  expect(loadConfig(join(ROOT, project)).name).toMatch(/^[a-z]+$/);
  expect(editor.safeParse(fileOf(project)).error).toBeUndefined();
});

test('the editors’ schema refuses what the program refuses: unknown keys, wrong types, words that are no choice', () => {
  const file = fileOf('.');
  for (const wrong of [{ sede: 1 }, { seed: 'one' }, { warehouse: 'oracle' }, { split: { train_day: 3 } }, { lead: 3 }]) {
    expect(editor.safeParse({ ...file, ...wrong }).success).toBe(false);
  }
});

test('every key tells editors what it is', () => {
  const { properties } = configJsonSchema() as { properties: Record<string, { description?: string }> };
  expect(Object.entries(properties).filter(([, it]) => it.description === undefined)).toEqual([]);
});

test.each(PROJECTS)('the file of %s stays short', (project) => {
  expect(readFileSync(join(ROOT, project, 'pipeline.yaml'), 'utf8').split('\n').length).toBeLessThan(75);
});
