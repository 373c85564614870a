import { next, op, overItems, type Routine } from './assembler.ts';

/** The loops of `settle.ts`. */
export interface SettleKernel {
  /** `noteLeaf` for the row numbers from `from` to `to`. */
  readonly note: (from: number, to: number, leafOf: number, leaf: number) => void;
  /** `noteWalked` for the row numbers from `from` to `to`, of a tree with a node at least. */
  readonly walk: (from: number, to: number, leafOf: number, bins: number, width: number, features: number, children: number, right: number) => void;
  /** `sumLeaves` for the leaves from `from` to `to`. */
  readonly sum: (from: number, to: number, gradients: number, hessians: number, sums: number) => void;
}

const FROM = [0];

/** The place in `leafOf` of the row number at `from`. */
const PLACE = [op.get, FROM, op.load32, [0], op.constant, [1], op.shiftLeft, op.get, [2], op.add].flat();

export const noting: Routine = { name: 'note', parameters: 4, result: false, floats: 0, integers: 0, body: overItems(4, [...PLACE, ...op.get, 3, ...op.store16, 0]) };

export function walking(): Routine {
  const [bins, width, features, children, right, row, node] = [[3], [4], [5], [6], [7], [8], [9]];
  const feature = [op.get, node, timesTwo(2), op.get, features, op.add, op.load32, [0]].flat();
  const goes = [op.get, row, feature, op.add, op.load8, [0], op.get, node, timesTwo(8), op.add, op.get, right, op.add, op.load8, [0]].flat();
  const child = [op.get, node, timesTwo(3), goes, timesTwo(2), op.add, op.get, children, op.add, op.load32, [0]].flat();
  const body = [
    op.get, FROM, op.load32, [0], op.get, width, op.multiply, op.get, bins, op.add, op.set, row, op.constant, [0], op.set, node,
    op.loop, child, op.tee, node, op.constant, [0], op.notBelow, op.branchIf, [0], op.end,
    // Leaf −1 − child.
    PLACE, op.constant, [0x7f], op.get, node, op.subtract, op.store16, [0],
  ].flat();
  return { name: 'walk', parameters: 8, result: false, floats: 0, integers: 2, body: overItems(4, body) };
}

export function summing(): Routine {
  const [gradients, hessians, sums, cell] = [[2], [3], [4], [5]];
  const both = [op.get, hessians, op.get, gradients, op.loadFirst32, [0], op.loadLane32, [0, 1], op.promote].flat();
  const body = [
    op.get, FROM, op.load16, [0], op.constant, [4], op.shiftLeft, op.get, sums, op.add, op.tee, cell,
    op.get, cell, op.loadVector, [0], both, op.plus, op.storeVector, [0], next(gradients, 4), next(hessians, 4),
  ].flat();
  return { name: 'sum', parameters: 5, result: false, floats: 0, integers: 1, body: overItems(2, body) };
}

/** Doubles, so many times. */
function timesTwo(times: number): readonly number[] {
  return [op.constant, [times], op.shiftLeft].flat();
}
