import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT, temporaryFolder } from '../support/job.ts';

// run.sh is for systems with a shell; Windows has run.bat.
const onUnix = process.platform === 'win32' ? describe.skip : describe;

function sh(script: string, args: readonly string[], options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', [script, ...args], { encoding: 'utf8', env: {}, ...options });
  return { status, stdout, stderr };
}

onUnix('run.sh', () => {
  test('works with an empty environment, as under cron, and from any folder', () => {
    const { status, stdout } = sh(join(ROOT, 'run.sh'), ['--version'], { env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` }, cwd: '/' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '0.1.0\n' });
  });

  test('works under a path with spaces and passes arguments through as they are', () => {
    const folder = temporaryFolder('path with spaces');
    try {
      symlinkSync(ROOT, join(folder, 'a checkout'));
      const { status, stderr } = sh(join(folder, 'a checkout/run.sh'), ['--project', join(folder, 'no such project')], { env: { NIGHTSHIFT_NODE: process.execPath, PATH: '/usr/bin:/bin' }, cwd: folder });
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(join(folder, 'no such project')) });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('says so where there is no Node', () => {
    const folder = temporaryFolder('no node');
    try {
      mkdirSync(join(folder, 'bin'));
      symlinkSync('/usr/bin/dirname', join(folder, 'bin/dirname'));
      // The usual places, of which one may hold a Node here, are moved out of the way.
      writeFileSync(join(folder, 'run.sh'), readFileSync(join(ROOT, 'run.sh'), 'utf8').replaceAll(/ \/(usr|opt)\//g, ' /nowhere/'));
      const { status, stderr } = sh(join(folder, 'run.sh'), [], { env: { PATH: join(folder, 'bin') } });
      expect(status).toBe(1);
      expect(stderr).toContain('needs Node 20.19 or later');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('an old Node is told which one is needed', () => {
  const folder = temporaryFolder('old node');
  try {
    writeFileSync(join(folder, 'old.cjs'), "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });");
    const { status, stderr } = spawnSync(process.execPath, ['--require', join(folder, 'old.cjs'), join(ROOT, 'src/launch.mjs'), '--version'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('needs Node 20.19 or later; this is 18.20.0');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('an installation that has not come to its end is named, and how to mend it', () => {
  const folder = temporaryFolder('half installed');
  try {
    mkdirSync(join(folder, 'src'));
    mkdirSync(join(folder, 'node_modules/esbuild'), { recursive: true });
    copyFileSync(join(ROOT, 'src/launch.mjs'), join(folder, 'src/launch.mjs'));
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'src/launch.mjs'), '--version'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain(`not installed: ${join(folder, 'node_modules')} is not there or not whole. Run ${join(folder, 'install.sh')} first`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a step that does not compile is named with its line before anything runs', () => {
  const project = temporaryFolder('broken step');
  try {
    mkdirSync(join(project, 'steps'));
    writeFileSync(join(project, 'steps/01-extract.ts'), 'export default {\n  about: oops(,\n};\n');
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'src/launch.mjs'), '--project', project], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/01-extract\.ts:2/);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});

test('an edited step is the step that runs', () => {
  const project = temporaryFolder('edited step');
  const version = (about: string) => {
    writeFileSync(join(project, 'steps/01-extract.ts'), `import { defineStep } from 'nightshift';\nexport default defineStep({ about: '${about}', run: async () => { throw new Error('${about} ran'); } });\n`);
    return spawnSync(process.execPath, [join(ROOT, 'src/launch.mjs'), '--project', project], { encoding: 'utf8' });
  };
  try {
    mkdirSync(join(project, 'steps'), { recursive: true });
    mkdirSync(join(project, 'data'));
    writeFileSync(join(project, 'data/rows.csv'), 'id,day,x,y\n1,2024-01-01,1,0\n');
    writeFileSync(join(project, 'pipeline.yaml'), 'name: edited\nas_of: 2024-01-02\nsources: {rows: {csv: data/rows.csv, types: {day: date}}}\nkey: id\ntime: day\nlabel: {column: y, matures_after: 1d}\nfeatures: {number: [x]}\n');
    expect(version('the first').stderr).toContain('the first ran');
    expect(version('the second').stderr).toContain('the second ran');
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
