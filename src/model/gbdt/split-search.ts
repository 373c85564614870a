import { searchCategory } from './category-search.ts';
import type { Engine } from './engine.ts';
import { searchNumber } from './number-search.ts';
import { Best, type Node, readRules, wholeGain } from './rules.ts';
import { AT_ONCE, FOUND } from './views.ts';

/** A leaf whose best split is looked for, and the slot of its histogram. */
export interface Searched extends Node {
  readonly slot: number;
}

/** Numbers of a leaf in `Views.args`, behind two others. */
const LEAF = 5;

/** Args of the task: whether what other threads counted is still apart, then the leaves; the first was counted, the second is what it leaves of its slot. */
export function searchArgs(apart: boolean, leaves: readonly Searched[]): readonly number[] {
  return [apart ? 1 : 0, leaves.length, ...leaves.flatMap(({ slot, total, rows, low, high }) => [slot, total, rows, low, high])];
}

/** Makes the histograms of every `threads`-th feature whole and looks there for each leaf's best split. Features that the tree may not use are passed over. */
export function searchSplits({ shape, views, cells, offsets }: Engine, thread: number): void {
  const { args, histograms, partial, allowed, categories, found, foundMembers } = views;
  const rules = readRules(views);
  const leaves = Array.from({ length: args[1]! }, (_, index) => leafAt(args, 2 + LEAF * index));
  const bests = leaves.map((leaf) => new Best(wholeGain(leaf, rules) + rules.leastGain));
  const first = leaves[0]!.slot * cells;
  for (let place = thread; place < shape.width; place += shape.threads) {
    if (allowed[place] === 0) continue;
    const [from, to] = [offsets[place]!, offsets[place + 1]!];
    if (args[0] === 1) for (let other = 0; other < partial.length; other += cells) addCells(histograms, { at: first + from, count: to - from }, partial, other + from);
    leaves.forEach((leaf, index) => {
      const at = leaf.slot * cells + from;
      if (index > 0) subtractCells(histograms, { at, count: to - from }, first + from);
      if (leaf.rows < 2 * rules.leastRows) return;
      const request = { histogram: histograms, at, count: to - from, place };
      if (categories[place] === 1) searchCategory(request, leaf, rules, bests[index]!);
      else searchNumber(request, leaf, rules, bests[index]!);
    });
  }
  bests.forEach(({ gain, place, bin, missingRight, left, members }, index) => {
    const at = thread * AT_ONCE + index;
    found.set([gain, place, bin, missingRight ? 1 : 0, left, members === undefined ? 0 : 1], at * FOUND);
    if (members !== undefined) foundMembers.set(members, at * 256);
  });
}

/** The best of what all threads found for a leaf; of equal ones that of the lower place, as if one had looked. */
export function bestFound({ shape, views }: Engine, index: number): Best {
  let best = splitAt(views.found, index * FOUND);
  let from = index;
  for (let at = index + AT_ONCE; at < shape.threads * AT_ONCE; at += AT_ONCE) {
    const other = splitAt(views.found, at * FOUND);
    if (other.place < 0 || (best.place >= 0 && (other.gain < best.gain || (other.gain === best.gain && other.place > best.place)))) continue;
    best = other;
    from = at;
  }
  if (views.found[from * FOUND + 5] === 1) best.members = views.foundMembers.slice(from * 256, from * 256 + 256);
  return best;
}

function splitAt(found: Float64Array, at: number): Best {
  const best = new Best(found[at]!);
  best.place = found[at + 1]!;
  best.bin = found[at + 2]!;
  best.missingRight = found[at + 3] === 1;
  best.left = found[at + 4]!;
  return best;
}

function leafAt(args: Float64Array, at: number): Searched {
  return { slot: args[at]!, total: args[at + 1]!, rows: args[at + 2]!, low: args[at + 3]!, high: args[at + 4]! };
}

interface Cells {
  readonly at: number;
  readonly count: number;
}

function addCells(to: Float64Array, { at, count }: Cells, from: Float64Array, other: number): void {
  for (let cell = 0; cell < count; cell++) to[at + cell]! += from[other + cell]!;
}

function subtractCells(cells: Float64Array, { at, count }: Cells, other: number): void {
  for (let cell = 0; cell < count; cell++) cells[at + cell]! -= cells[other + cell]!;
}
