import { gainOf, valueOf, type Best, type Node, type Rules } from './rules.ts';

/** The cells of one feature in a leaf's histogram. */
export interface FeatureCells {
  readonly histogram: Float64Array;
  readonly at: number;
  readonly count: number;
  readonly place: number;
}

/** Looks for the best threshold of a feature, with missing values on either side where the leaf has any. */
export function searchNumber(cells: FeatureCells, node: Node, rules: Rules, best: Best): void {
  const missing = cells.histogram[cells.at]!;
  scan(cells, { node, rules, best, missing: 0, last: missing === 0 ? cells.count - 2 : cells.count - 1 });
  if (missing !== 0) scan(cells, { node, rules, best, missing, last: cells.count - 2 });
}

interface Scan {
  readonly node: Node;
  readonly rules: Rules;
  readonly best: Best;
  /** What the missing values add to the left side. */
  readonly missing: number;
  /** The last bin that may be the last of the left side. */
  readonly last: number;
}

function scan({ histogram, at, place }: FeatureCells, { node, rules, best, missing, last }: Scan): void {
  const { unit, l2 } = rules;
  const direction = rules.directions[place]!;
  const bounded = direction !== 0 || node.low > -Infinity || node.high < Infinity;
  const gradient = Math.floor(node.total / unit);
  const hessian = node.total - gradient * unit;
  const least = Math.max(rules.leastHessian, (rules.leastRows * hessian) / node.rows);
  const share = 1 / unit;
  let left = missing;
  let gain = best.gain;
  let bin = -1;
  let kept = 0;
  for (let here = missing === 0 ? 1 : 0; here <= last; here++) {
    if (here > 0) left += histogram[at + here]!;
    const g = Math.floor(left * share);
    const h = left - g * unit;
    if (h < least) continue;
    const rest = hessian - h;
    if (rest < least) break;
    const other = gradient - g;
    const found = bounded ? boundedGain([g, h + l2, other, rest + l2], node, direction) : (g * g) / (h + l2) + (other * other) / (rest + l2);
    if (found <= gain) continue;
    gain = found;
    bin = here;
    kept = left;
  }
  if (bin < 0) return;
  Object.assign(best, { gain, place, bin, missingRight: missing === 0, members: undefined, left: kept });
}

/** −Infinity where the two sides' values would break the constraint. */
function boundedGain([g, h, other, rest]: readonly [number, number, number, number], node: Node, direction: number): number {
  const { low, high } = node;
  if (direction * (valueOf(other, rest, low, high) - valueOf(g, h, low, high)) < 0) return -Infinity;
  return gainOf(g, h, node) + gainOf(other, rest, node);
}
