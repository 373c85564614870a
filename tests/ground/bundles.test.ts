import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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

test('the bundle of a project holds its own files alone, and what it is written with is the program that runs it', async () => {
  const project = projectWith(STEP);
  try {
    await runJob(['plan', '--project', project]);
    const home = join(homesOf(project)[0]!, '..');
    const { hash } = JSON.parse(readFileSync(homesOf(project)[0]!, 'utf8')) as { hash: string };
    expect(readdirSync(join(home, hash), { recursive: true }).map(String).sort()).toEqual(['build.json', 'steps', 'steps/01-extract.mjs', 'steps/01-extract.mjs.map']);
    expect(readFileSync(join(home, hash, 'steps/01-extract.mjs'), 'utf8')).toContain(`from "${pathToFileURL(join(process.env['NIGHTSHIFT_BUNDLE'] ?? '', 'index.mjs')).href}"`);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});

test('a bundle that something was taken from is made anew, a torn record of one project keeps no other from starting, and the same project by a link is the same code', async () => {
  const [project, other] = [projectWith(STEP), projectWith(STEP)];
  const codeOf = (home: string): string => readFileSync(join(home, (JSON.parse(readFileSync(join(home, 'current.json'), 'utf8')) as { hash: string }).hash, 'build.json'), 'utf8');
  try {
    for (const one of [project, other]) await runJob(['plan', '--project', one]);
    const home = join(homesOf(project)[0]!, '..');
    const { hash } = JSON.parse(readFileSync(join(home, 'current.json'), 'utf8')) as { hash: string };
    for (const lost of ['steps/01-extract.mjs', 'build.json']) {
      rmSync(join(home, hash, lost));
      expect((await runJob(['plan', '--project', project])).stderr).toContain('Source customers has no files');
      expect(existsSync(join(home, hash, lost))).toBe(true);
    }
    const link = `${project} linked`;
    symlinkSync(project, link);
    const before = new Set(readdirSync(CACHE));
    await runJob(['plan', '--project', link]);
    expect(readdirSync(CACHE).filter((name) => !before.has(name)).map((name) => codeOf(join(CACHE, name)))).toEqual([codeOf(home)]);
    rmSync(link);
    const torn = homesOf(other)[0]!;
    writeFileSync(torn, '{"hash": ');
    writeFileSync(join(project, 'steps/01-extract.ts'), `${STEP}// edited\n`);
    const { stderr } = await runJob(['plan', '--project', project]);
    rmSync(join(torn, '..'), { recursive: true });
    expect(stderr).toContain('Source customers has no files');
  } finally {
    for (const one of [project, other]) rmSync(one, { recursive: true, force: true });
  }
});

test('a start marks the program that it uses as used, by which builds that nobody uses any more are told', async () => {
  const old = new Date(Date.now() - 3 * 86_400_000);
  const program = process.env['NIGHTSHIFT_BUNDLE'] ?? '';
  utimesSync(program, old, old);
  await runJob(['--version']);
  expect(Date.now() - statSync(program).mtimeMs).toBeLessThan(60_000);
});

test('an edited package of the project’s own is bundled anew', async () => {
  const project = projectWith("import { said } from 'own';\nthrow new Error(said);\n");
  const own = (said: string): void => writeFileSync(join(project, 'node_modules/own/index.js'), `export const said = '${said}';\n`);
  try {
    mkdirSync(join(project, 'node_modules/own'), { recursive: true });
    writeFileSync(join(project, 'node_modules/own/package.json'), '{"name": "own", "type": "module", "main": "index.js"}');
    for (const said of ['the first', 'the second']) {
      own(said);
      expect((await runJob(['plan', '--project', project])).stderr).toContain(said);
    }
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});

test('a project without TypeScript of its own is told what it lacks', async () => {
  const project = temporaryFolder('bundles');
  try {
    expect((await runJob(['plan', '--project', project])).stderr).toContain('pipeline.yaml');
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});

test('with --debug an error tells its place in the TypeScript', async () => {
  const project = projectWith("import { defineStep } from 'nightshift';\nfunction fail(): never { throw new Error('on purpose'); }\nexport default defineStep({ about: 'nothing', run: fail() });\n");
  try {
    expect((await runJob(['plan', '--project', project, '--debug'])).stderr).toContain(`${join(project, 'steps/01-extract.ts')}:2:`);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
