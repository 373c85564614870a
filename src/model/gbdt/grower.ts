import { searchCategory } from './category-search.ts';
import { searchNumber } from './number-search.ts';
import { Best, gainOf, gradientOf, valueOf, type Node, type Rules } from './rules.ts';
import type { Team } from './team.ts';

interface Leaf extends Node {
  readonly id: number;
  /** Its histogram's place among those held. */
  readonly slot: number;
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
  private readonly categories: readonly boolean[];

  constructor(team: Team, categories: readonly boolean[]) {
    this.team = team;
    this.categories = categories;
  }

  /** To be called after `tasks.draw`. */
  async grow(rules: Rules): Promise<Grown> {
    const { shape } = this.team.engine;
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
    const { engine } = this.team;
    let total = 0;
    for (let cell = 0; cell < engine.offsets[1]!; cell++) total += engine.views.histograms[cell]!;
    return this.searched({ id: 0, slot: 0, total, rows: this.team.rowsOf(0), low: -Infinity, high: Infinity }, rules);
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
    if (right + 1 === this.team.engine.shape.leaves) return [{ ...bare[0], gain: 0, best: new Best() }, { ...bare[1], gain: 0, best: new Best() }];
    this.team.add(bare[smaller].id, right);
    this.subtract(leaf.slot, right);
    return [this.searched(bare[0], rules), this.searched(bare[1], rules)];
  }

  private subtract(from: number, slot: number): void {
    const { cells, views } = this.team.engine;
    const { histograms } = views;
    for (let a = from * cells, b = slot * cells, end = a + cells; a < end; a++, b++) histograms[a]! -= histograms[b]!;
  }

  private searched(leaf: Node & { readonly id: number; readonly slot: number }, rules: Rules): Leaf {
    const { engine } = this.team;
    const best = new Best();
    const gradient = gradientOf(leaf.total, rules.unit);
    const whole = gainOf(gradient, leaf.total - gradient * rules.unit + rules.l2, leaf);
    best.gain = whole + rules.leastGain;
    if (leaf.rows < 2 * rules.leastRows) return { ...leaf, gain: 0, best };
    for (let place = 0; place < engine.shape.width; place++) {
      if (rules.allowed[place] === 0) continue;
      const cells = { histogram: engine.views.histograms, at: leaf.slot * engine.cells + engine.offsets[place]!, count: engine.shape.counts[place]!, place };
      if (this.categories[place] === true) searchCategory(cells, leaf, rules, best);
      else searchNumber(cells, leaf, rules, best);
    }
    return { ...leaf, gain: best.place < 0 ? 0 : best.gain - whole, best };
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
  const value = (packed: number): number => {
    const gradient = gradientOf(packed, unit);
    return valueOf(gradient, packed - gradient * unit + l2, low, high);
  };
  const middle = (value(best.left) + value(total - best.left)) / 2;
  return direction > 0 ? [{ low, high: middle }, { low: middle, high }] : [{ low: middle, high }, { low, high: middle }];
}
