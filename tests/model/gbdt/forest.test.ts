import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../src/evaluation/random.ts';
import { Forest } from '../../../src/model/gbdt/forest.ts';
import { LeafMasks } from '../../../src/model/gbdt/leaf-masks.ts';
import { type ColumnBins, type Tree, WORDS } from '../../../src/model/gbdt/tree.ts';

/** A tree of so many leaves over so many features, split anywhere by any bins. */
function treeOf(leaves: number, width: number, random: Random): Tree {
  const nodes = leaves - 1;
  const children = new Int32Array(2 * nodes);
  // Open places, below 0 for the one above the root; each node takes one and opens two.
  const open = [-1];
  for (let node = 0; node < nodes; node++) {
    const [place] = open.splice(random.below(open.length), 1);
    if (place! >= 0) children[place!] = node;
    open.push(2 * node, 2 * node + 1);
  }
  if (nodes > 0) open.forEach((place, leaf) => (children[place] = -1 - leaf));
  return {
    features: Uint16Array.from({ length: nodes }, () => random.below(width)),
    children,
    right: Uint32Array.from({ length: WORDS * nodes }, () => Math.floor(random.uniform() * 2 ** 32)),
    values: Float64Array.from({ length: leaves }, () => random.normal()),
  };
}

function binsOf(rows: number, width: number, random: Random): ColumnBins {
  return { rows, cells: Uint8Array.from({ length: rows * width }, () => random.below(256)) };
}

function some({ cells, rows }: ColumnBins, from: number, to: number): ColumnBins {
  const columns = Array.from({ length: cells.length / rows }, (_, place) => [...cells.subarray(place * rows + from, place * rows + to)]);
  return { rows: to - from, cells: Uint8Array.from(columns.flat()) };
}

describe.each([[1, 5], [2, 31, 32], [33, 1, 64], [64, 65, 200]])('trees of %d, %d and more leaves', (...leaves) => {
  test.each([1, 3])('give rows the same scores among many, by masks, as among few, walked, for %d outputs', (outputs) => {
    const random = new Random(leaves.length + outputs);
    const width = 7;
    const trees = Array.from({ length: 12 }, (_, i) => treeOf(leaves[i % leaves.length]!, width, random));
    const bins = binsOf(1100, width, random);
    const all = new Float64Array(1100 * outputs);
    Forest.of(outputs, trees).addTo(all, bins);
    const walked = new Float64Array(1100 * outputs);
    for (let from = 0; from < 1100; from += 50) Forest.of(outputs, trees).addTo(walked.subarray(from * outputs, (from + 50) * outputs), some(bins, from, from + 50));
    expect(all).toEqual(walked);
    expect(new Set(all).size).toBeGreaterThan(1);
  });
});

test('the masks of all forests of a thread take no more memory than they may, and give it back', () => {
  const random = new Random(1);
  const forest = Forest.of(1, Array.from({ length: 1300 }, () => treeOf(64, 1000, random)));
  const first = LeafMasks.of(forest, 1000);
  expect(first).toBeInstanceOf(LeafMasks);
  expect(LeafMasks.of(forest, 1000)).toBeUndefined();
  first!.release();
  const again = LeafMasks.of(forest, 1000);
  expect(again).toBeInstanceOf(LeafMasks);
  again!.release();
});
