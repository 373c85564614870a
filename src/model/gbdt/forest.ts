import { BLOCK_ROWS, LeafMasks } from './leaf-masks.ts';
import { WORDS, type Block, type ColumnBins, type Tree, type Trees } from './tree.ts';

/** Trees one after the other in flat arrays; tree i adds to output i mod `outputs`. */
export class Forest implements Trees {
  readonly outputs: number;
  /** By tree, and one behind the last: its first node; its first leaf is that plus its number. */
  readonly starts: Int32Array;
  readonly parts: Tree;
  /** Null where there cannot be any. */
  private masks: LeafMasks | null | undefined;

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

  /** Adds every tree, in order, to the scores of rows of bins of so many columns; scores are row-major, rows × outputs. */
  addTo(scores: Float64Array, bins: ColumnBins): void {
    // Tables of masks take longer to make than a handful of rows to walk.
    if (bins.rows > BLOCK_ROWS / 8 && this.masks === undefined) this.masks = LeafMasks.of(this, bins.cells.length / bins.rows) ?? null;
    for (let from = 0; from < bins.rows; from += BLOCK_ROWS) {
      const block = { bins, scores, from, to: Math.min(bins.rows, from + BLOCK_ROWS) };
      if (this.masks) this.masks.addTo(block);
      else for (let tree = 0; tree < this.trees; tree++) this.walk(tree, block);
    }
  }

  /** Gives the memory of its masks back: nothing more is to be predicted. */
  release(): void {
    this.masks?.release();
    this.masks = null;
  }

  /** Adds a tree to the scores of rows, node by node. */
  private walk(tree: number, { bins: { cells, rows }, scores, from, to }: Block): void {
    const { features, children, right, values } = this.parts;
    const { outputs } = this;
    const start = this.starts[tree]!;
    const bare = this.starts[tree + 1] === start;
    for (let row = from, at = from * outputs + (tree % outputs); row < to; row++, at += outputs) {
      let node = bare ? -1 : 0;
      while (node >= 0) {
        const place = start + node;
        const bin = cells[features[place]! * rows + row]!;
        node = children[2 * place + ((right[WORDS * place + (bin >>> 5)]! >>> (bin & 31)) & 1)]!;
      }
      scores[at]! += values[start + tree - 1 - node]!;
    }
  }
}
