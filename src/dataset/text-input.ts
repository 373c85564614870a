import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { type Encoding, encodingOf, markOf } from './encoding.ts';
import { InputHead } from './input-head.ts';
import type { RawInput } from './raw-input.ts';
import { transcode } from './transcode.ts';

const LOOKED_AT = 4096;
const PIECE_BYTES = 1 << 18;
const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
const PARQUET = Buffer.from('PAR1', 'latin1');

/** A file or stream as UTF-8, its mark left out, of which the first may be looked at. */
export interface TextInput {
  readonly head: InputHead;
  readonly encoding: Encoding;
}

/** Unpacks what is packed and finds the encoding unless it is given. Throws `not-text` for a workbook and a Parquet file. */
export async function textInput(raw: RawInput, given: Encoding | undefined): Promise<TextInput> {
  const bytes = new InputHead(raw.bytes());
  const first = await bytes.peek(LOOKED_AT);
  assertText(first);
  const found = encodingOf(first);
  // A mark is surer than what was said: bytes of latin1 have none.
  const said = given === 'latin1' && found.mark > 0 ? undefined : given;
  const encoding = said ?? found.encoding;
  const mark = said === undefined ? found.mark : markOf(said, first);
  return { head: new InputHead(transcode(bytes.from(mark, PIECE_BYTES), encoding)), encoding };
}

/** What a character is called that the encoding does not have. */
export function invalidIn(encoding: Encoding): 'invalid-utf-8' | 'lone-surrogate' {
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? 'lone-surrogate' : 'invalid-utf-8';
}

/** Throws `not-text` for files that are often brought in place of a CSV file and are none. */
function assertText(head: Buffer): void {
  const kind = head.subarray(0, 4).equals(ZIP) ? 'a workbook or another ZIP file' : head.subarray(0, 4).equals(PARQUET) ? 'a Parquet file' : undefined;
  if (kind !== undefined) throw new NightshiftError({ code: 'not-text', what: 'This is neither CSV nor JSON Lines', found: kind, expected: 'text', fix: 'save it as CSV; a Parquet file is known by its name, which ends in .parquet', exitCode: ExitCode.usage });
}
