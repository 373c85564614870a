/** One tree as it was grown, in arrays of its own. */
export interface Tree {
  /** By node: the place of its feature. */
  readonly features: Uint16Array;
  /** Left and right of node i at 2i and 2i + 1; below 0: leaf −1 − child. */
  readonly children: Int32Array;
  /** By node and bin, 256 bits a node: whether the bin goes right. */
  readonly right: Uint32Array;
  /** By leaf: what it adds to the score. */
  readonly values: Float64Array;
}

const WORDS = 8;
/** Rows that walk through all trees before the next ones do: their bins stay in the nearest cache. */
const BLOCK_ROWS = 512;

/** Trees one after the other in flat arrays; tree i adds to output i mod `outputs`. */
export class Forest {
  readonly outputs: number;
  /** By tree, and one behind the last: its first node; its first leaf is that plus its number. */
  readonly starts: Int32Array;
  private readonly tree: Tree;

  constructor(outputs: number, starts: Int32Array, flat: Tree) {
    this.outputs = outputs;
    this.starts = starts;
    this.tree = flat;
  }

  static of(outputs: number, trees: readonly Tree[]): Forest {
    const starts = new Int32Array(trees.length + 1);
    trees.forEach((tree, index) => (starts[index + 1] = starts[index]! + tree.features.length));
    const nodes = starts[trees.length]!;
    const flat: Tree = { features: new Uint16Array(nodes), children: new Int32Array(2 * nodes), right: new Uint32Array(WORDS * nodes), values: new Float64Array(nodes + trees.length) };
    trees.forEach((tree, index) => {
      const start = starts[index]!;
      flat.features.set(tree.features, start);
      flat.children.set(tree.children, 2 * start);
      flat.right.set(tree.right, WORDS * start);
      flat.values.set(tree.values, start + index);
    });
    return new Forest(outputs, starts, flat);
  }

  get trees(): number {
    return this.starts.length - 1;
  }

  get parts(): Tree {
    return this.tree;
  }

  /** Adds every tree, in order, to the scores of rows of bins; scores are row-major, rows × outputs. */
  addTo(scores: Float64Array, bins: Uint8Array, width: number): void {
    const rows = scores.length / this.outputs;
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      const to = Math.min(rows, from + BLOCK_ROWS);
      for (let tree = 0; tree < this.trees; tree++) this.addTree(tree, { scores, bins, width, from, to });
    }
  }

  private addTree(tree: number, { scores, bins, width, from, to }: Rows): void {
    const { features, children, right, values } = this.tree;
    const { outputs } = this;
    const start = this.starts[tree]!;
    const leaf = start + tree - 1;
    const bare = this.starts[tree + 1] === start;
    for (let row = from, at = from * outputs + (tree % outputs); row < to; row++, at += outputs) {
      let node = bare ? -1 : 0;
      while (node >= 0) {
        const place = start + node;
        const bin = bins[row * width + features[place]!]!;
        node = children[2 * place + ((right[WORDS * place + (bin >>> 5)]! >>> (bin & 31)) & 1)]!;
      }
      scores[at]! += values[leaf - node]!;
    }
  }
}

interface Rows {
  readonly scores: Float64Array;
  readonly bins: Uint8Array;
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

/** 256 bits of a table that has a byte for each. */
export function bitsOf(table: Uint8Array): Uint32Array {
  const bits = new Uint32Array(WORDS);
  for (let bin = 0; bin < 256; bin++) if (table[bin] === 1) bits[bin >>> 5]! |= 1 << (bin & 31);
  return bits;
}
