import { NumberBuilder } from '../../dataset/batch-builder.ts';
import type { TextBuilder } from '../../dataset/batch-builder.ts';
import { textAsNumber, tooLarge } from '../stream-columns.ts';
import { ByteTexts } from './byte-texts.ts';
import { DOUBLE, INT64, INT8, NULL, ONE, ZERO, integer, isText, readTypes, widthOf } from './record-format.ts';
import type { Payload } from './table-pages.ts';

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
    let at = readTypes(page, start, types);
    for (let i = 0; i < numbers.length; i++) {
      const type = types[i]!;
      const number = numbers[i];
      if (number === undefined) this.#text(i, row, page, at, type);
      else if (type === DOUBLE) number.values[row] = page.readDoubleBE(at);
      else if (type === ONE || type === ZERO) number.values[row] = type - ZERO;
      else if (type >= INT8 && type < INT64) number.values[row] = integer(page, at, type);
      else this.#rareNumber(i, row, page, at);
      at += widthOf(type);
    }
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
    if (type <= ONE) return String(integer(page, at, type));
    const to = at + widthOf(type);
    return isText(type) ? this.#texts[i]!.get(page, at, to) : page.toString('hex', at, to);
  }
}

function exact(column: string, value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw tooLarge(column, value);
  return number;
}
