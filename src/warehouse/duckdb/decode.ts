import { DuckDBDecimalType, DuckDBTypeId } from '@duckdb/node-api';
import type { DuckDBVector } from '@duckdb/node-api';
import type { NumberBuilder, TextBuilder } from '../../dataset/batch-builder.ts';
import { textAsNumber, tooLarge } from '../stream-columns.ts';
import { dateText, textOf, timestampText } from './scalar.ts';
import { PLAIN_NUMBERS, bytesOf, eachNull, isValid, itemsOf, validityOf, wordsOf } from './vector.ts';
import { WordTexts } from './word-texts.ts';

/** Some items of a chunk's column, and the row of the batch where the first of them goes. */
export interface Slice {
  readonly column: string;
  readonly vector: DuckDBVector;
  readonly from: number;
  readonly count: number;
  readonly row: number;
}

/** Texts up to this length lie in the vector itself. */
const INLINE_BYTES = 12;
const MICROS_PER_DAY = 86_400_000_000;
const TWO_32 = 4_294_967_296;
/** The upper words of 2^53 and −2^53. */
const UPPER = 0x20_0000;

/** Copies numbers. Throws `value-type` for text, and for an integer that a double cannot hold. */
export function decodeNumbers(builder: NumberBuilder, slice: Slice): void {
  const { vector, from, count, row } = slice;
  const type = vector.type;
  if (PLAIN_NUMBERS.has(type.typeId)) {
    const items = itemsOf(vector) as Float64Array;
    builder.values.set(items.subarray(from, from + count), row);
  } else if (type.typeId === DuckDBTypeId.BIGINT) decodeWords(builder, slice, 2);
  else if (type.typeId === DuckDBTypeId.HUGEINT) decodeWords(builder, slice, 4);
  else if (type.typeId === DuckDBTypeId.BOOLEAN) builder.values.set(bytesOf(vector).subarray(from, from + count), row);
  else decodeOthers(builder, slice);
  eachNull(vector, from, from + count, (item) => builder.setNull(row + item - from));
}

/** Integers of 64 or 128 bits, without making a bigint of each: what is within ±2^53 lies in two words. */
function decodeWords(builder: NumberBuilder, slice: Slice, wordsEach: 2 | 4): void {
  const { vector, from, count, row, column } = slice;
  const words = wordsOf(vector);
  const { values } = builder;
  for (let i = 0; i < count; i++) {
    const at = (from + i) * wordsEach;
    const upper = words[at + 1]!;
    const extended = wordsEach === 2 || (words[at + 2] === upper >> 31 && words[at + 3] === upper >> 31);
    if (extended && upper < UPPER && upper > -UPPER) values[row + i] = upper * TWO_32 + (words[at]! >>> 0);
    else if (isValid(validityOf(vector), from + i)) values[row + i] = exactNumber(column, vector.getItem(from + i) as bigint);
  }
}

function exactNumber(column: string, value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw tooLarge(column, value);
  return number;
}

/** Decimals and rare integers, one by one; anything that is no number is refused. */
function decodeOthers(builder: NumberBuilder, { vector, from, count, row, column }: Slice): void {
  const type = vector.type;
  for (let i = 0; i < count; i++) {
    const item = vector.getItem(from + i);
    if (item === null) continue;
    if (type instanceof DuckDBDecimalType) builder.set(row + i, decimal(column, textOf(item)));
    else if (typeof item === 'bigint') builder.set(row + i, exactNumber(column, item));
    else throw textAsNumber(column, textOf(item));
  }
}

/** The double that is nearest to a decimal; one without a fraction has to be exact, as integers have. */
function decimal(column: string, text: string): number {
  const value = Number(text);
  if (!text.includes('.') && !Number.isSafeInteger(value)) throw tooLarge(column, BigInt(text));
  return value;
}

/** Copies text; numbers, dates and booleans as their canonical text. */
export class TextDecoder {
  readonly #short = new WordTexts();
  readonly #long = new WordTexts();

  decode(builder: TextBuilder, slice: Slice): void {
    const { vector, from, count, row } = slice;
    const text = this.#textAt(vector);
    const valid = validityOf(vector);
    for (let i = 0; i < count; i++) {
      if (isValid(valid, from + i)) builder.set(row + i, text(from + i));
      else builder.setNull(row + i);
    }
  }

  /** What makes the text of an item that is there. */
  #textAt(vector: DuckDBVector): (item: number) => string {
    switch (vector.type.typeId) {
      case DuckDBTypeId.VARCHAR:
        return this.#strings(vector);
      case DuckDBTypeId.DATE: {
        const days = itemsOf(vector) as Int32Array;
        return (item) => dateText(days[item]!) ?? itemText(vector, item);
      }
      case DuckDBTypeId.TIMESTAMP:
        return timestamps(vector);
      default:
        return (item) => itemText(vector, item);
    }
  }

  #strings(vector: DuckDBVector): (item: number) => string {
    const words = wordsOf(vector);
    // An address means a text only as long as the chunk that it points into.
    this.#long.clear();
    return (item) => {
      const texts = words[item * 4]! <= INLINE_BYTES ? this.#short : this.#long;
      return texts.get(words, item * 4, () => (beginsWithMark(words, item * 4) ? `\ufeff${itemText(vector, item)}` : itemText(vector, item)));
    };
  }
}

/** Whether a text begins with a byte-order mark, which the client takes for none of the text and leaves out. Its first bytes stand behind its length. */
function beginsWithMark(words: Int32Array, at: number): boolean {
  return words[at]! >= 3 && (words[at + 1]! & 0xff_ff_ff) === 0xbf_bb_ef;
}

function timestamps(vector: DuckDBVector): (item: number) => string {
  const words = wordsOf(vector);
  return (item) => {
    const micros = words[item * 2 + 1]! * TWO_32 + (words[item * 2]! >>> 0);
    if (!Number.isSafeInteger(micros)) return itemText(vector, item);
    const day = Math.floor(micros / MICROS_PER_DAY);
    return timestampText(day, micros - day * MICROS_PER_DAY) ?? itemText(vector, item);
  };
}

function itemText(vector: DuckDBVector, item: number): string {
  const value = vector.getItem(item);
  if (value === null) throw new TypeError(`item ${item} is missing`);
  return textOf(value);
}
