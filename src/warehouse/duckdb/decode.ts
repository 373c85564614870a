import { DuckDBDecimalType, DuckDBTypeId } from '@duckdb/node-api';
import type { DuckDBVector } from '@duckdb/node-api';
import type { NumberBuilder, TextBuilder } from '../../dataset/batch-builder.ts';
import { textAsNumber, tooLarge } from '../stream-columns.ts';
import { textOf } from './scalar.ts';
import { PLAIN_NUMBERS, bytesOf, eachNull, isNull, itemsOf, wordsOf } from './vector.ts';

/** Some items of a chunk's column, and the row of the batch where the first of them goes. */
export interface Slice {
  readonly column: string;
  readonly vector: DuckDBVector;
  readonly from: number;
  readonly count: number;
  readonly row: number;
}

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
    else if (!isNull(vector, from + i)) values[row + i] = exactNumber(column, vector.getItem(from + i) as bigint);
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
export function decodeTexts(builder: TextBuilder, { vector, from, count, row }: Slice): void {
  for (let i = 0; i < count; i++) {
    const item = vector.getItem(from + i);
    if (item === null) builder.setNull(row + i);
    else builder.set(row + i, textOf(item));
  }
}
