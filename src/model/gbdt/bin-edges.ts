/** Fewer sampled rows than this do not make a bin of their own: a split there would rest on next to nothing. */
const LEAST_ROWS = 3;

/**
 * Upper edges of the bins of a column, from a sorted sample of its values: a value lies in the first bin whose edge is not below it,
 * in the last one where all are. Where distinct values fit, each gets a bin; otherwise frequent ones do (a column that is zero in
 * most rows keeps its zero apart) and the rest share what is left evenly. Source: LightGBM's greedy binning, bin.cpp.
 */
export function edgesOf(sorted: Float64Array, most: number): Float64Array {
  const { values, counts } = distinct(sorted);
  const cuts = values.length <= most ? everyValue(counts) : evenly(counts, { rows: sorted.length, most });
  return Float64Array.from(cuts, (at) => between(values[at]!, values[at + 1]!));
}

interface Distinct {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

function distinct(sorted: Float64Array): Distinct {
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (values.length > 0 && values[values.length - 1] === value) counts[counts.length - 1]!++;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  return { values, counts };
}

/** Cuts behind every value, or behind as many as make `LEAST_ROWS`. */
function everyValue(counts: readonly number[]): readonly number[] {
  const cuts: number[] = [];
  let held = 0;
  let left = counts.reduce((sum, count) => sum + count, 0);
  for (let at = 0; at < counts.length - 1; at++) {
    held += counts[at]!;
    left -= counts[at]!;
    if (held < LEAST_ROWS && left >= LEAST_ROWS && counts.length > 8) continue;
    cuts.push(at);
    held = 0;
  }
  return cuts;
}

function evenly(counts: readonly number[], { rows, most }: { rows: number; most: number }): readonly number[] {
  const frequent = counts.map((count) => count >= rows / most);
  let room = most - frequent.filter(Boolean).length;
  let left = counts.reduce((sum, count, at) => sum + (frequent[at] === true ? 0 : count), 0);
  let mean = left / Math.max(1, room);
  const cuts: number[] = [];
  let held = 0;
  for (let at = 0; at < counts.length - 1 && cuts.length < most - 1; at++) {
    if (frequent[at] !== true) left -= counts[at]!;
    held += counts[at]!;
    if (frequent[at] !== true && held < mean && !(frequent[at + 1] === true && held >= Math.max(LEAST_ROWS, mean / 2))) continue;
    cuts.push(at);
    held = 0;
    if (frequent[at] === true) continue;
    room--;
    mean = left / Math.max(1, room);
  }
  return cuts;
}

/** A number that is not below the lower value and below the upper one, halfway where halves exist. */
function between(lower: number, upper: number): number {
  const middle = lower / 2 + upper / 2;
  return middle >= lower && middle < upper ? middle : lower;
}
