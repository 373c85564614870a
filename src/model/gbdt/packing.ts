/** How gradient and hessian of a row share one float64: g · `unit` + h, both whole numbers, g within ± `gradients`, h up to `hessians`. */
export interface Packing {
  readonly unit: number;
  readonly gradients: number;
  readonly hessians: number;
}

const MANTISSA = 53;
/** More levels than the 16 random bits of a rounding can tell apart buy nothing. */
const MOST_BITS = 16;
/** Rows of a tree at most: beyond, less than three bits would be left for a gradient. */
export const MOST_ROWS = 2 ** 24;

/**
 * As many levels as `rows` of them can be summed in float64 without ever being rounded: then sums do not depend on their order,
 * nor on the number of threads. Where every hessian is 1 (`counting`), gradients get its bits.
 */
export function packingFor(rows: number, counting: boolean): Packing {
  const rowBits = Math.ceil(Math.log2(Math.max(2, rows + 1)));
  const free = MANTISSA + 1 - 2 * rowBits;
  const hessianBits = counting ? 1 : Math.min(MOST_BITS, Math.floor(free / 2));
  const gradientBits = Math.min(MOST_BITS, free - hessianBits);
  return { unit: 2 ** (rowBits + hessianBits), gradients: 2 ** (gradientBits - 1) - 1, hessians: 2 ** hessianBits - 1 };
}

/** What `drawOf` multiplies by. */
export const DRAW_FACTORS = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35] as const;

/** 32 bits drawn for a row and a tree, the same wherever it is drawn. Source: the finaliser of MurmurHash3. */
export function drawOf(row: number, seed: number): number {
  let h = Math.imul(row ^ seed, DRAW_FACTORS[0]);
  h = Math.imul(h ^ (h >>> 16), DRAW_FACTORS[1]);
  h = Math.imul(h ^ (h >>> 13), DRAW_FACTORS[2]);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Makes the draw of a row for a tree another than that of its gradient's rounding. */
export const ROWS_SEED = 0x5bd1e995;

export interface Drawing {
  /** Rows. */
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  /** The highest draw of a row that is drawn. */
  readonly highest: number;
  /** Places in the index: of the first row that is drawn, and behind the last that is not. */
  readonly first: number;
  readonly end: number;
}

/** Puts the rows that are drawn into the index in their order, and those that are not behind them, the last first. Gives the place behind the last drawn. */
export function drawRows(index: Uint32Array, { from, to, seed, highest, first, end }: Drawing): number {
  let [drawn, left] = [first, end];
  for (let row = from; row < to; row++) {
    if (drawOf(row, seed ^ ROWS_SEED) <= highest) index[drawn++] = row;
    else index[--left] = row;
  }
  return drawn;
}

export interface Quantising {
  readonly unit: number;
  /** Levels a unit of gradient and of hessian. */
  readonly gradientScale: number;
  readonly hessianScale: number;
  readonly seed: number;
}

/**
 * Quantises rows `from` to `to`, rounding up or down by chance so that sums are right on average. Source: Shi and others, Quantized
 * Training of Gradient Boosting Decision Trees, NeurIPS 2022.
 */
export function quantise(packed: Float64Array, rows: { readonly gradients: Float32Array; readonly hessians: Float32Array; readonly from: number; readonly to: number }, how: Quantising): void {
  const { gradients, hessians, from, to } = rows;
  const { gradientScale, hessianScale, seed, unit } = how;
  for (let row = from; row < to; row++) {
    const draw = drawOf(row, seed);
    const g = Math.floor(gradients[row]! * gradientScale + (draw & 0xffff) / 0x10000);
    const h = Math.floor(hessians[row]! * hessianScale + (draw >>> 16) / 0x10000);
    packed[row] = g * unit + h;
  }
}
