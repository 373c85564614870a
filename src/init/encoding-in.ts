import { TextDecoder } from 'node:util';
import { csvText } from '../dataset/csv-records.ts';
import type { Encoding } from '../dataset/encoding.ts';
import { codeOf } from '../shared/errors.ts';

/** The encoding that has to be said of some files of one table: what programs of Windows write where one of them is no UTF-8 to its end. */
export async function encodingIn(files: readonly string[]): Promise<Encoding | undefined> {
  for (const file of files) if (!(await isFoundOut(file))) return 'latin1';
  return undefined;
}

async function isFoundOut(file: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of csvText(file, undefined)) decoder.decode(piece, { stream: true });
    decoder.decode();
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw thrown;
  }
}
