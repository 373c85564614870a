/** More values than this are not looked at to place edges. */
const SAMPLE = 32_768;

/**
 * Edges of up to `bins` bins, rising, from the smallest to the largest value: half of them quantiles of the values, so that bins
 * hold about as many rows each, and half quantiles of the distinct values, so that a column that is 0 in nearly every row still
 * has edges where it differs. None where there are at most two distinct values: those need no bins.
 */
export function binEdges(values: Float32Array, bins: number): readonly number[] {
  const sorted = evenly(values).sort();
  const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
  if (distinct.length <= 2) return [];
  if (distinct.length <= bins + 1) return [...distinct];
  const half = Math.ceil(bins / 2);
  const edges = [...quantiles(sorted, half), ...quantiles(distinct, bins - half)];
  return [...new Set(edges)].sort((a, b) => a - b);
}

/** The values at so many even distances from the first to the last of a sorted list, both included. */
function quantiles(sorted: Float32Array, parts: number): number[] {
  return Array.from({ length: parts + 1 }, (_, part) => sorted[Math.round((part * (sorted.length - 1)) / parts)]!);
}

function evenly(values: Float32Array): Float32Array {
  const step = Math.ceil(values.length / SAMPLE);
  return step <= 1 ? values.slice() : values.filter((_, at) => at % step === 0);
}
