const REMEMBERED = 100_000;
const FIRST = 0x811c9dc5;
const SECOND = 0x9e3779b9;

/**
 * A sum of 64-bit hashes of rows, so independent of their order: enough to see that data changed, no proof against
 * someone who means to deceive. A row is told value by value, between `begin` and `end`. The mixing is that of MurmurHash3 (public domain,
 * Austin Appleby), two lanes of 32 bits.
 */
export class RowHash {
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);
  readonly #texts = new Map<string, readonly [number, number]>();
  #rows = 0;
  #sumA = 0;
  #sumB = 0;
  #a = 0;
  #b = 0;

  begin(): void {
    this.#a = FIRST;
    this.#b = SECOND;
  }

  number(value: number): void {
    this.#double[0] = value;
    this.#mix(this.#words[0]!, this.#words[1]!);
  }

  missing(): void {
    this.#mix(0x6e756c6c, 0x7ff80001);
  }

  text(text: string): void {
    const [a, b] = this.#hashed(text);
    this.#mix(a, b);
  }

  end(): void {
    this.#sumA = (this.#sumA + final(this.#a)) >>> 0;
    this.#sumB = (this.#sumB + final(this.#b ^ this.#a)) >>> 0;
    this.#rows += 1;
  }

  digest(): string {
    return `${this.#rows}-${this.#sumA.toString(16)}-${this.#sumB.toString(16)}`;
  }

  #mix(low: number, high: number): void {
    this.#a = step(step(this.#a, low), high);
    this.#b = step(step(this.#b, high ^ SECOND), low);
  }

  #hashed(text: string): readonly [number, number] {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    let a = FIRST ^ text.length;
    let b = SECOND;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = step(a, unit);
      b = step(b, unit ^ FIRST);
    }
    const pair = [final(a), final(b)] as const;
    if (this.#texts.size < REMEMBERED) this.#texts.set(text, pair);
    return pair;
  }
}

function step(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const mixed = hash ^ k;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function final(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
