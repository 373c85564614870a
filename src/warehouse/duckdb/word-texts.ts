const SLOTS = 1 << 15;
const MOST = SLOTS / 2;

/**
 * Strings by the sixteen bytes that stand for them in the engine's memory: up to twelve bytes of text with their length,
 * or length, beginning and address. Decoding costs ten times as much as finding a string that was seen before.
 */
export class WordTexts {
  #keys = new Int32Array(0);
  #texts: (string | undefined)[] = [];
  #count = 0;

  /** The text of the four words at `at`, made by `decode` if it is new. */
  get(words: Int32Array, at: number, decode: () => string): string {
    const [a, b, c, d] = [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!];
    const keys = this.#keys;
    let slot = hash(a, b, c, d);
    for (let text = this.#texts[slot]; text !== undefined; text = this.#texts[slot]) {
      const key = slot * 4;
      if (keys[key] === a && keys[key + 1] === b && keys[key + 2] === c && keys[key + 3] === d) return text;
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (this.#count === MOST) {
      this.clear();
      slot = hash(a, b, c, d);
    }
    if (keys.length === 0) this.#makeRoom();
    const text = decode();
    this.#keys.set([a, b, c, d], slot * 4);
    this.#texts[slot] = text;
    this.#count += 1;
    return text;
  }

  /** Most columns have few strings, or none that is long: room is made for those that have. */
  #makeRoom(): void {
    this.#keys = new Int32Array(SLOTS * 4);
    this.#texts = Array.from({ length: SLOTS });
  }

  clear(): void {
    if (this.#count > 0) this.#texts.fill(undefined);
    this.#count = 0;
  }
}

function hash(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) & (SLOTS - 1);
}
