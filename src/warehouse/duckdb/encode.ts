import type { DuckDBVarCharVector, DuckDBVector } from '@duckdb/node-api';
import type { ColumnBatch, NumberColumn, TextColumn } from '../../dataset/batch.ts';
import { dayNumber, timestampMicros } from '../../dataset/iso.ts';
import { loadedColumn, loadedTexts, valueError } from '../load-column.ts';
import type { SqlType } from '../warehouse.ts';
import { itemsOf, setMissing, wordsOf } from './vector.ts';

const TWO_32 = 4_294_967_296;

/** Puts the rows [from, from + count) of a column into the memory of a vector. */
export type PutColumn = (vector: DuckDBVector, from: number, count: number) => void;

/** How a batch's column goes into a table's column of a type. Throws `load-shape` or `value-type`. */
export function putColumn(batch: ColumnBatch, name: string, type: SqlType): PutColumn {
  const column = loadedColumn(batch, name, type);
  if (column.storage === 'text') return putTexts(column, loadedTexts(name, type, column), type);
  if (type !== 'number') assertIntegers(name, type, column, batch.rows);
  return putNumbers(column, type);
}

function assertIntegers(name: string, type: SqlType, { values, nulls }: NumberColumn, rows: number): void {
  for (let i = 0; i < rows; i++) {
    if (!Number.isSafeInteger(values[i]) && nulls?.[i] !== 1) throw valueError(name, type, String(values[i]));
  }
}

function putNumbers({ values, nulls }: NumberColumn, type: SqlType): PutColumn {
  return (vector, from, count) => {
    if (type === 'integer') putWords(wordsOf(vector), values.subarray(from, from + count));
    else (itemsOf(vector) as Float64Array | Int32Array).set(values.subarray(from, from + count));
    if (nulls !== undefined) for (let i = 0; i < count; i++) if (nulls[from + i] === 1) setMissing(vector, i);
    vector.flush();
  };
}

/** Integers of 64 bits, little-endian, without making a bigint of each. What is missing becomes 0. */
function putWords(words: Int32Array, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const upper = Math.floor(value / TWO_32);
    words[i * 2] = value - upper * TWO_32;
    words[i * 2 + 1] = upper;
  }
}

/** Each distinct text is made a value of the engine's once. */
function putTexts({ codes }: TextColumn, texts: readonly string[], type: SqlType): PutColumn {
  if (type === 'text') return (vector, from, count) => putStrings(vector as DuckDBVarCharVector, texts, codes.subarray(from, from + count));
  if (type === 'date') return putCoded(codes, Int32Array.from(texts, (text) => dayNumber(text) ?? 0));
  return putCoded(codes, BigInt64Array.from(texts, timestampMicros));
}

function putCoded(codes: Int32Array, values: Int32Array | BigInt64Array): PutColumn {
  return (vector, from, count) => {
    const items: Record<number, number | bigint> = itemsOf(vector);
    for (let i = 0; i < count; i++) {
      const code = codes[from + i]!;
      if (code < 0) setMissing(vector, i);
      else items[i] = values[code]!;
    }
    vector.flush();
  };
}

function putStrings(vector: DuckDBVarCharVector, texts: readonly string[], codes: Int32Array): void {
  for (let i = 0; i < codes.length; i++) vector.setItem(i, texts[codes[i]!] ?? null);
  vector.flush();
}
