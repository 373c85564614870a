import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { bytewise } from '../dataset/bytewise.ts';
import { NightshiftError, codeOf } from '../shared/errors.ts';
import { fileError, writeFileWhole } from '../shared/files.ts';
import { sha256OfFile } from '../shared/hash.ts';

/** Size in bytes and SHA-256 in hex of one file. */
interface Entry {
  readonly bytes: number;
  readonly sha256: string;
}

export const MANIFEST_FILE = 'manifest.json';

/** What is written of a model after it was sealed, measured and reported; it takes no part in predicting. Also while it is being written. */
const AFTERWARDS = /^(figures\.json|card\.md|report\.html)(\.\d+\.tmp)?$/;

/** Lists every file of the folder with size and SHA-256, sorted by name. To be written last: from then on the folder is sealed. */
export function writeManifest(folder: string): void {
  const files = Object.fromEntries(filesOf(folder).map((name) => [name, entryOf(folder, name)]));
  writeFileWhole(path.join(folder, MANIFEST_FILE), `${JSON.stringify({ files }, null, 1)}\n`);
}

/** The manifest's text; `model-missing` where the folder is not there, `model-altered` where the manifest is not. */
export function manifestText(folder: string): string {
  try {
    return readFileSync(path.join(folder, MANIFEST_FILE), 'utf8');
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT' && codeOf(cause) !== 'ENOTDIR') throw fileError(path.join(folder, MANIFEST_FILE), cause);
    throw statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
      ? altered(folder, MANIFEST_FILE, { found: 'no such file', expected: 'the list of files, written last' })
      : missing(folder);
  }
}

/** Refuses a folder with a file missing, altered or too many: `model-altered`, naming the file and both hashes. */
export function verifyManifest(folder: string): void {
  const expected = parse(folder, manifestText(folder));
  const present = filesOf(folder);
  for (const [name, entry] of Object.entries(expected)) {
    const wanted = `sha256 ${entry.sha256}, ${entry.bytes} bytes`;
    if (!present.includes(name)) throw altered(folder, name, { found: 'no such file', expected: wanted });
    const found = entryOf(folder, name);
    if (found.sha256 === entry.sha256 && found.bytes === entry.bytes) continue;
    throw altered(folder, name, { found: `sha256 ${found.sha256}, ${found.bytes} bytes`, expected: wanted });
  }
  for (const name of present) {
    if (expected[name] !== undefined) continue;
    throw altered(folder, name, { found: `sha256 ${entryOf(folder, name).sha256}`, expected: 'no file of this name' });
  }
}

function parse(folder: string, text: string): Readonly<Record<string, Entry>> {
  try {
    const { files } = JSON.parse(text) as { files?: Record<string, Entry> };
    if (files !== undefined && Object.values(files).every((entry) => typeof entry.sha256 === 'string')) return files;
  } catch (cause) {
    throw altered(folder, MANIFEST_FILE, { found: 'text that is no JSON', expected: 'the list of files', cause });
  }
  throw altered(folder, MANIFEST_FILE, { found: 'no list of files', expected: 'the list of files' });
}

/** Names with forward slashes, sorted bytewise, without the manifest and what is written after it. */
function filesOf(folder: string): readonly string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const names = found.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  return names.filter((name) => name !== MANIFEST_FILE && !AFTERWARDS.test(name)).sort(bytewise);
}

function entryOf(folder: string, name: string): Entry {
  const file = path.join(folder, name);
  return { bytes: statSync(file).size, sha256: sha256OfFile(file) };
}

interface Difference {
  readonly found: string;
  readonly expected: string;
  readonly cause?: unknown;
}

function altered(folder: string, name: string, { found, expected, cause }: Difference): NightshiftError {
  return new NightshiftError({
    code: 'model-altered',
    what: `The saved model is not as it was saved: ${name}.`,
    where: path.join(folder, name),
    found,
    expected,
    fix: 'Restore the folder from a copy, or train again.',
    cause,
  });
}

function missing(folder: string): NightshiftError {
  return new NightshiftError({
    code: 'model-missing',
    what: 'There is no saved model here.',
    where: folder,
    found: 'no such folder',
    expected: 'a folder that a training has saved',
    fix: 'Train again, or name the folder of another run.',
  });
}
