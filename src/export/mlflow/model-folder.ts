import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import * as z from 'zod';
import { NightshiftError, messageOf } from '../../shared/errors.ts';
import { fileError } from '../../shared/files.ts';
import { sha256OfFile } from '../../shared/hash.ts';

/** A file of a run's model folder. */
export interface FolderFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How a training went, of the run's model or of a member of its blend. */
export interface Curve {
  readonly member: string | null;
  readonly points: readonly { readonly round: number; readonly trainLoss: number | null; readonly validationLoss: number | null }[];
}

const MODEL = /^(?:members\/([^/]+)\/)?model\.json$/;
const loss = z.number().nullable();
const described = z.object({ summary: z.object({ curve: z.array(z.object({ round: z.number(), trainLoss: loss, validationLoss: loss })).default([]) }) });
const manifest = z.object({ files: z.record(z.string(), z.object({ sha256: z.string() })) });

/** The files of a folder, by path; none where there is no folder. Throws `model-altered` where the folder's own manifest says otherwise. */
export function filesOf(folder: string): readonly FolderFile[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
    const files = paths.map((file) => ({ path: relative(folder, file).split(sep).join('/'), file, bytes: statSync(file).size, sha256: sha256OfFile(file) }));
    requireUnaltered(folder, files);
    return files;
  } catch (cause) {
    throw cause instanceof NightshiftError ? cause : fileError(folder, cause);
  }
}

/** The training curves that are kept among the files. */
export function curvesOf(files: readonly FolderFile[]): readonly Curve[] {
  return files.flatMap(({ path, file }) => {
    const match = MODEL.exec(path);
    return match === null ? [] : [{ member: match[1] ?? null, points: parse(file, described).summary.curve }];
  });
}

function requireUnaltered(folder: string, files: readonly FolderFile[]): void {
  const list = files.find(({ path }) => path === 'manifest.json');
  if (list === undefined) return;
  const found = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  for (const [path, { sha256 }] of Object.entries(parse(list.file, manifest).files)) {
    if (found.get(path) === sha256) continue;
    throw altered(join(folder, path), found.has(path) ? `sha256 ${found.get(path)}` : 'no such file', `sha256 ${sha256}`);
  }
}

function parse<T>(file: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw altered(file, messageOf(cause).split('\n')[0] ?? '', 'what the training wrote');
  }
}

function altered(where: string, found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'model-altered', what: 'The saved model is not as it was saved', where, found, expected, fix: 'restore the folder from a copy; until then this run cannot be exported' });
}
