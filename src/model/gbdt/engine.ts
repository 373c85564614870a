import { FOUR } from './draw-kernel.ts';
import { fillGradients } from './gradients.ts';
import { fillHeldLosses } from './held-loss.ts';
import { addRows, divideRows } from './histogram.ts';
import { kernelFor, type Kernel } from './kernel.ts';
import { drawRows, quantise } from './packing.ts';
import { noteLeaf, noteWalked, sumLeaves } from './settle.ts';
import { offsetsOf, spanOf, type Shape, type Span } from './shape.ts';
import { searchSplits } from './split-search.ts';
import { leafAt } from './walk.ts';
import { vectorKernelFor, type VectorKernel } from './vector-kernel.ts';
import { viewsOf, type Views } from './views.ts';
import { wasm, type WasmMemory } from './wasm.ts';

/** The tasks that threads share, each on its own rows; a search on its own features. */
export const tasks = { gradients: 0, draw: 1, add: 2, split: 3, settle: 4, update: 5, search: 6 } as const;

/** Wider tables use the plain loop: a kernel of so many features takes longer to compile than it saves. */
const MOST_UNROLLED = 4096;

/** What one thread does with the shared memory. Which thread does a part of a task makes no difference to what comes of it. */
export class Engine {
  readonly shape: Shape;
  readonly views: Views;
  readonly offsets: Int32Array;
  readonly cells: number;
  private readonly kernel: Kernel | undefined;
  private readonly vectors: VectorKernel | undefined;

  constructor(shape: Shape, memory: WasmMemory | SharedArrayBuffer) {
    const shared = memory instanceof wasm.Memory ? memory : undefined;
    this.shape = shape;
    this.views = viewsOf(shape, shared?.buffer ?? (memory as SharedArrayBuffer));
    this.offsets = offsetsOf(shape.counts);
    this.cells = this.offsets[shape.width]!;
    this.kernel = shared !== undefined && shape.width <= MOST_UNROLLED ? kernelFor(shape.counts, shared) : undefined;
    this.vectors = shared && vectorKernelFor(shared);
  }

  /** Does a thread's part of a task, as `Views.args` has it. */
  perform(task: number, thread: number): void {
    const { args, histograms, partial } = this.views;
    const [a, b, c] = [args[0]!, args[1]!, args[2]!];
    if (task === tasks.gradients) {
      fillGradients(this.shape, this.views, thread, this.vectors);
      fillHeldLosses(this.shape, this.views, thread);
    } else if (task === tasks.draw) this.draw(thread);
    else if (task === tasks.add) {
      const target = thread === 0 ? histograms : partial;
      const at = this.cells * (thread === 0 ? b : thread - 1);
      target.fill(0, at, at + this.cells);
      this.add(thread, a, { target, at });
    } else if (task === tasks.split) this.split(thread, { leaf: a, right: b, node: c });
    else if (task === tasks.settle) this.settle(thread, { nodes: a, output: b });
    else if (task === tasks.update) this.update(thread, { output: a, nodes: b });
    else if (task === tasks.search) searchSplits(this, thread);
  }

  /** Quantises the gradients of an output and draws the rows of a tree. Args: output, levels a unit of gradient and of hessian, the unit, seed, highest draw. */
  private draw(thread: number): void {
    const { rows, leaves } = this.shape;
    const { args, gradients, hessians, packed, index, begins, sizes } = this.views;
    const [output, gradientScale, hessianScale, unit, seed, highest] = [args[0]!, args[1]!, args[2]!, args[3]!, args[4]!, args[5]!];
    const { from, to } = spanOf(rows, this.shape, thread);
    const [middle, first] = this.drawFours({ from, to }, { output, seed, highest });
    const own = { gradients: gradients.subarray(output * rows, (output + 1) * rows), hessians: hessians.subarray(output * rows, (output + 1) * rows), from: middle, to };
    quantise(packed, own, { unit, gradientScale, hessianScale, seed });
    begins[thread * leaves] = from;
    sizes[thread * leaves] = drawRows(index, { from: middle, to, seed, highest, first, end: to - (middle - first) }) - from;
  }

  /** Leaves as many rows as it can to the kernel. Gives the first row that it did not do, and the place behind the last drawn. */
  private drawFours({ from, to }: Span, { output, seed, highest }: { readonly output: number; readonly seed: number; readonly highest: number }): readonly [number, number] {
    if (this.vectors === undefined) return [from, from];
    const { args, gradients, hessians, packed, index } = this.views;
    const count = to - from - ((to - from) % FOUR);
    const at = 4 * (output * this.shape.rows + from);
    const place = this.vectors.draw(
      gradients.byteOffset + at, gradients.byteOffset + at + 4 * count, hessians.byteOffset + at, packed.byteOffset + 8 * from, args.byteOffset + 8,
      from, seed, highest, index.byteOffset + 4 * from, index.byteOffset + 4 * to,
    );
    return [from + count, (placeOf(place) - index.byteOffset) / 4];
  }

