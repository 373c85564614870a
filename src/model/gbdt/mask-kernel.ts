import { moduleOf, next, op, overItems, type Routine } from './assembler.ts';
import { wasm, type WasmMemory } from './wasm.ts';

/** The loops of `LeafMasks` in WebAssembly; arguments are places in bytes in its memory. */
export interface MaskKernel {
  /** Of two features at once: masks[row] &= a[cells of a[row]] & b[cells of b[row]], for the masks from `from` to `to`. */
  readonly narrow: (from: number, to: number, cellsA: number, masksA: number, cellsB: number, masksB: number) => void;
  /** scores[row] += values[the one leaf of masks[row]], scores `stride` bytes apart. */
  readonly score: (from: number, to: number, values: number, scores: number, stride: number) => void;
}

export function maskKernel(memory: WasmMemory): MaskKernel {
  const module = new wasm.Module(moduleOf([narrowing, scoring]));
  return new wasm.Instance(module, { shared: { memory } }).exports as unknown as MaskKernel;
}

const narrowing: Routine = { name: 'narrow', parameters: 6, result: false, floats: 0, integers: 0, body: overItems(4, narrow()) };

/** masks[cells of a row] */
function maskOf(cells: readonly number[], masks: readonly number[]): readonly number[] {
  return [op.get, cells, op.load8, [0], op.constant, [2], op.shiftLeft, op.get, masks, op.add, op.load32, [0]].flat();
}

function narrow(): readonly number[] {
  const [from, cellsA, masksA, cellsB, masksB] = [[0], [2], [3], [4], [5]];
  const narrowed = [...maskOf(cellsA, masksA), ...maskOf(cellsB, masksB), ...op.and, ...op.get, ...from, ...op.load32, 0, ...op.and];
  return [...op.get, ...from, ...narrowed, ...op.store32, 0, ...next(cellsA, 1), ...next(cellsB, 1)];
}

const scoring: Routine = { name: 'score', parameters: 5, result: false, floats: 0, integers: 0, body: overItems(4, score()) };

/** The leaf is the place of the only bit: 31 less the zeros before it. */
function score(): readonly number[] {
  const [from, values, scores, stride] = [[0], [2], [3], [4]];
  const leaf = [op.constant, [31], op.get, from, op.load32, [0], op.leadingZeros, op.subtract].flat();
  const value = [...leaf, ...[op.constant, [3], op.shiftLeft, op.get, values, op.add, op.loadFloat, [0]].flat()];
  const sum = [...op.get, ...scores, ...op.loadFloat, 0, ...value, ...op.addFloat];
  return [...op.get, ...scores, ...sum, ...op.storeFloat, 0, ...[op.get, scores, op.get, stride, op.add, op.set, scores].flat()];
}
