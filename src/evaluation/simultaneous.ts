import { normalQuantile } from './normal.ts';
import { Random } from './random.ts';

export interface CriticalOptions {
  /** The level that all intervals together are to have, in (0, 1). */
  readonly level: number;
  readonly seed: number;
}

/** The quantile of this many draws is off by about 0.02, a hundredth of itself; they take less than 0.2 s for fifty comparisons. */
const DRAWS = 20_000;
/** From here on the draws would cost more than they save: the bound that holds for any correlation is used. */
const MOST = 200;
/** A pivot below this is rounding: the comparison is a combination of those before it. */
const DEPENDENT = 1e-9;

/**
 * How many standard errors either way every one of some estimates must be given, so that all of their intervals hold at
 * once with the chance `level`: the quantile of max |t| over normal estimates of these correlations (row-major, size × size).
 * Never more than Šidák's bound, which holds whatever the correlations. For one estimate it is the usual 1.96.
 * Sources: single-step max-t of Westfall and Young, "Resampling-based multiple testing", 1993, ch. 2; Romano and Wolf, "Exact
 * and approximate stepdown methods for multiple hypothesis testing", JASA 100 (2005); Šidák, JASA 62 (1967).
 */
export function criticalValue(correlations: Float64Array, { level, seed }: CriticalOptions): number {
  const size = Math.sqrt(correlations.length);
  if (size === 0) return 0;
  const bound = normalQuantile((1 + level ** (1 / size)) / 2);
  if (size === 1 || size > MOST) return bound;
  const largest = largestOf(factorOf(correlations, size), { size, random: new Random(seed) });
  return Math.min(bound, largest.sort()[Math.ceil(DRAWS * level) - 1]!);
}

/** max |t| of each of so many draws of normal numbers with this factor. */
function largestOf(factor: Float64Array, { size, random }: { size: number; random: Random }): Float64Array {
  const drawn = new Float64Array(size);
  return new Float64Array(DRAWS).map(() => {
    let largest = 0;
    for (let i = 0; i < size; i++) {
      drawn[i] = random.normal();
      let t = 0;
      for (let j = 0; j <= i; j++) t += factor[i * size + j]! * drawn[j]!;
      if (t > largest || -t > largest) largest = t < 0 ? -t : t;
    }
    return largest;
  });
}

/** The lower triangle L with L·Lᵀ = the matrix, which may be singular, as it is for estimates that hang together. Source: Cholesky. */
function factorOf(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(matrix.length);
  for (let j = 0; j < size; j++) {
    const pivot = remainder(matrix, factor, { size, i: j, j });
    if (pivot < DEPENDENT) continue;
    const root = Math.sqrt(pivot);
    for (let i = j; i < size; i++) factor[i * size + j] = remainder(matrix, factor, { size, i, j }) / root;
  }
  return factor;
}

/** An entry of the matrix less what the columns before `j` explain of it. */
function remainder(matrix: Float64Array, factor: Float64Array, { size, i, j }: { size: number; i: number; j: number }): number {
  let rest = matrix[i * size + j]!;
  for (let k = 0; k < j; k++) rest -= factor[i * size + k]! * factor[j * size + k]!;
  return rest;
}
