import { moduleOf, next, op, overItems, type Routine } from './assembler.ts';
import { wasm, type WasmMemory } from './wasm.ts';

/** The loops of `LeafMasks` in WebAssembly; arguments are places in bytes in its memory. */
export interface MaskKernel {
  /** Of two features at once: masks[row] &= a[cells of a[row]] & b[cells of b[row]], for the masks from `from` to `to`. */
  readonly narrow: (from: number, to: number, cellsA: number, masksA: number, cellsB: number, masksB: number) => void;
  /** scores[row] += values[the one leaf of masks[row]], scores `stride` bytes apart. */
  readonly score: (from: number, to: number, values: number, scores: number, stride: number) => void;
}

/** How a mask of so many words of 32 bits is read, narrowed and written. */
interface Width {
  readonly bytes: number;
  /** The power of two of its bytes. */
  readonly shift: number;
  readonly load: readonly number[];
  readonly store: readonly number[];
  readonly and: readonly number[];
  /** The zeros before its first bit, as an integer of 32 bits. */
  readonly zeros: readonly number[];
}

const WIDTHS = {
  1: { bytes: 4, shift: 2, load: op.load32, store: op.store32, and: op.and, zeros: op.leadingZeros },
  2: { bytes: 8, shift: 3, load: op.load64, store: op.store64, and: op.and64, zeros: [...op.leadingZeros64, ...op.wrap] },
} as const satisfies Readonly<Record<number, Width>>;

/** Words of 32 bits that a mask takes. */
export type MaskWords = keyof typeof WIDTHS;

export function maskKernel(memory: WasmMemory, words: MaskWords): MaskKernel {
  const width = WIDTHS[words];
  const module = new wasm.Module(moduleOf([narrowing(width), scoring(width)]));
  return new wasm.Instance(module, { shared: { memory } }).exports as unknown as MaskKernel;
}

function narrowing(width: Width): Routine {
  return { name: 'narrow', parameters: 6, result: false, floats: 0, integers: 0, body: overItems(width.bytes, narrow(width)) };
}

/** masks[cells of a row] */
function maskOf({ shift, load }: Width, cells: readonly number[], masks: readonly number[]): readonly number[] {
  return [op.get, cells, op.load8, [0], op.constant, [shift], op.shiftLeft, op.get, masks, op.add, load, [0]].flat();
}

function narrow(width: Width): readonly number[] {
  const [from, cellsA, masksA, cellsB, masksB] = [[0], [2], [3], [4], [5]];
  const narrowed = [...maskOf(width, cellsA, masksA), ...maskOf(width, cellsB, masksB), ...width.and, ...op.get, ...from, ...width.load, 0, ...width.and];
  return [...op.get, ...from, ...narrowed, ...width.store, 0, ...next(cellsA, 1), ...next(cellsB, 1)];
}

function scoring(width: Width): Routine {
  return { name: 'score', parameters: 5, result: false, floats: 0, integers: 0, body: overItems(width.bytes, score(width)) };
}

/** The leaf is the place of the only bit: that of the last one less the zeros before it. */
function score({ bytes, load, zeros }: Width): readonly number[] {
  const [from, values, scores, stride] = [[0], [2], [3], [4]];
  const leaf = [op.constant, [8 * bytes - 1], op.get, from, load, [0], zeros, op.subtract].flat();
  const value = [...leaf, ...[op.constant, [3], op.shiftLeft, op.get, values, op.add, op.loadFloat, [0]].flat()];
  const sum = [...op.get, ...scores, ...op.loadFloat, 0, ...value, ...op.addFloat];
  return [...op.get, ...scores, ...sum, ...op.storeFloat, 0, ...[op.get, scores, op.get, stride, op.add, op.set, scores].flat()];
}
