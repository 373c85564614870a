import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT, runJob, temporaryFolder } from '../support/job.ts';

const CACHE = join(ROOT, '.cache');

/** A project that can be planned no further than its missing source. */
function projectWith(step: string): string {
  const project = temporaryFolder('bundles');
  cpSync(join(ROOT, 'tests/cases/customers/once/pipeline.yaml'), join(project, 'pipeline.yaml'));
  mkdirSync(join(project, 'steps'));
  writeFileSync(join(project, 'steps/01-extract.ts'), step);
  return project;
}

const STEP = "import { defineStep } from 'nightshift';\nexport default defineStep({ about: 'nothing', run: async () => undefined });\n";

function homesOf(project: string): readonly string[] {
  const pointers = readdirSync(CACHE).map((name) => join(CACHE, name, 'current.json')).filter((file) => existsSync(file));
  return pointers.filter((file) => (JSON.parse(readFileSync(file, 'utf8')) as { project?: string }).project === project);
}

test('a step that was edited is the step that runs, and bundles of projects that are gone go too', async () => {
  const [first, second] = [projectWith(STEP), projectWith(STEP)];
  try {
    expect((await runJob(['plan', '--project', first])).stderr).toContain('Source customers has no files');
    expect(homesOf(first)).toHaveLength(1);
    writeFileSync(join(first, 'steps/01-extract.ts'), 'export const nothing = 1;\n');
    expect((await runJob(['plan', '--project', first])).stderr).toContain('This step exports no definition');
    rmSync(first, { recursive: true });
    await runJob(['plan', '--project', second]);
    expect(homesOf(first)).toEqual([]);
    expect(homesOf(second)).toHaveLength(1);
  } finally {
    for (const project of [first, second]) rmSync(project, { recursive: true, force: true });
  }
});

test('a project whose files are those of another one takes its bundle, unless it has packages of its own; an edited step is bundled anew', async () => {
  const [first, second, third] = [projectWith(STEP), projectWith(STEP), projectWith(STEP)];
  const bundleOf = async (project: string): Promise<string> => {
    await runJob(['plan', '--project', project]);
    const { hash } = JSON.parse(readFileSync(homesOf(project)[0]!, 'utf8')) as { hash: string };
    return join(homesOf(project)[0]!, '..', hash);
  };
  try {
    writeFileSync(join(await bundleOf(first), 'marked'), '');
    expect(existsSync(join(await bundleOf(second), 'marked'))).toBe(true);
    mkdirSync(join(third, 'node_modules'));
    expect(existsSync(join(await bundleOf(third), 'marked'))).toBe(false);
    writeFileSync(join(second, 'steps/01-extract.ts'), 'export const nothing = 1;\n');
    expect(existsSync(join(await bundleOf(second), 'marked'))).toBe(false);
  } finally {
    for (const project of [first, second, third]) rmSync(project, { recursive: true, force: true });
  }
});

test('with --debug an error tells its place in the TypeScript, in a copied bundle too', async () => {
  const [first, second] = [projectWith(''), projectWith('')];
  const step = "import { defineStep } from 'nightshift';\nfunction fail(): never { throw new Error('on purpose'); }\nexport default defineStep({ about: 'nothing', run: fail() });\n";
  try {
    for (const project of [first, second]) {
      writeFileSync(join(project, 'steps/01-extract.ts'), step);
      const { stderr } = await runJob(['plan', '--project', project, '--debug']);
      expect(stderr).toContain(`${join(project, 'steps/01-extract.ts')}:2:`);
    }
  } finally {
    for (const project of [first, second]) rmSync(project, { recursive: true, force: true });
  }
});
