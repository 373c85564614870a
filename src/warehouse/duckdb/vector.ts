import { DuckDBTypeId } from '@duckdb/node-api';
import type { DuckDBVector } from '@duckdb/node-api';

type Items = Float64Array | Float32Array | Int8Array | Int16Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/**
 * What a vector keeps: the column's memory as the engine laid it out. The client's own accessors make an object of each
 * value, which costs more than the query; a test reads every type through here, so that another version cannot differ unseen.
 */
interface Inside {
  readonly items?: Items;
  readonly dataView?: DataView;
  readonly validity: { readonly data: BigUint64Array | null };
}

function inside(vector: DuckDBVector): Inside {
  return vector as unknown as Inside;
}

/** The values of a vector whose type is one number each. */
export function itemsOf(vector: DuckDBVector): Items {
  const { items } = inside(vector);
  if (items === undefined) throw new TypeError(`a vector of type ${String(vector.type)} has no items`);
  return items;
}

/** The memory of a vector, in words of 32 bits, little-endian. */
export function wordsOf(vector: DuckDBVector): Int32Array {
  const { items, dataView } = inside(vector);
  const bytes = items ?? dataView;
  if (bytes === undefined) throw new TypeError(`a vector of type ${String(vector.type)} has no memory`);
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

export function bytesOf(vector: DuckDBVector): Uint8Array {
  const view = inside(vector).dataView;
  if (view === undefined) throw new TypeError(`a vector of type ${String(vector.type)} has no bytes`);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Calls back for each missing item in [from, to). */
export function eachNull(vector: DuckDBVector, from: number, to: number, missing: (item: number) => void): void {
  const { data } = inside(vector).validity;
  if (data === null) return;
  const words = new Int32Array(data.buffer, data.byteOffset, data.length * 2);
  for (let item = from; item < to; item++) {
    const word = words[item >>> 5]!;
    if (word === -1) {
      item |= 31;
      continue;
    }
    if (((word >>> (item & 31)) & 1) === 0) missing(item);
  }
}

export function isNull(vector: DuckDBVector, item: number): boolean {
  const { data } = inside(vector).validity;
  if (data === null) return false;
  return ((data[item >>> 6]! >> BigInt(item & 63)) & 1n) === 0n;
}

/** Types whose items are copied into doubles as they are. */
export const PLAIN_NUMBERS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
]);
