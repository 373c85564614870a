import { leafAt, type Walkable } from './walk.ts';

/** Notes the leaf of the rows that `index` lists. */
export function noteLeaf(leafOf: Uint16Array, index: Uint32Array, leaf: number): void {
  for (let at = 0; at < index.length; at++) leafOf[index[at]!] = leaf;
}

/** Notes the leaves of the rows that `index` lists, which were not there when the tree grew; bins are rows × width, row-major. */
export function noteWalked(leafOf: Uint16Array, index: Uint32Array, { tree, bins, width }: { readonly tree: Walkable; readonly bins: Uint8Array; readonly width: number }): void {
  for (let at = 0; at < index.length; at++) leafOf[index[at]!] = leafAt(tree, bins, index[at]! * width);
}

/** Adds gradients and hessians of rows to the two sums of their leaves. */
export function sumLeaves(sums: Float64Array, leafOf: Uint16Array, { gradients, hessians }: { readonly gradients: Float32Array; readonly hessians: Float32Array }): void {
  for (let row = 0; row < leafOf.length; row++) {
    const sum = 2 * leafOf[row]!;
    sums[sum]! += gradients[row]!;
    sums[sum + 1]! += hessians[row]!;
  }
}
