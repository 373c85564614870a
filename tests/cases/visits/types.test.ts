import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type JobResult, ROOT, runJob } from '../../support/job.ts';
import { put } from '../../pipeline/small.ts';
import { makeProject } from './project.ts';

const STEP = `import { defineStep } from 'nightshift';
import type { Features } from './types.ts';

export default defineStep({
  about: 'Who spent most',
  async run(step) {
    const rows = (await (await step.warehouse()).rows('SELECT * FROM features')) as readonly Features[];
    step.log({ event: 'most spent', rows: Math.max(...rows.map(({ spend }) => spend ?? 0)) });
  },
});
`;

let project: string;
const at = (name: string): string => join(project, name);
const types = (...words: readonly string[]): Promise<JobResult> => runJob(['types', '--project', project, ...words]);
const textOf = (name: string): string => readFileSync(at(name), 'utf8');

/** What the type check says of the project's steps, by the checkout's own settings. */
function checked(): string {
  put(project, { 'tsconfig.json': JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions: { typeRoots: [join(ROOT, 'node_modules/@types')] }, include: ['steps/*.ts'] }) });
  return spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '--project', project], { encoding: 'utf8' }).stdout;
}

/** Does something with a file changed, and changes it back. */
async function withChanged<T>(name: string, change: (text: string) => string, act: () => Promise<T>): Promise<T> {
  const before = textOf(name);
  expect(change(before)).not.toBe(before);
  writeFileSync(at(name), change(before));
  return act().finally(() => writeFileSync(at(name), before));
}

beforeAll(async () => {
  project = await makeProject();
  put(project, { 'steps/08-most.ts': STEP });
  writeFileSync(at('steps/types.ts'), 'export type Features = never;\n');
});

afterAll(() => rmSync(join(project, '..'), { recursive: true, force: true }));

describe('run.sh types', () => {
  test('writes what the queries give, with the kinds of pipeline.yaml, and needs no night before', async () => {
    rmSync(at('steps/types.ts'));
    expect((await types()).code).toBe(0);
    const text = textOf('steps/types.ts');
    for (const line of ['/** sources.visits */', '/** steps/02-split/train.sql */', 'readonly spend: number | null; // number', 'readonly kind: string | null; // text', "label: 'returned',"]) expect(text).toContain(line);
    expect(existsSync(at('data'))).toBe(false);
    expect(checked()).toBe('');
  });

  test('writes nothing with --check, and says where a stale file differs', async () => {
    expect(await types('--check')).toMatchObject({ code: 0, stderr: 'steps/types.ts is up to date\n' });
    const written = textOf('steps/types.ts');
    const { code, stderr } = await withChanged('steps/01-extract/features.sql', (sql) => sql.replace('r."minutes",', 'r."minutes", 1 AS one,'), () => types('--check'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('→ "  readonly one: nightshift.Scalar;"')]);
    expect(textOf('steps/types.ts')).toBe(written);
  });

  test('makes the type check find a column that was renamed, in pipeline.yaml too, where a step still uses it', async () => {
    const found = await withChanged('steps/01-extract/features.sql', (sql) => sql.replace('r."spend"', 'r."spend" AS "spent"'), async () => {
      const alone = await types();
      expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('did you mean spent?')]);
      return withChanged('pipeline.yaml', (yaml) => yaml.replace(/(features:[\s\S]*?)\bspend\b/, '$1spent'), async () => {
        expect((await types()).code).toBe(0);
        return checked();
      });
    });
    expect(found).toMatch(/steps\/08-most\.ts\(8,\d+\): error .*'spend' does not exist/);
  });

  test('makes the type check find a column whose SQL no longer gives the kind that pipeline.yaml says, and a step that uses it as one', async () => {
    const sql = await withChanged('steps/01-extract/features.sql', (text) => text.replace('r."spend"', 'CAST(r."spend" AS TEXT) AS "spend"'), async () => ((await types()), checked()));
    expect(sql).toMatch(/steps\/types\.ts\(\d+,\d+\): error .*"spend"/);
    expect(sql).toMatch(/steps\/08-most\.ts/);
  });
});
