import { descendingOrder } from './order.ts';
import { ratio, type MetricValue } from './task-metrics.ts';

/** Rows ranked by falling score, equal scores in one group: what no reweighing changes. */
export interface Ranked {
  /** Row numbers by falling score. */
  readonly order: Uint32Array;
  /** 1 where the row at that place is positive. */
  readonly positive: Uint8Array;
  /** Distinct scores, falling. */
  readonly scores: Float64Array;
  /** For each group, the place after its last row. */
  readonly ends: Uint32Array;
}

/** How many rows, and how many positive ones, each group of a ranking counts. Counts are whole numbers, so sums are exact. */
export interface Tally {
  readonly scores: Float64Array;
  readonly rows: Float64Array;
  readonly positives: Float64Array;
  readonly totalRows: number;
  readonly totalPositives: number;
}

/** Ranks rows by score; `isPositive(row)` says which are positive. */
export function rank(scores: Float64Array, isPositive: (row: number) => boolean): Ranked {
  const order = descendingOrder(scores);
  const positive = new Uint8Array(order.length);
  const distinct = new Float64Array(order.length);
  const ends = new Uint32Array(order.length);
  let groups = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const score = scores[row]!;
    positive[i] = isPositive(row) ? 1 : 0;
    if (groups === 0 || score !== distinct[groups - 1]) distinct[groups++] = score;
    ends[groups - 1] = i + 1;
  }
  return { order, positive, scores: distinct.subarray(0, groups), ends: ends.subarray(0, groups) };
}

/** A function that tallies a ranking under weights. Its tallies share memory: the next overwrites the last. */
export function tallier(ranked: Ranked): (weights: Uint8Array) => Tally {
  const rows = new Float64Array(ranked.scores.length);
  const positives = new Float64Array(ranked.scores.length);
  return (weights) => fillTally(ranked, weights, { rows, positives });
}

function fillTally({ order, positive, scores, ends }: Ranked, weights: Uint8Array, into: Pick<Tally, 'rows' | 'positives'>): Tally {
  let totalRows = 0;
  let totalPositives = 0;
  let place = 0;
  for (let group = 0; group < ends.length; group++) {
    let rows = 0;
    let positives = 0;
    for (const end = ends[group]!; place < end; place++) {
      const weight = weights[order[place]!]!;
      rows += weight;
      positives += weight * positive[place]!;
    }
    into.rows[group] = rows;
    into.positives[group] = positives;
    totalRows += rows;
    totalPositives += positives;
  }
  return { scores, ...into, totalRows, totalPositives };
}

/**
 * Area under the ROC curve as the Mann–Whitney statistic: the share of pairs of a positive and a negative row in which the
 * positive scores higher, equal scores counting half. Null unless both classes occur. In one pass, since resamples ask for it
 * more often than for anything else; counts are whole numbers, so that the order of summing changes nothing.
 * Source: Hanley and McNeil, "The meaning and use of the area under a ROC curve", Radiology 143 (1982).
 */
export function auc({ order, positive, ends }: Ranked, weights: Uint8Array): MetricValue {
  let above = 0;
  let rows = 0;
  let pairs = 0;
  let here = 0;
  let positives = 0;
  let group = 0;
  // One loop, and no inner one over the rows of a group: most groups have one row, and a processor guesses such loops wrongly.
  for (let place = 0; place < order.length; place++) {
    const weight = weights[order[place]!]!;
    here += weight;
    positives += weight * positive[place]!;
    if (place + 1 !== ends[group]) continue;
    pairs += (here - positives) * (above + positives / 2);
    above += positives;
    rows += here;
    here = 0;
    positives = 0;
    group++;
  }
  return ratio(pairs, above * (rows - above));
}
