const SLOTS = 1 << 14;
const MOST = SLOTS / 2;
const LONGEST = 32;

/** Strings by their UTF-8 bytes: decoding costs several times as much as finding a string that was seen before. */
export class ByteTexts {
  #keys = new Uint8Array(0);
  #texts: (string | undefined)[] = [];
  #count = 0;

  get(bytes: Buffer, from: number, to: number): string {
    const length = to - from;
    if (length > LONGEST) return bytes.toString('utf8', from, to);
    let slot = hash(bytes, from, to);
    for (let text = this.#texts[slot]; text !== undefined; text = this.#texts[slot]) {
      if (this.#holds(slot, bytes, from, length)) return text;
      slot = (slot + 1) & (SLOTS - 1);
    }
    return this.#keep(slot, bytes, from, to);
  }

  /** A key is closed by a byte that UTF-8 never has, where there is room for one. */
  #holds(slot: number, bytes: Buffer, from: number, length: number): boolean {
    const keys = this.#keys;
    const key = slot * LONGEST;
    for (let i = 0; i < length; i++) if (keys[key + i] !== bytes[from + i]) return false;
    return length === LONGEST || keys[key + length] === 0xff;
  }

  /** Most columns have no strings: room is made for those that have. */
  #makeRoom(): void {
    this.#keys = new Uint8Array(SLOTS * LONGEST);
    this.#texts = Array.from({ length: SLOTS });
  }

  #keep(slot: number, bytes: Buffer, from: number, to: number): string {
    const text = bytes.toString('utf8', from, to);
    if (this.#texts.length === 0) this.#makeRoom();
    if (this.#count === MOST) {
      this.#texts.fill(undefined);
      this.#count = 0;
      return text;
    }
    const key = slot * LONGEST;
    this.#keys.set(bytes.subarray(from, to), key);
    if (to - from < LONGEST) this.#keys[key + to - from] = 0xff;
    this.#texts[slot] = text;
    this.#count += 1;
    return text;
  }
}

function hash(bytes: Buffer, from: number, to: number): number {
  let h = to - from;
  for (let i = from; i < to; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) & (SLOTS - 1);
}
