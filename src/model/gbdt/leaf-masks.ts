import { MOST_BINS } from './bins.ts';
import { maskKernel, type MaskKernel, type MaskWords } from './mask-kernel.ts';
import { WORDS, type Block, type Trees } from './tree.ts';
import { PAGE, wasm } from './wasm.ts';

/** A bit a leaf. */
const MOST_LEAVES = 64;
/** Rows that go through all trees before the next ones do: their bins stay in the nearest cache. */
export const BLOCK_ROWS = 512;
/** What the masks of all forests of a thread take at most; whatever goes beyond is walked. */
const MOST_BYTES = 2 ** 28;
let held = 0;

/**
 * Scores rows without walking: by tree, feature and bin, a mask of the leaves that a row with that bin can still reach; all masks of a
 * row together leave one. A walk waits for every step before the next, these loads wait for nothing, which makes it several times
 * faster. For trees of up to 64 leaves. After Lucchese and others, QuickScorer, SIGIR 2015.
 */
export class LeafMasks {
  private readonly forest: Trees;
  private readonly width: number;
  private readonly words: MaskWords;
  /** By tree: the places of its features; its tables follow each other. */
  private readonly features: readonly (readonly number[])[];
  /** By tree: its first table, of a mask for each bin. */
  private readonly firsts: readonly number[];
  private readonly kernel: MaskKernel;
  private readonly masks: Uint32Array;
  private readonly values: Float64Array;
  private readonly scores: Float64Array;
  private readonly leaves: Int32Array;
  private readonly cells: Uint8Array;

  /** The masks of a forest over rows of `width` used features; undefined where its trees are too large, or the masks of all would be. */
  static of(forest: Trees, width: number): LeafMasks | undefined {
    const { starts, parts, trees } = forest;
    let leaves = 0;
    for (let tree = 0; tree < trees; tree++) leaves = Math.max(leaves, starts[tree + 1]! - starts[tree]! + 1);
    if (leaves > MOST_LEAVES) return undefined;
    const features = Array.from({ length: trees }, (_, tree) => [...new Set(parts.features.subarray(starts[tree], starts[tree + 1]))]);
    const words = leaves > 32 ? 2 : 1;
    const bytes = features.reduce((sum, list) => sum + list.length, 0) * MOST_BINS * 4 * words;
    if (held + bytes > MOST_BYTES) return undefined;
    try {
      const made = new LeafMasks(forest, { width, features, words });
      held += bytes;
      return made;
    } catch (cause) {
      // There is no memory for them: walking takes none.
      if ((cause as Error).name === 'RangeError') return undefined;
      throw cause;
    }
  }

  private constructor(forest: Trees, { width, features, words }: { readonly width: number; readonly features: readonly (readonly number[])[]; readonly words: MaskWords }) {
    const { parts, trees, outputs } = forest;
    this.forest = forest;
    this.width = width;
    this.words = words;
    this.features = features;
    let tables = 0;
    this.firsts = this.features.map((list) => (tables += list.length) - list.length);
    const sizes = [tables * MOST_BINS * 4 * words, parts.values.byteLength, BLOCK_ROWS * outputs * 8, BLOCK_ROWS * 4 * words, BLOCK_ROWS * width];
    const pages = Math.ceil((sizes.reduce((sum, size) => sum + size, 0) + 8) / PAGE);
    const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
    this.kernel = maskKernel(memory, words);
    this.values = new Float64Array(memory.buffer, 0, parts.values.length);
    this.scores = new Float64Array(memory.buffer, this.values.byteLength, BLOCK_ROWS * outputs);
    this.masks = new Uint32Array(memory.buffer, this.scores.byteOffset + this.scores.byteLength, tables * MOST_BINS * words);
    this.leaves = new Int32Array(memory.buffer, this.masks.byteOffset + this.masks.byteLength, BLOCK_ROWS * words);
    this.cells = new Uint8Array(memory.buffer, this.leaves.byteOffset + this.leaves.byteLength, BLOCK_ROWS * width);
    this.values.set(parts.values);
    for (let tree = 0; tree < trees; tree++) this.fill(tree);
  }

  /** Gives its memory back: it is not to be used again. */
  release(): void {
    held -= this.masks.byteLength;
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
    const { kernel, values, scores, leaves, words } = this;
    const { outputs, starts } = this.forest;
    const list = this.features[tree]!;
    const [first, end] = [leaves.byteOffset, leaves.byteOffset + 4 * words * rows];
    leaves.fill(-1, 0, words * rows);
    // Without a node there is leaf 0.
    if (list.length === 0) for (let word = 0; word < words * rows; word++) leaves[word] = word % words === 0 ? 1 : 0;
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
    return this.masks.byteOffset + 4 * this.words * MOST_BINS * (this.firsts[tree]! + table);
  }

  /** Takes from each bin of each node the leaves on the side where it does not go. */
  private fill(tree: number): void {
    const { words, masks } = this;
    const { starts, parts: { features, children, right: bits } } = this.forest;
    const [start, list] = [starts[tree]!, this.features[tree]!];
    const first = words * MOST_BINS * this.firsts[tree]!;
    const nodes = starts[tree + 1]! - start;
    for (let word = 0; word < words; word++) {
      const all = upTo(nodes + 1 - 32 * word);
      for (let at = first + word; at < first + words * MOST_BINS * list.length; at += words) masks[at] = all;
    }
    const reach = new Uint32Array(words * nodes);
    const below = (child: number, word: number): number => (child < 0 ? leafBit(-1 - child, word) : reach[words * child + word]!);
    // A node's children come after it.
    for (let node = nodes - 1; node >= 0; node--) {
      const table = first + words * MOST_BINS * list.indexOf(features[start + node]!);
      for (let word = 0; word < words; word++) {
        const [left, right] = [below(children[2 * (start + node)]!, word), below(children[2 * (start + node) + 1]!, word)];
        reach[words * node + word] = left | right;
        if ((left | right) === 0) continue;
        const [keptLeft, keptRight] = [~right, ~left];
        for (let part = 0, at = table + word; part < WORDS; part++) {
          let goesRight = bits[WORDS * (start + node) + part]!;
          for (let bin = 0; bin < 32; bin++, at += words, goesRight >>>= 1) masks[at]! &= (goesRight & 1) === 1 ? keptRight : keptLeft;
        }
      }
    }
  }
}

/** The bit of a leaf in one of the words of a mask. */
function leafBit(leaf: number, word: number): number {
  return leaf >>> 5 === word ? 1 << (leaf & 31) : 0;
}

/** A word with as many bits, at most all of them. */
function upTo(count: number): number {
  return count >= 32 ? 0xffffffff : count <= 0 ? 0 : 2 ** count - 1;
}
