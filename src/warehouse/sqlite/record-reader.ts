import { NumberBuilder } from '../../dataset/batch-builder.ts';
import type { TextBuilder } from '../../dataset/batch-builder.ts';
import { textAsNumber, tooLarge } from '../stream-columns.ts';
import { ByteTexts } from './byte-texts.ts';
import type { Payload } from './table-pages.ts';

/** Serial types of a record's values (https://www.sqlite.org/fileformat2.html, section 2.1). */
const NULL = 0;
const INT8 = 1;
const INT64 = 6;
const DOUBLE = 7;
const ZERO = 8;
const ONE = 9;
const FIRST_BLOB = 12;
/** Bytes of the values of types 0 to 9. */
const WIDTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];
const TWO_32 = 4_294_967_296;

/** Reads the values of records into the builders of their columns. */
export class RecordReader {
  readonly #names: readonly string[];
  readonly #builders: readonly (NumberBuilder | TextBuilder)[];
  readonly #numbers: readonly (NumberBuilder | undefined)[];
  readonly #types: Float64Array;
  readonly #texts: readonly ByteTexts[];

  constructor(names: readonly string[], builders: readonly (NumberBuilder | TextBuilder)[]) {
    this.#names = names;
    this.#builders = builders;
    this.#numbers = builders.map((builder) => (builder instanceof NumberBuilder ? builder : undefined));
    this.#types = new Float64Array(names.length);
    this.#texts = names.map(() => new ByteTexts());
  }

  /** Reads one record as the row `row` of the batch. */
  read({ page, at: start }: Payload, row: number): void {
    const numbers = this.#numbers;
    const types = this.#types;
    let at = this.#header(page, start);
    for (let i = 0; i < numbers.length; i++) {
      const type = types[i]!;
      const number = numbers[i];
      if (number === undefined) this.#text(i, row, page, at, type);
      else if (type === DOUBLE) number.values[row] = page.readDoubleBE(at);
      else if (type === ONE || type === ZERO) number.values[row] = type - ZERO;
      else if (type >= INT8 && type < INT64) number.values[row] = integer(page, at, type);
      else this.#rareNumber(i, row, page, at);
      at += type < FIRST_BLOB ? WIDTHS[type]! : (type - FIRST_BLOB) >>> 1;
    }
  }

  /** Reads the types. Returns where the values begin. */
  #header(page: Buffer, start: number): number {
    const types = this.#types;
    let at = start;
    let length = page[at++]!;
    if (length > 0x7f) length = (length & 0x7f) * 128 + page[at++]!;
    for (let i = 0; i < types.length; i++) {
      let byte = page[at++]!;
      let type = byte & 0x7f;
      while (byte > 0x7f) {
        byte = page[at++]!;
        type = type * 128 + (byte & 0x7f);
      }
      types[i] = type;
    }
    return start + length;
  }

  #rareNumber(i: number, row: number, page: Buffer, at: number): void {
    const type = this.#types[i]!;
    const builder = this.#builders[i]!;
    if (!(builder instanceof NumberBuilder)) return;
    if (type === NULL) builder.setNull(row);
    else if (type === INT64) builder.set(row, exact(this.#names[i]!, page.readBigInt64BE(at)));
    else throw textAsNumber(this.#names[i]!, this.#textOf(i, page, at, type));
  }

  #text(i: number, row: number, page: Buffer, at: number, type: number): void {
    const builder = this.#builders[i]!;
    if (builder instanceof NumberBuilder) return;
    if (type === NULL) builder.setNull(row);
    else builder.set(row, this.#textOf(i, page, at, type));
  }

  /** Numbers as decimal text, blobs as lower-case hex. */
  #textOf(i: number, page: Buffer, at: number, type: number): string {
    if (type === DOUBLE) return String(page.readDoubleBE(at));
    if (type === INT64) return String(page.readBigInt64BE(at));
    if (type === ZERO || type === ONE) return String(type - ZERO);
    if (type < INT64) return String(integer(page, at, type));
    const to = at + ((type - FIRST_BLOB) >>> 1);
    return type % 2 === 1 ? this.#texts[i]!.get(page, at, to) : page.toString('hex', at, to);
  }
}

/** A big-endian integer of the types 1 to 5: 1, 2, 3, 4 or 6 bytes. */
function integer(page: Buffer, at: number, type: number): number {
  switch (type) {
    case 1:
      return (page[at]! << 24) >> 24;
    case 2:
      return (page[at]! << 24 >> 16) | page[at + 1]!;
    case 3:
      return (page[at]! << 24 >> 8) | (page[at + 1]! << 8) | page[at + 2]!;
    case 4:
      return page.readInt32BE(at);
    default:
      return page.readInt16BE(at) * TWO_32 + page.readUInt32BE(at + 2);
  }
}

function exact(column: string, value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw tooLarge(column, value);
  return number;
}
