/**
 * A seeded stream of random numbers, the same on every machine: sfc32 by Chris Doty-Humphrey, from PractRand 0.95, begun as
 * there with a counter of 1 and twelve steps thrown away. Not for secrets.
 */
export class Random {
  private readonly state: Uint32Array;

  /** Any whole number up to 2⁵³ in size; each gives a stream of its own. */
  constructor(seed: number) {
    this.state = Uint32Array.of(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b9, 1);
    for (let i = 0; i < 12; i++) this.word();
  }

  /** The next 32 bits. */
  word(): number {
    const state = this.state;
    const a = state[0]!;
    const b = state[1]!;
    const c = state[2]!;
    const counter = state[3]!;
    const word = (a + b + counter) >>> 0;
    state[3] = counter + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + word;
    return word;
  }

  /** Uniform in [0, 1), in steps of 2⁻³². */
  uniform(): number {
    return this.word() / 2 ** 32;
  }

  /** A whole number from 0 to n − 1; n below 2³², where no number is likelier than another by more than n / 2³². */
  below(n: number): number {
    return (this.uniform() * n) >>> 0;
  }

  /** Standard normal. Source: Box and Muller, Annals of Mathematical Statistics 29 (1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}
