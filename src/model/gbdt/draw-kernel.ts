import { bothFloats, fourIntegers, next, op, overItems, type Routine } from './assembler.ts';
import { DRAW_FACTORS, ROWS_SEED } from './packing.ts';

/** Rows that are done at once. */
export const FOUR = 4;

/** `quantise` and `drawRows`, four rows at once. */
export interface DrawKernel {
  /**
   * For whole fours of rows, whose gradients are from `from` to `to`, the first of them `row`. At `scales` are levels a unit of gradient, levels a unit of
   * hessian and the unit. Rows that are drawn come to `index`, the others, from the last on, before `end`. Gives the place behind the last drawn.
   */
  readonly draw: (from: number, to: number, hessians: number, packed: number, scales: number, row: number, seed: number, highest: number, index: number, end: number) => number;
}

const [FROM, HESSIANS, PACKED, SCALES, ROW, SEED, HIGHEST, INDEX, END] = [[0], [2], [3], [4], [5], [6], [7], [8], [9]];
/** Vectors: four row numbers, what was drawn for them, two levels. */
const [ROWS, DRAWN, LEVELS] = [[10], [11], [12]];
/** 4 where a row is drawn, else 0. */
const GOES = [13];

export function drawing(): Routine {
  const first = [op.get, ROW, op.splat, fourIntegers(0, 1, 2, 3), op.addFour, op.set, ROWS].flat();
  const body = [
    drawsOf([]), pack(0), pack(1),
    drawsOf([fourTimes(ROWS_SEED), op.exclusive].flat()), ...Array.from({ length: FOUR }, (_, lane) => place(lane)),
    op.get, ROWS, fourTimes(FOUR), op.addFour, op.set, ROWS, next(HESSIANS, 4 * FOUR), next(PACKED, 8 * FOUR),
  ].flat();
  return { name: 'draw', parameters: 10, result: true, vectors: 3, floats: 0, integers: 1, body: [...first, ...overItems(4 * FOUR, body), ...op.get, ...INDEX] };
}

/** `drawOf` the four rows, by the seed and what `more` makes of it. */
function drawsOf(more: readonly number[]): readonly number[] {
  const folded = (shift: number): readonly number[] => [op.tee, DRAWN, op.get, DRAWN, op.constant, [shift], op.shiftRightFour, op.exclusive].flat();
  const [a, b, c] = DRAW_FACTORS.map((factor) => [...fourTimes(factor), ...op.timesFour]);
  return [op.get, ROWS, op.get, SEED, op.splat, more, op.exclusive, a!, folded(16), b!, folded(13), c!, folded(16), op.set, DRAWN].flat();
}

/** Of the first or the second two rows: floor(gradient · scale + draw) · unit + floor(hessian · scale + draw). */
function pack(half: number): readonly number[] {
  const low = [op.get, DRAWN, fourTimes(0xffff), op.andBits].flat();
  const high = [op.get, DRAWN, op.constant, [16], op.shiftRightFour].flat();
  return [
    levels(half, { of: FROM, scale: 0, draws: low }), op.get, SCALES, op.loadBoth, [16], op.times, op.set, LEVELS,
    op.get, PACKED, op.get, LEVELS, levels(half, { of: HESSIANS, scale: 8, draws: high }), op.plus, op.storeVector, [16 * half],
  ].flat();
}

function levels(half: number, { of, scale, draws }: { readonly of: readonly number[]; readonly scale: number; readonly draws: readonly number[] }): readonly number[] {
  const itsHalf = Array.from({ length: 16 }, (_, byte) => (8 * half + byte) % 16);
  return [
    op.get, of, op.loadHalf, [8 * half], op.promote, op.get, SCALES, op.loadBoth, [scale], op.times,
    draws, op.get, DRAWN, op.shuffle, itsHalf, op.fromWhole, bothFloats(2 ** -16), op.times, op.plus, op.floor,
  ].flat();
}

/** Puts a row both to the drawn and to the others; only one of the places counts, and a branch could not be foreseen. */
function place(lane: number): readonly number[] {
  const row = [op.get, ROWS, op.laneOfFour, [lane]].flat();
  return [
    op.get, DRAWN, op.laneOfFour, [lane], op.get, HIGHEST, op.notMore, op.constant, [2], op.shiftLeft, op.set, GOES,
    op.get, INDEX, row, op.store32, [0], op.get, END, op.constant, [4], op.subtract, op.tee, END, row, op.store32, [0],
    op.get, INDEX, op.get, GOES, op.add, op.set, INDEX, op.get, END, op.get, GOES, op.add, op.set, END,
  ].flat();
}

function fourTimes(value: number): readonly number[] {
  return fourIntegers(value, value, value, value);
}
