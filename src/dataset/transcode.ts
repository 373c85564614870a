import type { Encoding } from './encoding.ts';

/** A byte that no UTF-8 has: it stands where the text had half of a character, so that the row is found and rejected. */
const BROKEN = Buffer.from([0xff]);
const LONE = /[\ud800-\udfff]/u;
/** What Windows means by the bytes that Latin-1 leaves to control characters; those it leaves free stay what they are. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Text of any encoding as UTF-8, piece by piece. UTF-8 is passed on as it is, whether valid or not. */
export function transcode(pieces: AsyncIterable<Buffer>, encoding: Encoding): AsyncIterable<Buffer> {
  if (encoding === 'utf-8') return pieces;
  return encoding === 'latin1' ? fromLatin1(pieces) : fromUtf16(pieces, encoding === 'utf-16be');
}

async function* fromLatin1(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    const text = piece.toString('latin1').replaceAll(/[\u0080-\u009f]/g, (one) => WINDOWS[one.charCodeAt(0) - 0x80]!);
    yield Buffer.from(text, 'utf8');
  }
}

async function* fromUtf16(pieces: AsyncIterable<Buffer>, isBig: boolean): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const data = Buffer.concat([rest, piece]);
    const length = wholeLength(data, isBig);
    rest = data.subarray(length);
    yield utf8Of(data.subarray(0, length), isBig);
  }
  const isHalf = rest.length % 2 === 1;
  yield utf8Of(rest.subarray(0, rest.length - (isHalf ? 1 : 0)), isBig);
  if (isHalf) yield BROKEN;
}

/** As many bytes as are whole characters: the first half of a pair waits for the second. */
function wholeLength(data: Buffer, isBig: boolean): number {
  const length = data.length - (data.length % 2);
  if (length === 0) return 0;
  const last = data[isBig ? length - 2 : length - 1]!;
  return last >= 0xd8 && last <= 0xdb ? length - 2 : length;
}

/** `bytes` are the reader's own: they are swapped where they lie. */
function utf8Of(bytes: Buffer, isBig: boolean): Buffer {
  const text = (isBig ? bytes.swap16() : bytes).toString('utf16le');
  if (!LONE.test(text)) return Buffer.from(text, 'utf8');
  return Buffer.concat(text.split(LONE).flatMap((part, i) => (i === 0 ? [Buffer.from(part)] : [BROKEN, Buffer.from(part)])));
}
