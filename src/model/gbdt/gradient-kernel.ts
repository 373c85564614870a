import { bothFloats, bothIntegers, next, op, overItems, unsigned, type Routine } from './assembler.ts';
import { LEAST, LN2_HIGH, LN2_LOW, MOST, ROUNDER, SERIES } from './exponential.ts';
import { GROUP, type Shape } from './shape.ts';

/** Numbers behind the products: the largest gradient and hessian, each of even and of odd rows. */
export const LARGEST = 4;

/** The loop of `fillBinary`, two rows at once. */
export interface GradientKernel {
  /**
   * Gradients and hessians of rows without weights, whole groups of them, whose scores are from `from` to `to`. At `products` comes, of each group, what
   * the chances of its labels multiply to, and behind that the `LARGEST`.
   */
  readonly binary: (from: number, to: number, labels: number, gradients: number, hessians: number, products: number) => void;
}

/** Numbers of a thread at `products`: of the groups of a block, and the `LARGEST`. */
export function roomOf({ block }: Pick<Shape, 'block'>): number {
  return block / GROUP + LARGEST;
}

const [FROM, LABELS, GRADIENTS, HESSIANS, PRODUCTS] = [0, 2, 3, 4, 5];
/** Locals of two floats. */
const [X, SHIFTED, R, R2, R4, CHANCE, MISS, PRODUCT, MOST_GRADIENT, MOST_HESSIAN] = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/** Bits of a float's fraction, and of 1. */
const FRACTION = 52;
const ONE_BITS = 0x3ff0_0000_0000_0000n;

export function binary(): Routine {
  const pairs = Array.from({ length: GROUP / 2 }, (_, pair) => pairOf(pair));
  const product = [...op.get, PRODUCTS, ...get(PRODUCT), ...op.lane, 0, ...get(PRODUCT), ...op.lane, 1, ...op.multiplyFloat, ...op.storeFloat, 0];
  const further = [...next([LABELS], 8 * GROUP), ...next([GRADIENTS], 4 * GROUP), ...next([HESSIANS], 4 * GROUP), ...next([PRODUCTS], 8)];
  const largest = [...op.get, PRODUCTS, ...get(MOST_GRADIENT), ...op.storeVector, 0, ...op.get, PRODUCTS, ...get(MOST_HESSIAN), ...op.storeVector, 16];
  return { name: 'binary', parameters: 6, result: false, vectors: 10, floats: 0, integers: 0, body: [...overItems(8 * GROUP, [...pairs.flat(), ...product, ...further]), ...largest] };
}

/** One pair of rows of a group, as `fillBinary` does each. */
function pairOf(pair: number): readonly number[] {
  return [
    [...get(FROM), ...op.loadVector, ...unsigned(16 * pair), ...op.negate, ...bothFloats(MOST), ...op.least, ...bothFloats(-MOST), ...op.most, ...op.set, X],
    [...get(X), ...bothFloats(Math.LOG2E), ...op.times, ...bothFloats(ROUNDER), ...op.plus, ...op.set, SHIFTED],
    // R2 holds the whole number meanwhile.
    [...get(SHIFTED), ...bothFloats(ROUNDER), ...op.minus, ...op.set, R2],
    [...get(X), ...get(R2), ...bothFloats(LN2_HIGH), ...op.times, ...op.minus, ...get(R2), ...bothFloats(LN2_LOW), ...op.times, ...op.minus, ...op.set, R],
    [...get(R), ...get(R), ...op.times, ...op.tee, R2, ...get(R2), ...op.times, ...op.set, R4],
    [...bothFloats(1), ...bothFloats(1), ...quarter(0), ...get(R4), ...quarter(4), ...get(R4), ...quarter(8), ...op.times, ...op.plus, ...op.times, ...op.plus],
    [...get(SHIFTED), ...op.constant, FRACTION, ...op.shiftLeftBoth, ...bothIntegers(ONE_BITS), ...op.addBoth, ...op.times, ...op.plus, ...op.divided, ...op.tee, CHANCE],
    [...get(LABELS), ...op.loadVector, ...unsigned(16 * pair), ...op.minus, ...op.set, MISS],
    [...get(GRADIENTS), ...get(MISS), ...op.demote, ...op.storeHalf, ...unsigned(8 * pair), 0],
    [...get(MOST_GRADIENT), ...get(MISS), ...op.absolute, ...op.most, ...op.set, MOST_GRADIENT],
    [...bothFloats(1), ...get(MISS), ...op.absolute, ...op.minus, ...bothFloats(LEAST), ...op.most, ...(pair === 0 ? [] : [...get(PRODUCT), ...op.times]), ...op.set, PRODUCT],
    [...get(CHANCE), ...bothFloats(1), ...get(CHANCE), ...op.minus, ...op.times, ...op.set, CHANCE],
    [...get(HESSIANS), ...get(CHANCE), ...op.demote, ...op.storeHalf, ...unsigned(8 * pair), 0],
    [...get(MOST_HESSIAN), ...get(CHANCE), ...op.most, ...op.set, MOST_HESSIAN],
  ].flat();
}

/** Four members of the series, from the power `first` on, over r to that power. */
function quarter(first: number): readonly number[] {
  const [a, b, c, d] = SERIES.slice(first, first + 4).map(bothFloats);
  return [...a!, ...get(R), ...(first === 0 ? [] : [...b!, ...op.times]), ...op.plus, ...get(R2), ...c!, ...get(R), ...d!, ...op.times, ...op.plus, ...op.times, ...op.plus];
}

function get(local: number): readonly number[] {
  return [...op.get, local];
}
