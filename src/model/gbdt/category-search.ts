import type { FeatureCells } from './number-search.ts';
import { gainOf, gradientOf, hessianOf, type Best, type Node, type Rules } from './rules.ts';

/** With so few groups each is tried against the rest, and none needs smoothing. */
const FEW = 4;
/** Groups of categories on the smaller side at most: the longer the list, the more it fits by chance. */
const MOST_LISTED = 32;

/**
 * Looks for the best division of a feature's categories: put in order by smoothed gradient over hessian, the best one cuts that
 * order in two. Sources: Fisher, On grouping for maximum homogeneity, JASA 53 (1958); guards as in LightGBM's categorical splits.
 */
export function searchCategory(cells: FeatureCells, node: Node, rules: Rules, best: Best): void {
  const { histogram, at, count } = cells;
  const present: number[] = [];
  for (let bin = 0; bin < count; bin++) if (histogram[at + bin] !== 0) present.push(bin);
  if (present.length < 2) return;
  if (present.length <= FEW) {
    for (const bin of present) tryLists(cells, [bin], { node, rules, best, l2: rules.l2, groupRows: 0 });
    return;
  }
  const order = inOrder(cells, listable(cells, present, node, rules), rules);
  const request = { node, rules, best, l2: rules.l2 + rules.categoryL2, groupRows: rules.groupRows };
  tryLists(cells, order, request);
  tryLists(cells, order.reverse(), request);
}

/** Categories with as many rows as a leaf must have: the ratio of fewer tells of those rows alone, and they stay with the rest. */
function listable({ histogram, at }: FeatureCells, present: readonly number[], node: Node, { unit, leastRows }: Rules): readonly number[] {
  const least = leastRows * (hessianOf(node.total, unit) / node.rows);
  return present.filter((bin) => hessianOf(histogram[at + bin]!, unit) >= least);
}

const ratios = new Float64Array(256);
/** Of each ratio the lower half of its bits, as every machine that runs this has them: lowest first. */
const lowHalves = new Uint32Array(ratios.buffer);
/** Bits of a ratio that its bin takes the place of, so that one sort of plain floats brings the bins along. */
const BIN = 0xff;
/** Hessian at least: an infinite ratio has no bits to spare. */
const LEAST = 1e-9;

/** Rising by smoothed gradient over hessian, of equal ones the lower bin first. */
function inOrder({ histogram, at }: FeatureCells, present: readonly number[], { unit, smoothing }: Rules): number[] {
  present.forEach((bin, i) => {
    const packed = histogram[at + bin]!;
    const ratio = gradientOf(packed, unit) / Math.max(LEAST, hessianOf(packed, unit) + smoothing);
    ratios[i] = ratio;
    lowHalves[2 * i] = (lowHalves[2 * i]! & ~BIN) | (ratio < 0 ? BIN - bin : bin);
  });
  // In place: the halves are sorted with them.
  ratios.subarray(0, present.length).sort();
  return present.map((_, i) => (ratios[i]! < 0 ? BIN - (lowHalves[2 * i]! & BIN) : lowHalves[2 * i]! & BIN));
}

interface Request {
  readonly node: Node;
  readonly rules: Rules;
  readonly best: Best;
  readonly l2: number;
  readonly groupRows: number;
}

/** Tries the first one, two, … categories of the order as the left side. */
function tryLists(cells: FeatureCells, order: readonly number[], { node, rules, best, l2, groupRows }: Request): void {
  const { unit } = rules;
  const gradient = gradientOf(node.total, unit);
  const hessian = hessianOf(node.total, unit);
  const perRow = hessian / node.rows;
  const least = Math.max(rules.leastHessian, rules.leastRows * perRow);
  const longest = Math.min(MOST_LISTED, order.length);
  let left = 0;
  let group = 0;
  for (let length = 1; length <= longest; length++) {
    const packed = cells.histogram[cells.at + order[length - 1]!]!;
    left += packed;
    group += hessianOf(packed, unit);
    const g = gradientOf(left, unit);
    const h = hessianOf(left, unit);
    if (h < least || group < groupRows * perRow) continue;
    if (hessian - h < Math.max(least, groupRows * perRow)) return;
    group = 0;
    const gain = gainOf(g, h + l2, node) + gainOf(gradient - g, hessian - h + l2, node);
    if (gain <= best.gain) continue;
    Object.assign(best, { gain, place: cells.place, bin: 0, missingRight: false, members: membersOf(cells, { listed: order.slice(0, length), restHeavier: 2 * h < hessian }), left });
  }
}

/** By bin, 1 where it goes right: listed ones left, others with rows right, those without rows to the heavier side. */
function membersOf({ histogram, at, count }: FeatureCells, { listed, restHeavier }: { readonly listed: readonly number[]; readonly restHeavier: boolean }): Uint8Array {
  const members = new Uint8Array(256).fill(restHeavier ? 1 : 0);
  for (let bin = 0; bin < count; bin++) if (histogram[at + bin] !== 0) members[bin] = 1;
  for (const bin of listed) members[bin] = 0;
  return members;
}
