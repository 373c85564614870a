import { type Encoding, encodingOf } from '../dataset/encoding.ts';
import { RawInput } from '../dataset/raw-input.ts';
import { NightshiftError, inFile } from '../shared/errors.ts';

/** A letter beyond ASCII as UTF-8 has it, its bytes taken one by one; */
const LETTER = /[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}/;
/** its longest is as many bytes more. */
const CUT = 3;
const BEYOND = /[\u0080-\u00ff]/;

/**
 * The encoding that has to be said of some files of one table: what programs of Windows write, where there are letters beyond ASCII and none
 * of them is UTF-8. Files that hold both are broken ones of UTF-8, and reading them says where.
 */
export async function encodingIn(files: readonly string[]): Promise<Encoding | undefined> {
  const found: string[] = [];
  for (const file of files) found.push(await lettersIn(file));
  return found.includes('other') && !found.includes('utf') ? 'latin1' : undefined;
}

/** What the letters beyond ASCII of a file are. */
async function lettersIn(file: string): Promise<'none' | 'utf' | 'other'> {
  const raw = new RawInput(file);
  let isOther = false;
  let cut: string | undefined;
  try {
    for await (const piece of raw.bytes()) {
      if (cut === undefined && encodingOf(piece).encoding !== 'utf-8') return 'utf';
      const text = (cut ?? '') + piece.toString('latin1');
      if (LETTER.test(text)) return 'utf';
      isOther ||= BEYOND.test(text.slice(0, -CUT));
      cut = text.slice(-CUT);
    }
    return isOther || BEYOND.test(cut ?? '') ? 'other' : 'none';
  } catch (thrown) {
    throw thrown instanceof NightshiftError && thrown.details.where === undefined ? inFile(thrown, file) : thrown;
  } finally {
    raw.destroy();
  }
}
