/** The values of a record by their serial types (https://www.sqlite.org/fileformat2.html, section 2.1). */
export const NULL = 0;
export const INT8 = 1;
export const INT64 = 6;
export const DOUBLE = 7;
export const ZERO = 8;
export const ONE = 9;
const FIRST_BLOB = 12;
/** Bytes of the values of types 0 to 9. */
const WIDTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];
const TWO_32 = 4_294_967_296;

/** Reads the types of a record that begins at `start`, one for each of `types`. Returns where the values begin. */
export function readTypes(page: Buffer, start: number, types: Float64Array): number {
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

/** Bytes of a value. */
export function widthOf(type: number): number {
  return type < FIRST_BLOB ? WIDTHS[type]! : (type - FIRST_BLOB) >>> 1;
}

/** Whether a value is text; it is a blob where it is neither this nor a number. */
export function isText(type: number): boolean {
  return type > FIRST_BLOB && type % 2 === 1;
}

/** A big-endian integer of the types 1 to 5 (1, 2, 3, 4 or 6 bytes), 8 and 9 (0 and 1). */
export function integer(page: Buffer, at: number, type: number): number {
  switch (type) {
    case 1:
      return (page[at]! << 24) >> 24;
    case 2:
      return (page[at]! << 24 >> 16) | page[at + 1]!;
    case 3:
      return (page[at]! << 24 >> 8) | (page[at + 1]! << 8) | page[at + 2]!;
    case 4:
      return page.readInt32BE(at);
    case 5:
      return page.readInt16BE(at) * TWO_32 + page.readUInt32BE(at + 2);
    default:
      return type - ZERO;
  }
}
