import { inStretches, moduleOf, op, overItems, signed, unsigned, type Routine } from './assembler.ts';
import { offsetsOf } from './shape.ts';
import { wasm, type WasmMemory } from './wasm.ts';

/** Two loops in WebAssembly that take a third of the time of the plain ones; arguments are places in bytes in the shared memory. */
export interface Kernel {
  /** `addRows` for the row numbers from `from` to `to`. */
  readonly add: (from: number, to: number, bins: number, packed: number, histogram: number) => number;
  /**
   * `divideRows` for the row numbers from `from` to `to`: those whose byte in `right`, at their bin, is 1 go to the end, all keep
   * their order. `bins` begins at the feature of the first row; `spare` has room for as many. Gives the place of the first that went.
   */
  readonly divide: (from: number, to: number, bins: number, right: number, spare: number) => number;
}

/** Written out for one table: features unrolled, the places of their cells as constants. Sums are exact, so it gives those of the plain loop. */
export function kernelFor(counts: readonly number[], memory: WasmMemory): Kernel {
  const module = new wasm.Module(moduleOf([adding(counts), dividing(counts.length)]));
  return new wasm.Instance(module, { shared: { memory } }).exports as unknown as Kernel;
}

/** Rows whose memory is asked for before any of them is counted. */
const AHEAD = 32;

/**
 * The rows of a leaf lie apart, so each is a wait for memory, and counting one leaves no room to ask for the next. Stretch by stretch,
 * all rows are touched first, which asks for many at once.
 */
function adding(counts: readonly number[]): Routine {
  const [from, bins, packed, histogram, value, row, cell, touched] = [[0], [2], [3], [4], [5], [6], [7], [10]];
  const [end, at] = [8, 9];
  const offsets = offsetsOf(counts);
  /** histogram[offset + 8 · bin] += value */
  const addCell = (feature: number, offset: readonly number[]): readonly number[] => [
    ...[op.get, row, op.load8, unsigned(feature), op.constant, [3], op.shiftLeft, op.get, histogram, op.add, op.tee, cell].flat(),
    ...[op.get, cell, op.loadFloat, offset, op.get, value, op.addFloat, op.storeFloat, offset].flat(),
  ];
  const body = [
    op.get, from, op.load32, [0], op.tee, row, op.constant, [3], op.shiftLeft, op.get, packed, op.add, op.loadFloat, [0], op.set, value,
    op.get, row, op.constant, signed(counts.length), op.multiply, op.get, bins, op.add, op.set, row,
    ...counts.map((_, feature) => addCell(feature, unsigned(8 * offsets[feature]!))),
  ].flat();
  const touch = [
    op.get, [at], op.load32, [0], op.tee, row, op.constant, [3], op.shiftLeft, op.get, packed, op.add, op.load8, [0],
    op.get, row, op.constant, signed(counts.length), op.multiply, op.get, bins, op.add, op.tee, row, op.load8, [0], op.add,
    op.get, row, op.load8, unsigned(counts.length - 1), op.add, op.get, touched, op.add, op.set, touched,
  ].flat();
  // What was touched is given back, so that nothing thinks it could be left out.
  return { name: 'add', parameters: 5, result: true, floats: 1, integers: 5, body: [...inStretches({ bytes: 4 * AHEAD, at, end }, touch, body), ...op.get, ...touched] };
}

function dividing(width: number): Routine {
  const [from, bins, right, spare, row, goes, kept, moved] = [[0], [2], [3], [4], [5], [6], [7], [8]];
  const body = [
    op.get, from, op.load32, [0], op.tee, row, op.constant, signed(width), op.multiply, op.get, bins, op.add, op.load8, [0],
    op.get, right, op.add, op.load8, [0], op.constant, [2], op.shiftLeft, op.set, goes,
    op.get, kept, op.get, row, op.store32, [0], op.get, moved, op.get, row, op.store32, [0],
    op.get, moved, op.get, goes, op.add, op.set, moved, op.get, kept, op.constant, [4], op.add, op.get, goes, op.subtract, op.set, kept,
  ].flat();
  const start = [op.get, from, op.set, kept, op.get, spare, op.set, moved].flat();
  const finish = [op.get, kept, op.get, spare, op.get, moved, op.get, spare, op.subtract, op.copy, op.get, kept].flat();
  return { name: 'divide', parameters: 5, result: true, floats: 0, integers: 4, body: [...start, ...overItems(4, body), ...finish] };
}
