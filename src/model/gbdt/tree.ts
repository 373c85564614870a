/** One tree as it was grown, in arrays of its own. */
export interface Tree {
  /** By node: the place of its feature. */
  readonly features: Uint16Array;
  /** Left and right of node i at 2i and 2i + 1; below 0: leaf −1 − child. */
  readonly children: Int32Array;
  /** By node and bin, 256 bits a node: whether the bin goes right. */
  readonly right: Uint32Array;
  /** By leaf: what it adds to the score. */
  readonly values: Float64Array;
}

/** Words of 32 bits that a node's bins take. */
export const WORDS = 8;
/** Bins of rows, column by column: `rows` cells each. */
export interface ColumnBins {
  readonly cells: Uint8Array;
  readonly rows: number;
}

/** Trees one behind the other in the arrays of one. */
export interface Trees {
  readonly trees: number;
  /** Tree i adds to output i mod `outputs`. */
  readonly outputs: number;
  /** By tree, and one behind the last: its first node; its first leaf is that plus its number. */
  readonly starts: Int32Array;
  readonly parts: Tree;
}

/** Rows `from` to `to`, with the scores of all rows. */
export interface Block {
  readonly bins: ColumnBins;
  readonly scores: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** 256 bits of a table that has a byte for each. */
export function bitsOf(table: Uint8Array): Uint32Array {
  const bits = new Uint32Array(WORDS);
  for (let bin = 0; bin < 256; bin++) if (table[bin] === 1) bits[bin >>> 5]! |= 1 << (bin & 31);
  return bits;
}
