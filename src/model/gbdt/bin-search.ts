import { moduleOf, op, overItems, type Routine } from './assembler.ts';
import { MISSING, MOST_BINS } from './bins.ts';
import { PAGE, wasm } from './wasm.ts';

/** Values that are looked up at once. */
export const CHUNK = 4096;
const MOST_STEPS = 8;

type Search = (from: number, to: number, edges: number, cells: number) => number;

/**
 * Finds the bins of numbers, in WebAssembly and without a branch: eight comparisons a value that no processor could foresee. The edges
 * of each feature are padded by infinity to one less than a power of two, so that the number of steps is known.
 */
export class BinSearch {
  private readonly values: Float64Array;
  private readonly cells: Uint8Array;
  private readonly edges: readonly number[];
  private readonly searches: readonly Search[];

  constructor(edges: readonly (readonly number[])[]) {
    const steps = edges.map((list) => Math.max(1, Math.ceil(Math.log2(list.length + 1))));
    const room = CHUNK * 9 + edges.length * MOST_BINS * 8;
    const pages = Math.ceil(room / PAGE);
    const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
    const { exports } = new wasm.Instance(new wasm.Module(module()), { shared: { memory } });
    this.values = new Float64Array(memory.buffer, 0, CHUNK);
    this.cells = new Uint8Array(memory.buffer, CHUNK * 8, CHUNK);
    this.edges = edges.map((list, feature) => {
      const padded = new Float64Array(memory.buffer, CHUNK * 9 + feature * MOST_BINS * 8, MOST_BINS - 1).fill(Infinity);
      padded.set(list);
      return padded.byteOffset;
    });
    this.searches = steps.map((count) => exports[`search${count}`] as Search);
  }

  /**
   * Bins of up to `CHUNK` values by a feature's edges, valid until the next call, and how many values are not finite. NaN is missing,
   * infinities are in the first and last bin.
   */
  find(feature: number, values: Float64Array): { readonly cells: Uint8Array; readonly notFinite: number } {
    this.values.set(values);
    const notFinite = this.searches[feature]!(0, 8 * values.length, this.edges[feature]!, this.cells.byteOffset);
    return { cells: this.cells, notFinite };
  }
}

let made: Uint8Array | undefined;

function module(): Uint8Array {
  made ??= moduleOf(Array.from({ length: MOST_STEPS }, (_, index) => searching(index + 1)));
  return made;
}

/** How many of 2 ** steps − 1 ascending edges lie below each value, plus one; `MISSING` for NaN. Gives how many are not finite. */
function searching(steps: number): Routine {
  const [from, edges, cells, value, at, bad] = [[0], [2], [3], [4], [5], [6]];
  /** at += (edges[at + step − 1] < value) · step */
  const step = (power: number): readonly number[] => {
    const last = 8 * (2 ** power - 1);
    const offset = last < 128 ? [last] : [(last & 127) | 128, last >> 7];
    return [op.get, at, op.get, at, op.loadFloat, offset, op.get, value, op.lessFloat, op.constant, [3 + power], op.shiftLeft, op.add, op.set, at].flat();
  };
  const body = [
    ...[op.get, from, op.loadFloat, [0], op.set, value, op.get, edges, op.set, at].flat(),
    ...Array.from({ length: steps }, (_, index) => step(steps - 1 - index)).flat(),
    ...[op.get, cells, op.get, at, op.get, edges, op.subtract, op.constant, [3], op.shiftRight, op.constant, [MISSING + 1], op.add].flat(),
    ...[op.get, value, op.get, value, op.equalFloat, op.multiply, op.store8, [0], op.get, cells, op.constant, [1], op.add, op.set, cells].flat(),
    ...[op.get, bad, op.get, value, op.get, value, op.subtractFloat, op.get, value, op.get, value, op.subtractFloat, op.unequalFloat, op.add, op.set, bad].flat(),
  ];
  return { name: `search${steps}`, parameters: 4, result: true, floats: 1, integers: 2, body: [...overItems(8, body), ...op.get, ...bad] };
}
