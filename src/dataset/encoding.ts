export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LITTLE_MARK = Buffer.from([0xff, 0xfe]);
const BIG_MARK = Buffer.from([0xfe, 0xff]);
const LOOKED_AT = 4096;
/** In UTF-16, delimiters, digits and line ends have an empty half each, on the same side. */
const EMPTY_SHARE = 0.2;

/** The encoding of the bytes that a file begins with, and how many of them are a mark and no text. */
export function encodingOf(head: Buffer): { readonly encoding: Encoding; readonly mark: number } {
  if (startsWith(head, UTF8_MARK)) return { encoding: 'utf-8', mark: 3 };
  if (startsWith(head, LITTLE_MARK)) return { encoding: 'utf-16le', mark: 2 };
  if (startsWith(head, BIG_MARK)) return { encoding: 'utf-16be', mark: 2 };
  return { encoding: withoutMark(head.subarray(0, LOOKED_AT)), mark: 0 };
}

/** The mark that text in a given encoding may begin with. */
export function markOf(encoding: Encoding, head: Buffer): number {
  if (encoding === 'latin1') return 0;
  const found = encodingOf(head);
  return found.encoding === encoding ? found.mark : 0;
}

function startsWith(head: Buffer, mark: Buffer): boolean {
  return head.subarray(0, mark.length).equals(mark);
}

function withoutMark(head: Buffer): Encoding {
  const empty = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) empty[i % 2]! += 1;
  const [even = 0, odd = 0] = empty.map((count) => count / (head.length / 2));
  if (odd > EMPTY_SHARE && even < odd / 4) return 'utf-16le';
  return even > EMPTY_SHARE && odd < even / 4 ? 'utf-16be' : 'utf-8';
}
