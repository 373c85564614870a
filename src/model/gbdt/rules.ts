import type { Views } from './views.ts';

/** What a split must keep to, in the units of quantised gradients and hessians. */
export interface Rules {
  /** Of a packed sum: see `Packing`. */
  readonly unit: number;
  /** Added to a leaf's hessian; for groups of categories `categoryL2` on top. */
  readonly l2: number;
  readonly categoryL2: number;
  /** Hessian of value 0 that a category is averaged with before categories are put in order. */
  readonly smoothing: number;
  readonly leastGain: number;
  readonly leastHessian: number;
  readonly leastRows: number;
  /** Rows in a group of categories at least. */
  readonly groupRows: number;
  /** By place: 1 the score must not fall with the feature, −1 not rise, 0 as it likes. */
  readonly directions: Int8Array;
  /** By place: 1 where the tree may use the feature. */
  readonly allowed: Uint8Array;
}

/** In the order of `Views.rules`. */
const NUMBERS = ['unit', 'l2', 'categoryL2', 'smoothing', 'leastGain', 'leastHessian', 'leastRows', 'groupRows'] as const;

/** Hands the numbers of a tree's rules to all threads; the rest is in shared memory as it is. */
export function writeRules({ rules: numbers }: Views, rules: Rules): void {
  NUMBERS.forEach((name, index) => (numbers[index] = rules[name]));
}

export function readRules({ rules: numbers, directions, allowed }: Views): Rules {
  const named = Object.fromEntries(NUMBERS.map((name, index) => [name, numbers[index]!])) as Record<(typeof NUMBERS)[number], number>;
  return { ...named, directions, allowed };
}

/** A leaf as a search sees it. */
export interface Node {
  readonly total: number;
  readonly rows: number;
  /** What monotone constraints further up leave to its value; infinite without any. */
  readonly low: number;
  readonly high: number;
}

/** Gradient of a packed sum. */
export function gradientOf(packed: number, unit: number): number {
  return Math.floor(packed / unit);
}

/** Hessian of a packed sum: what the gradient leaves of it. */
export function hessianOf(packed: number, unit: number): number {
  return packed - gradientOf(packed, unit) * unit;
}

/** Twice the loss that a leaf of these sums saves with the best value within its bounds. */
export function gainOf(gradient: number, hessian: number, { low, high }: Node): number {
  const value = valueOf(gradient, hessian, low, high);
  return -(2 * gradient + hessian * value) * value;
}

/** What a leaf saves that is not split. */
export function wholeGain(node: Node, { unit, l2 }: Rules): number {
  return gainOf(gradientOf(node.total, unit), hessianOf(node.total, unit) + l2, node);
}

export function valueOf(gradient: number, hessian: number, low: number, high: number): number {
  const value = -gradient / hessian;
  return value < low ? low : value > high ? high : value;
}

/** The best split of a leaf that was found so far. */
export class Best {
  /** At first what a split must come to at least. */
  gain: number;
  /** −1: none. */
  place = -1;
  /** Numbers: the last bin that goes left. */
  bin = 0;
  missingRight = false;
  /** Categories: by bin, 1 where it goes right. */
  members: Uint8Array | undefined = undefined;
  /** Packed sum of what goes left. */
  left = 0;

  constructor(gain: number) {
    this.gain = gain;
  }
}
