/** One tree, ready to be walked: by node the feature's place, the two children (below 0: leaf −1 − child), and by bin whether it goes right. */
export interface Walkable {
  readonly features: Int32Array;
  /** Left and right of node i at 2i and 2i + 1. */
  readonly children: Int32Array;
  /** 256 a node: 0 left, 1 right. */
  readonly right: Uint8Array;
  /** Without any, leaf 0 is all there is. */
  readonly nodes: number;
}

/** The leaf of the row whose bins begin at `base`. */
export function leafAt({ features, children, right, nodes }: Walkable, bins: Uint8Array, base: number): number {
  if (nodes === 0) return 0;
  let node = 0;
  do node = children[2 * node + right[256 * node + bins[base + features[node]!]!]!]!;
  while (node >= 0);
  return -1 - node;
}
