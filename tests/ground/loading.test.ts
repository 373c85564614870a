import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { type Metafile, build } from 'esbuild';
import { ROOT } from '../support/job.ts';

const STEPS = readdirSync(join(ROOT, 'steps')).filter((name) => /^\d.*\.ts$/.test(name));
let metafile: Metafile;

/** The graph of what a step's process may load, as the launcher's bundler sees it. */
beforeAll(async () => {
  const entryPoints = [join(ROOT, 'src/pipeline/child.ts'), ...STEPS.map((name) => join(ROOT, 'steps', name))];
  const external = ['better-sqlite3', '@duckdb/node-bindings', 'tensorflow-native'];
  ({ metafile } = await build({ entryPoints, absWorkingDir: ROOT, outdir: 'out', write: false, bundle: true, format: 'esm', platform: 'node', target: 'node20', alias: { nightshift: join(ROOT, 'src/index.ts') }, nodePaths: [join(ROOT, 'node_modules')], external, metafile: true, logLevel: 'silent', splitting: true }));
});

/** Packages among the files that one file's imports lead to; `lazy` follows those that are imported when they are needed, too. */
function packagesFrom(entry: string, { lazy }: { lazy: boolean }): readonly string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { path, kind } of metafile.inputs[file]?.imports ?? []) if (lazy || kind !== 'dynamic-import') visit(path);
  };
  visit(entry);
  return [...new Set([...seen].flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []))].sort();
}

test('a step’s process loads templates and nothing else before it works', () => {
  for (const entry of ['src/pipeline/child.ts', ...STEPS.map((name) => `steps/${name}`)]) {
    expect({ entry, packages: packagesFrom(entry, { lazy: false }) }).toEqual({ entry, packages: ['fastest-levenshtein', 'liquidjs'] });
  }
});

test('the schema of the configuration, the command line and frames are loaded in no step’s process', () => {
  const packages = STEPS.flatMap((name) => packagesFrom(`steps/${name}`, { lazy: true }));
  expect(packages).toContain('@tensorflow/tfjs-core');
  expect(packages).toContain('@duckdb/node-api');
  expect(['zod', 'yaml', 'commander', 'danfojs-node', 'esbuild'].filter((name) => packages.includes(name))).toEqual([]);
});
