import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { NightshiftError, codeOf, messageOf } from './errors.ts';

/** Writes a whole file or nothing: to a temporary name beside it, then renamed. Makes the folder where missing. */
export function writeFileWhole(file: string, content: string | Uint8Array, mode = 0o666): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    makeParents(dirname(file));
    writeFileSync(temporary, content, { mode });
    renameSync(temporary, file);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw fileError(file, cause);
  }
}

/** Reads a JSON file that this program wrote; undefined where there is none. Throws `file-corrupt`. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    if (codeOf(cause) !== undefined) throw fileError(file, cause);
    throw new NightshiftError({ code: 'file-corrupt', what: 'A file that this program wrote does not hold what it wrote', where: file, found: messageOf(cause), expected: 'JSON', fix: 'remove it and run again; it is made anew', cause });
  }
}

/** Makes a folder that will be written to; throws `not-writable` or `disk-full`. */
export function makeFolder(folder: string): void {
  try {
    makeParents(folder);
  } catch (cause) {
    throw fileError(folder, cause);
  }
}

/** Folder by folder: Node's own recursion never ends where the system says that even the parent is not there, as in /proc. */
function makeParents(folder: string): void {
  if (isFolder(folder)) return;
  makeParents(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (cause) {
    // Another process may have been quicker.
    if (!isFolder(folder)) throw cause;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Turns what the system said about a file into an error that names it. */
export function fileError(file: string, cause: unknown): NightshiftError {
  const said = messageOf(cause);
  switch (codeOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new NightshiftError({ code: 'disk-full', what: 'The disk is full', where: file, found: said, fix: 'free some space and run again; nothing half-written was kept', cause });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new NightshiftError({ code: 'not-writable', what: 'This cannot be written or read', where: file, found: said, fix: 'give the job its own folder with `state:` in pipeline.yaml, or mend the permissions', cause });
    default:
      return new NightshiftError({ code: 'file-failed', what: 'A file could not be read or written', where: file, found: said, cause });
  }
}
