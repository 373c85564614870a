import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../registry/records.ts';

/** What a run of a project is made with: its checkout, and the versions of what is installed. */
export function environmentOf(project: string): Environment {
  const commit = git(project, ['rev-parse', 'HEAD']);
  const changes = commit === null ? null : git(project, ['status', '--porcelain', '--untracked-files=no']);
  return { commit, dirty: changes === null ? null : changes !== '', versions: versions(), platform: `${process.platform} ${process.arch}` };
}

/** What git says; null where there is no git, or no checkout. */
function git(folder: string, words: readonly string[]): string | null {
  try {
    return execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}

/** Of the packages that `package.json` asks for, as they are installed; an optional one may be missing. */
function versions(): Readonly<Record<string, string>> {
  const root = process.env['NIGHTSHIFT_ROOT'] ?? '';
  const { version, dependencies, optionalDependencies } = readPackage(join(root, 'package.json'));
  const names = Object.keys({ ...dependencies, ...optionalDependencies }).sort();
  const found = names.map((name): [string, string | undefined] => [name, installed(join(root, 'node_modules', name, 'package.json'))]);
  return Object.fromEntries([['nightshift', version], ['node', process.versions.node], ...found.filter((one): one is [string, string] => one[1] !== undefined)]);
}

function installed(file: string): string | undefined {
  try {
    return readPackage(file).version;
  } catch {
    return undefined;
  }
}

interface Package {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function readPackage(file: string): Package {
  return JSON.parse(readFileSync(file, 'utf8')) as Package;
}
