import { rank, tallier, type Tally } from './ranked.ts';
import { type MetricValue, ratio } from './task-metrics.ts';

/** A place on a curve: x, y. */
export type Point = readonly [x: number, y: number];

/** One class against the others. */
export interface RocCurve {
  /** The class; empty for a binary task. */
  readonly name: string;
  readonly positives: number;
  readonly auc: MetricValue;
  /** False positive rate and true positive rate, from (0, 0) to (1, 1); empty unless both classes occur. */
  readonly points: readonly Point[];
}

/** All rows tallied once: every row counts 1. */
export function tallyOf(scores: Float64Array, isPositive: (row: number) => boolean): Tally {
  return tallier(rank(scores, isPositive))(new Uint8Array(scores.length).fill(1));
}

/** The area under the whole curve, which is the AUC: of a tally, where `auc` is of a ranking under weights. */
function areaUnder({ rows, positives, totalRows, totalPositives }: Tally): number | null {
  let [above, pairs] = [0, 0];
  rows.forEach((count, group) => {
    pairs += (count - positives[group]!) * (above + positives[group]! / 2);
    above += positives[group]!;
  });
  return ratio(pairs, totalPositives * (totalRows - totalPositives));
}

/**
 * The receiver operating characteristic over all thresholds. Of its points those are kept that lie 2 / `limit` apart along the
 * axes, so that at most `limit` + 2 are, however many rows there are. Source: Fawcett, "An introduction to ROC analysis",
 * Pattern Recognition Letters 27 (2006).
 */
export function rocCurve(name: string, tally: Tally, limit: number): RocCurve {
  const { totalPositives, totalRows } = tally;
  const negatives = totalRows - totalPositives;
  const about = { name, positives: totalPositives, auc: areaUnder(tally) };
  if (totalPositives === 0 || negatives === 0) return { ...about, points: [] };
  const points: Point[] = [[0, 0]];
  for (const { rows, positives } of thresholds(tally)) {
    const point: Point = [(rows - positives) / negatives, positives / totalPositives];
    const [x, y] = points.at(-1)!;
    if (rows === totalRows || point[0] - x + point[1] - y >= 2 / limit) points.push(point);
  }
  return { ...about, points };
}

/**
 * Recall and precision over all thresholds, from the highest one down that finds a positive row; of its points those 1 / `limit`
 * of recall apart, and the first and the last. Empty where nothing is positive.
 */
export function precisionRecall(tally: Tally, limit: number): readonly Point[] {
  if (tally.totalPositives === 0) return [];
  const points: Point[] = [];
  for (const { rows, positives } of thresholds(tally)) {
    const point: Point = [positives / tally.totalPositives, positives / rows];
    const last = points.at(-1);
    if (positives === 0) continue;
    if (last === undefined || rows === tally.totalRows || point[0] - last[0] >= 1 / limit) points.push(point);
  }
  return points;
}

/** How many rows, and how many positive ones, score at least each distinct score, from the highest down. */
function* thresholds({ rows, positives }: Tally): Iterable<{ readonly rows: number; readonly positives: number }> {
  let allRows = 0;
  let allPositives = 0;
  for (let group = 0; group < rows.length; group++) {
    allRows += rows[group]!;
    allPositives += positives[group]!;
    yield { rows: allRows, positives: allPositives };
  }
}
