import { ratio, type MetricValue } from './task-metrics.ts';
import type { Tally } from './ranked.ts';

const BINS = 10;

/**
 * Expected calibration error: the mean, over ten bins weighted by their rows, of |share of positives − mean score|. Bins
 * have equal mass (edges at the scores' deciles, by linear interpolation; a score on an edge belongs to the lower bin; equal
 * scores share a bin): with equal widths a rare class would fall into one bin.
 * Sources: Guo and others, "On calibration of modern neural networks", ICML 2017, eq. 3; equal mass after Nixon and others,
 * "Measuring calibration in deep learning", CVPR workshops 2019; bins as scikit-learn's `calibration_curve(strategy='quantile')`.
 */
export function expectedCalibrationError(tally: Tally): MetricValue {
  const edges = innerEdges(tally);
  let bin = 0;
  let gaps = 0;
  let surplus = 0;
  for (let group = tally.scores.length - 1; group >= 0; group--) {
    const score = tally.scores[group]!;
    while (bin < edges.length && edges[bin]! < score) {
      gaps += Math.abs(surplus);
      surplus = 0;
      bin++;
    }
    surplus += tally.positives[group]! - tally.rows[group]! * score;
  }
  return ratio(gaps + Math.abs(surplus), tally.totalRows);
}

/** The nine inner deciles of the scores, rising, as `numpy.percentile` gives them. */
export function innerEdges(tally: Tally): Float64Array {
  const edges = new Float64Array(BINS - 1);
  if (tally.totalRows === 0) return edges;
  const last = tally.totalRows - 1;
  const at = scoreAt(tally);
  for (let k = 1; k < BINS; k++) {
    // Whole numbers keep the position exact; k / 10 · last would not.
    const below = Math.floor((k * last) / BINS);
    const part = ((k * last) % BINS) / BINS;
    const low = at(below);
    const high = at(Math.min(below + 1, last));
    edges[k - 1] = part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
  }
  return edges;
}

/** The score of the n-th lowest row, for positions asked for in nearly rising order (at most one step back). */
function scoreAt({ scores, rows }: Tally): (position: number) => number {
  let group = scores.length - 1;
  let reached = rows[group] ?? 0;
  return (position) => {
    while (position >= reached && group > 0) reached += rows[--group]!;
    while (position < reached - rows[group]! && group < scores.length - 1) reached -= rows[group++]!;
    return scores[group]!;
  };
}
