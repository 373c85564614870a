/** A stream of bytes of which the first may be looked at before any is taken. */
export class InputHead {
  readonly #iterator: AsyncIterator<Buffer>;
  #held: Buffer[] = [];
  #size = 0;
  #isWhole = false;

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#iterator = bytes[Symbol.asyncIterator]();
  }

  /** Whether all there is has been looked at. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The first bytes: at least so many, or all that there are. */
  async peek(bytes: number): Promise<Buffer> {
    while (this.#size < bytes && !this.#isWhole) {
      const next = await this.#iterator.next();
      if (next.done === true) this.#isWhole = true;
      else this.#hold(next.value);
    }
    this.#held = [Buffer.concat(this.#held)];
    return this.#held[0]!;
  }

  /** All bytes from `offset` on, in pieces of at least so many, but for the last. */
  async *from(offset: number, pieceBytes: number): AsyncGenerator<Buffer> {
    await this.peek(offset);
    let held: Buffer[] = [this.#held[0]!.subarray(offset)];
    this.#held = [];
    let size = held[0]!.length;
    for (;;) {
      if (size >= pieceBytes) {
        yield held.length === 1 ? held[0]! : Buffer.concat(held);
        held = [];
        size = 0;
      }
      const next = await this.#iterator.next();
      if (next.done === true) break;
      held.push(next.value);
      size += next.value.length;
    }
    if (size > 0) yield Buffer.concat(held);
  }

  #hold(piece: Buffer): void {
    this.#held.push(piece);
    this.#size += piece.length;
  }
}
