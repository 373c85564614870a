import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

interface Locked {
  readonly version: string;
  readonly os?: readonly string[];
  readonly hasInstallScript?: boolean;
}

const root = new URL('../..', import.meta.url);
const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as { packages: Record<string, Locked> };
const description = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { allowScripts: Record<string, boolean>; engines: { node: string } };

test.each(['@duckdb/node-bindings-', '@swc/core-', '@unrs/resolver-binding-', '@esbuild/', '@oxlint/binding-', '@oxlint-tsgolint/', '@typescript/'])('the lock file holds %s… for Linux, macOS and Windows', (prefix) => {
  const systems = Object.entries(lock.packages).flatMap(([path, { os }]) => (path.startsWith(`node_modules/${prefix}`) ? (os ?? []) : []));
  expect(systems).toEqual(expect.arrayContaining(['darwin', 'linux', 'win32']));
});

test('install scripts are allowed by name for just those packages that need theirs', () => {
  const allowed = Object.entries(description.allowScripts).filter(([, isAllowed]) => isAllowed);
  expect(allowed.map(([name]) => name.replace(/@[^@/]+$/, '')).sort()).toEqual(['@tensorflow/tfjs-node', 'better-sqlite3']);
  const withScripts = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(withScripts.length).toBe(Object.keys(description.allowScripts).length);
});

test('no package is locked to an address of one registry', () => {
  expect(readFileSync(new URL('package-lock.json', root), 'utf8')).not.toContain('"resolved": "http');
});
