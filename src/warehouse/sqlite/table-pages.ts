import { readSync } from 'node:fs';

/** The page size of the files that are read here. */
export const PAGE_BYTES = 32_768;
const INTERIOR = 0x05;
const LEAF = 0x0d;
/** The longest payload that a leaf holds whole, and the least that it holds of a longer one. */
const MOST_LOCAL = PAGE_BYTES - 35;
const LEAST_LOCAL = Math.floor(((PAGE_BYTES - 12) * 32) / 255) - 23;

/** A row's payload: bytes of `page` from `at` on, or, for one that spills over, a buffer of its own. */
export interface Payload {
  page: Buffer;
  at: number;
}

/**
 * The rows of one table straight from the pages of a SQLite file that nobody writes, in the order of the rowid.
 * Format: https://www.sqlite.org/fileformat2.html, sections 1.5 and 1.6.
 */
export class TablePages {
  readonly #handle: number;
  readonly #root: number;

  constructor(handle: number, root: number) {
    this.#handle = handle;
    this.#root = root;
  }

  /** The payload of each row: one object throughout, good until the next is asked for. */
  *payloads(): Generator<Payload> {
    const payload = { page: Buffer.alloc(0), at: 0 };
    for (const leaf of this.#leaves(this.#root)) {
      for (let cell = 0; cell < cellCount(leaf); cell++) {
        this.#find(leaf, cell, payload);
        yield payload;
      }
    }
  }

  /** The leaves of a tree, from the first to the last. */
  *#leaves(page: number): Generator<Buffer> {
    const bytes = this.#read(page, Buffer.allocUnsafe(PAGE_BYTES));
    if (bytes[0] === LEAF) yield bytes;
    else if (bytes[0] === INTERIOR) {
      for (let cell = 0; cell < cellCount(bytes); cell++) yield* this.#leaves(bytes.readUInt32BE(bytes.readUInt16BE(12 + cell * 2)));
      yield* this.#leaves(bytes.readUInt32BE(8));
    } else throw new RangeError(`page ${page} is of no table`);
  }

  /** Finds the payload of a leaf's cell. */
  #find(leaf: Buffer, cell: number, found: Payload): void {
    let at = leaf.readUInt16BE(8 + cell * 2);
    let length = 0;
    let byte: number;
    do {
      byte = leaf[at++]!;
      length = length * 128 + (byte & 0x7f);
    } while (byte > 0x7f);
    while (leaf[at++]! > 0x7f);
    found.page = length <= MOST_LOCAL ? leaf : this.#whole(leaf, at, length);
    found.at = length <= MOST_LOCAL ? at : 0;
  }

  /** Puts together a payload that goes on in overflow pages. */
  #whole(leaf: Buffer, at: number, length: number): Buffer {
    const fitting = LEAST_LOCAL + ((length - LEAST_LOCAL) % (PAGE_BYTES - 4));
    let filled = fitting <= MOST_LOCAL ? fitting : LEAST_LOCAL;
    const whole = Buffer.allocUnsafe(length);
    leaf.copy(whole, 0, at, at + filled);
    const page = Buffer.allocUnsafe(PAGE_BYTES);
    for (let next = leaf.readUInt32BE(at + filled); filled < length; next = page.readUInt32BE(0)) {
      this.#read(next, page);
      filled += page.copy(whole, filled, 4);
    }
    return whole;
  }

  #read(page: number, into: Buffer): Buffer {
    const read = readSync(this.#handle, into, 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
    if (read !== PAGE_BYTES) throw new RangeError(`page ${page} is not whole`);
    return into;
  }
}

function cellCount(page: Buffer): number {
  return page.readUInt16BE(3);
}
