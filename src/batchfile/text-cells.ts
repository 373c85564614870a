import type { TextColumn } from '../dataset/batch.ts';
import { HASH_SEED } from './hash-seed.ts';

const FIRST_SLOTS = 64;
/** What `lookup` says of bytes that no text of the batch has, and of bytes beyond ASCII, which it does not look up. */
export const UNKNOWN = -1;
export const NOT_ASCII = -2;

/**
 * Collects the texts of one column, each distinct one once. Finds those in ASCII by their bytes, so that a text which has
 * come before is never made again; the others are found by their text.
 */
export class TextCells {
  readonly #capacity: number;
  #codes: Int32Array;
  #dictionary: string[] = [];
  #hashes: Int32Array;
  /** Open addressing: a code + 1, or 0 where nothing is. Never more than half full. */
  #slots = new Int32Array(FIRST_SLOTS);
  #ascii = 0;
  #others = new Map<string, number>();

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#codes = new Int32Array(capacity);
    this.#hashes = new Int32Array(FIRST_SLOTS);
  }

  setNull(row: number): void {
    this.#codes[row] = -1;
  }

  setCode(row: number, code: number): void {
    this.#codes[row] = code;
  }

  set(row: number, text: string): void {
    this.#codes[row] = this.#codeOf(text);
  }

  /** Sets a text that no other row has, without looking whether one has. */
  setUnique(row: number, text: string): void {
    this.#codes[row] = this.#dictionary.push(text) - 1;
  }

  /** The code of the text that the bytes spell, or UNKNOWN, or NOT_ASCII. */
  lookup(data: Uint8Array, start: number, end: number): number {
    let hash = HASH_SEED;
    for (let i = start; i < end; i++) {
      const byte = data[i]!;
      if (byte > 127) return NOT_ASCII;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    const mask = this.#slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const code = this.#slots[slot]! - 1;
      if (code < 0) return UNKNOWN;
      if (this.#hashes[code] === hash && spells(this.#dictionary[code]!, data, start, end)) return code;
    }
  }

  /** The column of the first `rows` values. It begins again with a dictionary of its own. */
  finish(rows: number): TextColumn {
    const codes = rows === this.#capacity ? this.#codes : this.#codes.slice(0, rows);
    const column: TextColumn = { storage: 'text', codes, dictionary: this.#dictionary };
    if (rows === this.#capacity) this.#codes = new Int32Array(this.#capacity);
    this.#dictionary = [];
    this.#slots.fill(0);
    this.#ascii = 0;
    this.#others.clear();
    return column;
  }

  #codeOf(text: string): number {
    const hash = asciiHash(text);
    if (hash === undefined) return this.#otherCode(text);
    const mask = this.#slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const code = this.#slots[slot]! - 1;
      if (code < 0) return this.#add(text, hash, slot);
      if (this.#hashes[code] === hash && this.#dictionary[code] === text) return code;
    }
  }

  #otherCode(text: string): number {
    const known = this.#others.get(text);
    if (known !== undefined) return known;
    this.#others.set(text, this.#dictionary.length);
    return this.#dictionary.push(text) - 1;
  }

  #add(text: string, hash: number, slot: number): number {
    const code = this.#dictionary.push(text) - 1;
    if (code >= this.#hashes.length) this.#hashes = grown(this.#hashes, code + 1);
    this.#hashes[code] = hash;
    this.#slots[slot] = code + 1;
    this.#ascii += 1;
    if (this.#ascii * 2 > this.#slots.length) this.#grow();
    return code;
  }

  #grow(): void {
    const codes = this.#slots.filter((code) => code > 0);
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (const code of codes) {
      let slot = spread(this.#hashes[code - 1]!) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = code;
    }
  }
}

function grown(array: Int32Array, needed: number): Int32Array {
  const larger = new Int32Array(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}

/** The low bits of a product know little of its high ones. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

/** The hash that `lookup` has for the same text in bytes; undefined for a text beyond ASCII. */
function asciiHash(text: string): number | undefined {
  let hash = HASH_SEED;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return undefined;
    hash = Math.imul(hash ^ unit, 0x01000193);
  }
  return hash;
}

function spells(text: string, data: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== data[start + i]) return false;
  return true;
}
