import { type Encoding, encodingOf, markOf } from '../dataset/encoding.ts';
import { transcode } from '../dataset/transcode.ts';
import { assertText } from './format.ts';
import { InputHead } from './input-head.ts';
import type { RawInput } from './raw-input.ts';

const LOOKED_AT = 4096;
const PIECE_BYTES = 1 << 18;

/** A batch as UTF-8, its mark left out, of which the first may be looked at. */
export interface BatchText {
  readonly head: InputHead;
  readonly encoding: Encoding;
}

/** Unpacks what is packed and finds the encoding unless it is given. Throws `not-text` for a workbook and a Parquet file. */
export async function batchText(raw: RawInput, given: Encoding | undefined): Promise<BatchText> {
  const bytes = new InputHead(raw.bytes());
  const first = await bytes.peek(LOOKED_AT);
  assertText(first);
  const found = encodingOf(first);
  const encoding = given ?? found.encoding;
  const mark = given === undefined ? found.mark : markOf(given, first);
  return { head: new InputHead(transcode(bytes.from(mark, PIECE_BYTES), encoding)), encoding };
}

/** What a character is called that the encoding does not have. */
export function invalidIn(encoding: Encoding): 'invalid-utf-8' | 'lone-surrogate' {
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? 'lone-surrogate' : 'invalid-utf-8';
}
