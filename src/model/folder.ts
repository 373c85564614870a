import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { NightshiftError } from '../shared/errors.ts';
import { fileError, writeFileWhole } from '../shared/files.ts';
import { readDescription, writeDescription, DESCRIPTION_FILE } from './description.ts';
import { asCalibrated } from './calibrated.ts';
import { familyOf } from './families.ts';
import type { FittedModel } from './family.ts';
import { MANIFEST_FILE, manifestText, verifyManifest, writeManifest } from './manifest.ts';
import { sha256 } from '../shared/hash.ts';

/**
 * Saves a model with everything that belongs to it as one folder, which is there whole or not at all. `extra` holds further text
 * files by name; names may have folders in them but stay inside. A folder of that name is replaced.
 */
export async function saveModel(folder: string, model: FittedModel, extra: Readonly<Record<string, string>>): Promise<void> {
  const staged = path.join(path.dirname(folder), `.${path.basename(folder)}.${process.pid}.tmp`);
  try {
    rmSync(staged, { recursive: true, force: true });
    mkdirSync(staged, { recursive: true });
    await model.save(staged);
    writeDescription(staged, { family: model.summary.family, contract: model.contract, summary: model.summary });
    for (const [name, content] of Object.entries(extra)) writeExtra(staged, name, content);
    writeManifest(staged);
    replaceFolder(staged, folder);
  } catch (cause) {
    throw cause instanceof NightshiftError ? cause : fileError(folder, cause);
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/** Refuses a folder that is not there or not as saved, as `loadModel` does, without loading anything; gives the model's family. */
export function requireModel(folder: string): string {
  verifyManifest(folder);
  return readDescription(folder).family;
}

/** Loads a model whose manifest holds; `model-missing` where there is no folder, `model-altered` where a file is not as saved. */
export async function loadModel(folder: string): Promise<FittedModel> {
  return asCalibrated(folder, await (await familyOf(requireModel(folder))).load(folder));
}

/** SHA-256 of the manifest's text: one figure for the whole folder. */
export function modelHash(folder: string): string {
  return sha256(manifestText(folder));
}

function writeExtra(staged: string, name: string, content: string): void {
  const file = path.join(staged, name);
  const reserved = name === MANIFEST_FILE || name === DESCRIPTION_FILE;
  if (!isInside(name) || reserved || existsSync(file)) throw badName(name);
  writeFileWhole(file, content);
}

/** Whether a name with forward slashes stays inside its folder, on every platform. */
function isInside(name: string): boolean {
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:]/.test(part));
}

function replaceFolder(staged: string, folder: string): void {
  const old = `${staged}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(staged, folder);
  rmSync(old, { recursive: true, force: true });
}

function badName(name: string): NightshiftError {
  return new NightshiftError({
    code: 'model-file-name',
    what: 'A file cannot be kept in the model folder under this name.',
    found: name,
    expected: 'a name inside the folder, parts divided by /, that no other file of the model has',
  });
}