  /** Adds a thread's rows of a leaf to a histogram that begins at cell `at` of `target`. */
  add(thread: number, leaf: number, { target, at }: { readonly target: Float64Array; readonly at: number }): void {
    const { bins, packed, index, begins, sizes } = this.views;
    const begin = begins[thread * this.shape.leaves + leaf]!;
    const end = begin + sizes[thread * this.shape.leaves + leaf]!;
    if (this.kernel === undefined) {
      addRows(target.subarray(at, at + this.cells), { bins, offsets: this.offsets, width: this.shape.width }, { index: index.subarray(begin, end), packed });
    } else this.kernel.add(index.byteOffset + 4 * begin, index.byteOffset + 4 * end, bins.byteOffset, packed.byteOffset, target.byteOffset + 8 * at);
  }

  /** Divides a thread's rows of a leaf by a node; those that go right become the leaf `right`, order is kept. */
  private split(thread: number, { leaf, right, node }: { readonly leaf: number; readonly right: number; readonly node: number }): void {
    const { width, leaves } = this.shape;
    const { bins, index, spare, begins, sizes, nodeFeatures, nodeRight } = this.views;
    const begin = begins[thread * leaves + leaf]!;
    const end = begin + sizes[thread * leaves + leaf]!;
    const feature = nodeFeatures[node]!;
    const kept = this.kernel === undefined
      ? divideRows(index.subarray(begin, end), spare.subarray(begin, end), { bins, width, feature, right: nodeRight.subarray(256 * node, 256 * node + 256) })
      : (placeOf(this.kernel.divide(index.byteOffset + 4 * begin, index.byteOffset + 4 * end, bins.byteOffset + feature, nodeRight.byteOffset + 256 * node, spare.byteOffset + 4 * begin)) - index.byteOffset) / 4 - begin;
    sizes[thread * leaves + leaf] = kept;
    begins[thread * leaves + right] = begin + kept;
    sizes[thread * leaves + right] = end - begin - kept;
  }

  /** Notes the leaf of every row, drawn or not, and sums exact gradients by block and leaf. Args: nodes, output. */
  private settle(thread: number, { nodes, output }: { readonly nodes: number; readonly output: number }): void {
    const { rows, leaves, block } = this.shape;
    const { gradients, hessians, leafOf, leafSums } = this.views;
    this.noteLeaves(thread, nodes);
    const { from, to } = spanOf(rows, this.shape, thread);
    for (let first = from; first < to; first += block) {
      const base = (first / block) * leaves * 2;
      leafSums.fill(0, base, base + leaves * 2);
      const last = Math.min(to, first + block);
      const at = output * rows + first;
      if (this.vectors === undefined) sumLeaves(leafSums.subarray(base), leafOf.subarray(first, last), { gradients: gradients.subarray(at), hessians: hessians.subarray(at) });
      else this.vectors.sum(leafOf.byteOffset + 2 * first, leafOf.byteOffset + 2 * last, gradients.byteOffset + 4 * at, hessians.byteOffset + 4 * at, leafSums.byteOffset + 8 * base);
    }
  }

  private noteLeaves(thread: number, nodes: number): void {
    const { rows, leaves, width } = this.shape;
    const { bins, index, leafOf, begins, sizes, nodeFeatures, nodeChildren, nodeRight } = this.views;
    const kernel = this.vectors;
    const { from, to } = spanOf(rows, this.shape, thread);
    let drawn = from;
    for (let leaf = 0; leaf <= nodes; leaf++) {
      const begin = begins[thread * leaves + leaf]!;
      const end = begin + sizes[thread * leaves + leaf]!;
      drawn += end - begin;
      if (kernel === undefined) noteLeaf(leafOf, index.subarray(begin, end), leaf);
      else kernel.note(index.byteOffset + 4 * begin, index.byteOffset + 4 * end, leafOf.byteOffset, leaf);
    }
    if (kernel === undefined || nodes === 0) noteWalked(leafOf, index.subarray(drawn, to), { tree: { features: nodeFeatures, children: nodeChildren, right: nodeRight, nodes }, bins, width });
    else kernel.walk(index.byteOffset + 4 * drawn, index.byteOffset + 4 * to, leafOf.byteOffset, bins.byteOffset, width, nodeFeatures.byteOffset, nodeChildren.byteOffset, nodeRight.byteOffset);
  }

  private update(thread: number, { output, nodes }: { readonly output: number; readonly nodes: number }): void {
    const { rows, heldRows, width } = this.shape;
    const { scores, heldScores, heldBins, leafOf, leafValues, nodeFeatures, nodeChildren, nodeRight } = this.views;
    const span = spanOf(rows, this.shape, thread);
    for (let row = span.from, at = output * rows + row; row < span.to; row++, at++) scores[at]! += leafValues[leafOf[row]!]!;
    const tree = { features: nodeFeatures, children: nodeChildren, right: nodeRight, nodes };
    const held = spanOf(heldRows, this.shape, thread);
    for (let row = held.from, at = output * heldRows + row; row < held.to; row++, at++) heldScores[at]! += leafValues[leafAt(tree, heldBins, row * width)]!;
  }
}

/** Of a place that WebAssembly gives: those beyond two gigabytes come as numbers below zero. */
function placeOf(given: number): number {
  return given >>> 0;
}
