import { ByteTexts } from './byte-texts.ts';
import { DOUBLE, INT64, NULL, ONE, integer, isText, readTypes, widthOf } from './record-format.ts';
import { RowHash } from './row-hash.ts';
import type { Payload } from './table-pages.ts';

/** Tells the values of records to a hash: blobs as lower-case hex, integers beyond ±2^53 as the nearest number. */
export class RecordHash {
  readonly #hash = new RowHash();
  readonly #types: Float64Array;
  readonly #texts: readonly ByteTexts[];

  constructor(columns: number) {
    this.#types = new Float64Array(columns);
    this.#texts = Array.from(this.#types, () => new ByteTexts());
  }

  add({ page, at: start }: Payload): void {
    const hash = this.#hash;
    const types = this.#types;
    let at = readTypes(page, start, types);
    hash.begin();
    for (let i = 0; i < types.length; i++) {
      const type = types[i]!;
      if (type === NULL) hash.missing();
      else if (type === DOUBLE) hash.number(page.readDoubleBE(at));
      else if (type === INT64) hash.number(Number(page.readBigInt64BE(at)));
      else if (type <= ONE) hash.number(integer(page, at, type));
      else hash.text(isText(type) ? this.#texts[i]!.get(page, at, at + widthOf(type)) : page.toString('hex', at, at + widthOf(type)));
      at += widthOf(type);
    }
    hash.end();
  }

  digest(): string {
    return this.#hash.digest();
  }
}
