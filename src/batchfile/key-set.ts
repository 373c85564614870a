import { createHash } from 'node:crypto';
import { NightshiftError } from '../shared/errors.ts';
import { HASH_SEED } from './hash-seed.ts';

const FIRST_SLOTS = 1 << 12;
const PAGE_BYTES = 1 << 20;
/** Longer keys are kept as so many bytes of their SHA-256, which no two different keys share. */
const WHOLE_BYTES = 16;
const LAST_SLOTS = 2 ** 30;
const LAST_PAGES = 4096;
const NO_ENTRY = 0xff;

/**
 * Keys that have been seen, exactly: pages with the bytes of each, and a table that says where. A key takes a byte more than
 * it has itself, at most 18, and 7 to 14 bytes of table. Ten million keys of eight digits take 174 MB, and 42 MB of the
 * table that it grew out of for as long as it grows the last time.
 */
export class KeySet {
  readonly #pages: Uint8Array[] = [];
  #page = new Uint8Array(0);
  #used = PAGE_BYTES;
  /** Open addressing: where an entry is (its length, then its bytes). Never more than three quarters full. */
  #slots = new Uint32Array(FIRST_SLOTS);
  /** Beside each slot a part of its key's hash, or 0 where none is: most other keys are told apart without going to their bytes. */
  #marks = new Uint8Array(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds the key that the first `length` bytes spell; false if it was there. Throws `too-many-keys` where 4 GB are full. */
  add(key: Uint8Array, length: number): boolean {
    return length <= WHOLE_BYTES ? this.#addEntry(key, length) : this.#addEntry(digest(key.subarray(0, length)), WHOLE_BYTES + 1);
  }

  #addEntry(bytes: Uint8Array, length: number): boolean {
    const marks = this.#marks;
    const mask = marks.length - 1;
    const hash = hashOf(bytes, 0, length);
    const mark = markOf(hash);
    let slot = hash & mask;
    for (; marks[slot] !== 0; slot = (slot + 1) & mask) {
      if (marks[slot] === mark && this.#holds(this.#slots[slot]!, bytes, length)) return false;
    }
    marks[slot] = mark;
    this.#slots[slot] = this.#store(bytes, length);
    this.#size += 1;
    if (this.#size * 4 > marks.length * 3) this.#grow();
    return true;
  }

  #holds(offset: number, bytes: Uint8Array, length: number): boolean {
    const page = this.#pages[offset >>> 20]!;
    const at = offset & (PAGE_BYTES - 1);
    if (page[at] !== length) return false;
    for (let i = 0; i < length; i++) if (page[at + 1 + i] !== bytes[i]) return false;
    return true;
  }

  /** The offset of a new entry. An entry never crosses the end of a page; a length of 0xff says that none follows. */
  #store(bytes: Uint8Array, length: number): number {
    if (this.#used + length + 1 > PAGE_BYTES) this.#turn();
    const page = this.#page;
    const at = this.#used;
    page[at] = length;
    for (let i = 0; i < length; i++) page[at + 1 + i] = bytes[i]!;
    this.#used = at + length + 1;
    return (this.#pages.length - 1) * PAGE_BYTES + at;
  }

  #turn(): void {
    if (this.#pages.length >= LAST_PAGES) throw tooMany(this.#size);
    if (this.#used < PAGE_BYTES) this.#page[this.#used] = NO_ENTRY;
    this.#page = new Uint8Array(PAGE_BYTES);
    this.#pages.push(this.#page);
    this.#used = 0;
  }

  /** Goes through the pages in their order, which is the order of memory; the slots are not. */
  #grow(): void {
    if (this.#slots.length >= LAST_SLOTS) throw tooMany(this.#size);
    const slots = new Uint32Array(this.#slots.length * 2);
    const marks = new Uint8Array(slots.length);
    this.#pages.forEach((page, i) => {
      const end = page === this.#page ? this.#used : PAGE_BYTES;
      for (let at = 0; at < end && page[at] !== NO_ENTRY; at += page[at]! + 1) {
        const hash = hashOf(page, at + 1, page[at]!);
        const slot = freeSlot(marks, hash);
        marks[slot] = markOf(hash);
        slots[slot] = i * PAGE_BYTES + at;
      }
    });
    this.#slots = slots;
    this.#marks = marks;
  }
}

function freeSlot(marks: Uint8Array, hash: number): number {
  const mask = marks.length - 1;
  let slot = hash & mask;
  while (marks[slot] !== 0) slot = (slot + 1) & mask;
  return slot;
}

/** Never 0. The slot is settled by the low bits, and this by the high ones. */
function markOf(hash: number): number {
  return (hash >>> 24) | 1;
}

/** A key cannot be taken for the digest of another: no whole key has 17 bytes. */
function digest(key: Uint8Array): Uint8Array {
  return createHash('sha256').update(key).digest().subarray(0, WHOLE_BYTES + 1);
}

function hashOf(bytes: Uint8Array, from: number, length: number): number {
  let hash = HASH_SEED;
  for (let i = from; i < from + length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function tooMany(size: number): NightshiftError {
  return new NightshiftError({
    code: 'too-many-keys',
    what: 'The batch has more keys than can be told apart',
    found: `${size} keys so far`,
    expected: 'at most 4 GB of keys, which is about 200 million',
    fix: 'bring the batch in several files',
  });
}
