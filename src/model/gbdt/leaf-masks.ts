import { MOST_BINS } from './bins.ts';
import { maskKernel, type MaskKernel } from './mask-kernel.ts';
import { WORDS, type Block, type Trees } from './tree.ts';
import { PAGE, wasm } from './wasm.ts';

/** A bit a leaf. */
export const MOST_LEAVES = 32;
/** Rows that go through all trees before the next ones do: their bins stay in the nearest cache. */
export const BLOCK_ROWS = 512;
/** Tables of all trees together at most, of a kilobyte each. */
const MOST_TABLES = 2 ** 17;

/**
 * Scores rows without walking: by tree, feature and bin, a mask of the leaves that a row with that bin can still reach; all masks of a
 * row together leave one. A walk waits for every step before the next, these loads wait for nothing, which makes it several times
 * faster. For trees of up to 32 leaves. After Lucchese and others, QuickScorer, SIGIR 2015.
 */
export class LeafMasks {
  private readonly forest: Trees;
  private readonly width: number;
  /** By tree: the places of its features; its tables follow each other. */
  private readonly features: readonly (readonly number[])[];
  /** By tree: its first table. */
  private readonly firsts: readonly number[];
  private readonly kernel: MaskKernel;
  private readonly masks: Uint32Array;
  private readonly values: Float64Array;
  private readonly scores: Float64Array;
  private readonly leaves: Int32Array;
  private readonly cells: Uint8Array;

  /** Whether trees are few and small enough. */
  static suits({ starts, trees }: Trees): boolean {
    for (let tree = 0; tree < trees; tree++) if (starts[tree + 1]! - starts[tree]! >= MOST_LEAVES) return false;
    return starts[trees]! <= MOST_TABLES;
  }

  /** `width` used features a row. `suits` must hold. */
  constructor(forest: Trees, width: number) {
    const { starts, parts, trees, outputs } = forest;
    this.forest = forest;
    this.width = width;
    this.features = Array.from({ length: trees }, (_, tree) => [...new Set(parts.features.subarray(starts[tree], starts[tree + 1]))]);
    let tables = 0;
    this.firsts = this.features.map((list) => (tables += list.length) - list.length);
    const sizes = [tables * MOST_BINS * 4, parts.values.byteLength, BLOCK_ROWS * outputs * 8, BLOCK_ROWS * 4, BLOCK_ROWS * width];
    const pages = Math.ceil((sizes.reduce((sum, size) => sum + size, 0) + 8) / PAGE);
    const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
    this.kernel = maskKernel(memory);
    this.values = new Float64Array(memory.buffer, 0, parts.values.length);
    this.scores = new Float64Array(memory.buffer, this.values.byteLength, BLOCK_ROWS * outputs);
    this.masks = new Uint32Array(memory.buffer, this.scores.byteOffset + this.scores.byteLength, tables * MOST_BINS);
    this.leaves = new Int32Array(memory.buffer, this.masks.byteOffset + this.masks.byteLength, BLOCK_ROWS);
    this.cells = new Uint8Array(memory.buffer, this.leaves.byteOffset + this.leaves.byteLength, BLOCK_ROWS * width);
    this.values.set(parts.values);
    for (let tree = 0; tree < trees; tree++) this.fill(tree);
  }

  /** Adds every tree, in order, to the scores of up to `BLOCK_ROWS` rows. */
  addTo({ bins, scores, from, to }: Block): void {
    const { outputs } = this.forest;
    for (let place = 0; place < this.width; place++) this.cells.set(bins.cells.subarray(place * bins.rows + from, place * bins.rows + to), place * BLOCK_ROWS);
    this.scores.set(scores.subarray(from * outputs, to * outputs));
    for (let tree = 0; tree < this.forest.trees; tree++) this.addTree(tree, to - from);
    scores.set(this.scores.subarray(0, (to - from) * outputs), from * outputs);
  }

  private addTree(tree: number, rows: number): void {
    const { kernel, values, scores, leaves } = this;
    const { outputs, starts } = this.forest;
    const list = this.features[tree]!;
    const [first, end] = [leaves.byteOffset, leaves.byteOffset + 4 * rows];
    // Without a node there is leaf 0.
    leaves.fill(list.length === 0 ? 1 : -1, 0, rows);
    for (let table = 0; table < list.length; table += 2) {
      const [a, b] = [table, Math.min(table + 1, list.length - 1)];
      kernel.narrow(first, end, this.cellsOf(list[a]!), this.masksOf(tree, a), this.cellsOf(list[b]!), this.masksOf(tree, b));
    }
    kernel.score(first, end, values.byteOffset + 8 * (starts[tree]! + tree), scores.byteOffset + 8 * (tree % outputs), 8 * outputs);
  }

  private cellsOf(place: number): number {
    return this.cells.byteOffset + place * BLOCK_ROWS;
  }

  private masksOf(tree: number, table: number): number {
    return this.masks.byteOffset + 4 * MOST_BINS * (this.firsts[tree]! + table);
  }

  /** Takes from each bin of each node the leaves on the side where it does not go. */
  private fill(tree: number): void {
    const { starts, parts } = this.forest;
    const [start, list, first] = [starts[tree]!, this.features[tree]!, this.firsts[tree]!];
    const below = (child: number): number => (child < 0 ? (1 << (-1 - child)) >>> 0 : reach[child]!);
    const reach = new Uint32Array(starts[tree + 1]! - start);
    this.masks.fill(2 ** (reach.length + 1) - 1, MOST_BINS * first, MOST_BINS * (first + list.length));
    // A node's children come after it.
    for (let node = reach.length - 1; node >= 0; node--) {
      const [left, right] = [below(parts.children[2 * (start + node)]!), below(parts.children[2 * (start + node) + 1]!)];
      reach[node] = left | right;
      const table = MOST_BINS * (first + list.indexOf(parts.features[start + node]!));
      for (let bin = 0; bin < MOST_BINS; bin++) {
        const goesRight = (parts.right[WORDS * (start + node) + (bin >>> 5)]! >>> (bin & 31)) & 1;
        this.masks[table + bin]! &= ~(goesRight === 1 ? left : right);
      }
    }
  }
}
