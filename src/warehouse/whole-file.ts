import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../shared/files.ts';

/** Lets `write` make a file under a name aside, and gives it its own name when it is whole; of one that failed nothing is left. */
export async function wholeFile<T>(file: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = `${file}.tmp`;
  makeFolder(dirname(file));
  rmSync(temporary, { force: true });
  try {
    const result = await write(temporary);
    renameSync(temporary, file);
    return result;
  } finally {
    rmSync(temporary, { force: true });
  }
}
