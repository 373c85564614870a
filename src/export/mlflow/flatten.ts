import type { Keyed } from './keys.ts';

/** The leaves of a configuration, by path. A list of plain values is one leaf, as JSON; other lists go by position, from 0. */
export function flatten(tree: unknown, parts: readonly string[] = []): readonly Keyed<string>[] {
  if (isLeaf(tree)) return [{ parts, value: typeof tree === 'string' ? tree : JSON.stringify(tree) }];
  return Object.entries(tree as object).flatMap(([key, inner]) => flatten(inner, [...parts, key]));
}

function isLeaf(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return true;
  if (Array.isArray(tree)) return tree.every((one) => typeof one !== 'object' || one === null);
  return Object.keys(tree).length === 0;
}
