import { LeafMasks } from './leaf-masks.ts';
import { WORDS, type Block, type ColumnBins, type Tree } from './tree.ts';

/** Rows that go through all trees before the next ones do: their bins stay in the nearest cache. */
const BLOCK_ROWS = 512;

/** Trees one after the other in flat arrays; tree i adds to output i mod `outputs`. */
export class Forest {
  readonly outputs: number;
  /** By tree, and one behind the last: its first node; its first leaf is that plus its number. */
  readonly starts: Int32Array;
  readonly parts: Tree;
  private masks: LeafMasks | undefined;

  constructor(outputs: number, starts: Int32Array, parts: Tree) {
    this.outputs = outputs;
    this.starts = starts;
    this.parts = parts;
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

  /** Adds every tree, in order, to the scores of rows of bins; scores are row-major, rows × outputs. */
  addTo(scores: Float64Array, bins: ColumnBins): void {
    // Tables of masks take longer to make than a handful of rows to walk.
    if (bins.rows > BLOCK_ROWS / 8) this.masks ??= new LeafMasks(this);
    const leaves = new Uint32Array(BLOCK_ROWS);
    for (let from = 0; from < bins.rows; from += BLOCK_ROWS) {
      const to = Math.min(bins.rows, from + BLOCK_ROWS);
      for (let tree = 0; tree < this.trees; tree++) {
        if (this.masks?.has(tree) === true) this.masks.find(tree, { bins, from, to, leaves });
        else this.walk(tree, { bins, from, to, leaves });
        this.addValues(tree, { scores, from, to, leaves });
      }
    }
  }

  /** The leaf of each row, node by node. */
  private walk(tree: number, { bins: { cells, rows }, from, to, leaves }: Block): void {
    const { features, children, right } = this.parts;
    const start = this.starts[tree]!;
    const bare = this.starts[tree + 1] === start;
    for (let row = from; row < to; row++) {
      let node = bare ? -1 : 0;
      while (node >= 0) {
        const place = start + node;
        const bin = cells[features[place]! * rows + row]!;
        node = children[2 * place + ((right[WORDS * place + (bin >>> 5)]! >>> (bin & 31)) & 1)]!;
      }
      leaves[row - from] = -1 - node;
    }
  }

  private addValues(tree: number, { scores, from, to, leaves }: Omit<Block, 'bins'> & { readonly scores: Float64Array }): void {
    const { values } = this.parts;
    const { outputs } = this;
    const first = this.starts[tree]! + tree;
    for (let row = from, at = from * outputs + (tree % outputs); row < to; row++, at += outputs) scores[at]! += values[first + leaves[row - from]!]!;
  }
}
