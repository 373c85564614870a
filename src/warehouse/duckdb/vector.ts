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
  readonly validity: { readonly data: BigUint64Array | null; setItemValid: (item: number, valid: boolean) => void };
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

/** A bit for each item, set where it is there; undefined if all are. The memory of a missing item may hold anything. */
export function validityOf(vector: DuckDBVector): Int32Array | undefined {
  const { data } = inside(vector).validity;
  return data === null ? undefined : new Int32Array(data.buffer, data.byteOffset, data.length * 2);
}

export function isValid(validity: Int32Array | undefined, item: number): boolean {
  return validity === undefined || ((validity[item >>> 5]! >>> (item & 31)) & 1) === 1;
}

/** Marks an item as missing; `flush` hands it to the engine. */
export function setMissing(vector: DuckDBVector, item: number): void {
  inside(vector).validity.setItemValid(item, false);
}

/** Calls back for each missing item in [from, to). */
export function eachNull(vector: DuckDBVector, from: number, to: number, missing: (item: number) => void): void {
  const validity = validityOf(vector);
  if (validity === undefined) return;
  for (let item = from; item < to; item++) {
    if (validity[item >>> 5] === -1) item |= 31;
    else if (!isValid(validity, item)) missing(item);
  }
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
