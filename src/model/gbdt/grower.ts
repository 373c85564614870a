import { Best, gradientOf, hessianOf, valueOf, wholeGain, writeRules, type Rules } from './rules.ts';
import type { Searched } from './split-search.ts';
import type { Team } from './team.ts';

interface Leaf extends Searched {
  readonly id: number;
  /** What its split saves over leaving it whole; 0 where it has none. */
  readonly gain: number;
  readonly best: Best;
}

/** A grown tree; its nodes are in `Views`. */
export interface Grown {
  readonly nodes: number;
  /** Lower and upper bound of every leaf's value, in the units of `Rules`. */
  readonly bounds: readonly { readonly low: number; readonly high: number }[];
  /** Gain by place, in the units of `Rules`. */
  readonly gains: Float64Array;
}

/** A node's parent and side: where the number of the node that a leaf becomes is to be written. */
type Link = { readonly node: number; readonly side: number } | undefined;

/** Grows one tree leaf by leaf, the one that saves most first. Of two children the smaller is counted, the larger subtracted. */
export class Grower {
  private readonly team: Team;

  constructor(team: Team) {
    this.team = team;
  }

  /** To be called after `tasks.draw`. */
  async grow(rules: Rules): Promise<Grown> {
    const { shape, views } = this.team.engine;
    writeRules(views, rules);
    const leaves: Leaf[] = [this.root(rules)];
    const links: Link[] = [undefined];
    const gains = new Float64Array(shape.width);
    let nodes = 0;
    while (leaves.length < shape.leaves) {
      const leaf = leaves.reduce((most, one) => (one.gain > most.gain ? one : most));
      if (leaf.gain <= 0) break;
      gains[leaf.best.place]! += leaf.gain;
      this.writeNode(nodes, leaf, links);
      const [left, right] = this.split(nodes, leaf, { right: leaves.length, rules });
      leaves[leaf.id] = left;
      leaves.push(right);
      nodes++;
      await this.team.giveWay();
    }
    return { nodes, bounds: leaves.map(({ low, high }) => ({ low, high })), gains };
  }

  private root(rules: Rules): Leaf {
    this.team.add(0, 0);
    return this.searched([{ id: 0, slot: 0, total: this.team.totalOf(0), rows: this.team.rowsOf(0), low: -Infinity, high: Infinity }], rules)[0]!;
  }

  private writeNode(node: number, { id, best }: Leaf, links: Link[]): void {
    const { nodeFeatures, nodeChildren, nodeRight } = this.team.engine.views;
    nodeFeatures[node] = best.place;
    nodeRight.set(best.members ?? thresholdTable(best), node * 256);
    const link = links[id];
    if (link !== undefined) nodeChildren[2 * link.node + link.side] = node;
    const right = node + 1;
    nodeChildren[2 * node] = -1 - id;
    nodeChildren[2 * node + 1] = -1 - right;
    links[id] = { node, side: 0 };
    links[right] = { node, side: 1 };
  }

  private split(node: number, leaf: Leaf, { right, rules }: { readonly right: number; readonly rules: Rules }): readonly [Leaf, Leaf] {
    this.team.split({ leaf: leaf.id, right, node, rows: leaf.rows });
    const counts = [this.team.rowsOf(leaf.id), this.team.rowsOf(right)] as const;
    const bounds = boundsOf(leaf, rules);
    const smaller = counts[0] <= counts[1] ? 0 : 1;
    const slots = smaller === 0 ? [right, leaf.slot] : [leaf.slot, right];
    const bare = [
      { id: leaf.id, slot: slots[0]!, total: leaf.best.left, rows: counts[0], ...bounds[0] },
      { id: right, slot: slots[1]!, total: leaf.total - leaf.best.left, rows: counts[1], ...bounds[1] },
    ] as const;
    // The last two leaves are split no further.
    if (right + 1 === this.team.engine.shape.leaves) return [{ ...bare[0], gain: 0, best: new Best(0) }, { ...bare[1], gain: 0, best: new Best(0) }];
    this.team.add(bare[smaller].id, right);
    const [counted, rest] = this.searched([bare[smaller], bare[1 - smaller]!], rules);
    return smaller === 0 ? [counted!, rest!] : [rest!, counted!];
  }

  private searched(leaves: readonly (Searched & { readonly id: number })[], rules: Rules): readonly Leaf[] {
    const bests = this.team.search(leaves);
    return leaves.map((leaf, index) => {
      const best = bests[index]!;
      return { ...leaf, gain: best.place < 0 ? 0 : best.gain - wholeGain(leaf, rules), best };
    });
  }
}

/** By bin, 1 where it goes right. */
function thresholdTable({ bin, missingRight }: Best): Uint8Array {
  const table = new Uint8Array(256).fill(1, bin + 1);
  table[0] = missingRight ? 1 : 0;
  return table;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** What is left to each side's value: under a constraint, the middle of both bounds one from above and the other from below. */
function boundsOf({ total, low, high, best }: Leaf, { unit, l2, directions }: Rules): readonly [Bounds, Bounds] {
  const direction = best.members === undefined ? directions[best.place]! : 0;
  if (direction === 0) return [{ low, high }, { low, high }];
  const value = (packed: number): number => valueOf(gradientOf(packed, unit), hessianOf(packed, unit) + l2, low, high);
  const middle = (value(best.left) + value(total - best.left)) / 2;
  return direction > 0 ? [{ low, high: middle }, { low: middle, high }] : [{ low: middle, high }, { low, high: middle }];
}
