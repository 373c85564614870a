import { innerEdges } from './calibration.ts';
import type { Tally } from './ranked.ts';

/** Rows of about equal predicted probability. */
export interface CalibrationBin {
  readonly rows: number;
  /** Mean predicted probability. */
  readonly predicted: number;
  /** Share of positives, and its 95% interval. */
  readonly observed: number;
  readonly low: number;
  readonly high: number;
}

/** Counts in bins of equal width; the outermost ones hold whatever lies beyond them, too. */
export interface Histogram {
  /** One more than there are bins. */
  readonly edges: readonly number[];
  readonly series: readonly { readonly name: string; readonly counts: readonly number[] }[];
}

/** Rows of about equal prediction, and the labels that they turned out to have. */
export interface PredictedBin {
  readonly rows: number;
  /** Mean prediction. */
  readonly predicted: number;
  /** Mean, tenth and ninetieth percentile of the labels. */
  readonly actual: number;
  readonly low: number;
  readonly high: number;
}

/** The ten bins of equal mass that the calibration error is measured over; those without rows are left out. */
export function calibrationBins(tally: Tally): readonly CalibrationBin[] {
  const edges = innerEdges(tally);
  const bins = Array.from({ length: edges.length + 1 }, () => ({ rows: 0, positives: 0, scores: 0 }));
  for (const [group, score] of tally.scores.entries()) {
    const bin = bins[edges.filter((edge) => edge < score).length]!;
    bin.rows += tally.rows[group]!;
    bin.positives += tally.positives[group]!;
    bin.scores += tally.rows[group]! * score;
  }
  return bins.filter(({ rows }) => rows > 0).map(({ rows, positives, scores }) => ({ rows, predicted: scores / rows, observed: positives / rows, ...wilson(positives, rows) }));
}

/** The 95% interval of a share. Source: Wilson, "Probable inference", JASA 22 (1927). */
export function wilson(positives: number, rows: number): { readonly low: number; readonly high: number } {
  const z = 1.959963984540054;
  const share = positives / rows;
  const centre = share + (z * z) / (2 * rows);
  const half = z * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows));
  const scale = 1 + (z * z) / rows;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

export interface HistogramOptions {
  readonly bins: number;
  readonly from: number;
  readonly to: number;
}

/** Counts values by series; `from` and `to` may be equal, which makes one bin. */
export function histogram(series: Readonly<Record<string, Float64Array>>, { bins, from, to }: HistogramOptions): Histogram {
  const count = to > from ? bins : 1;
  const width = (to - from) / count;
  const place = (value: number): number => (width === 0 ? 0 : Math.min(count - 1, Math.max(0, Math.floor((value - from) / width))));
  const counted = Object.entries(series).map(([name, values]) => {
    const counts = Array.from({ length: count }, () => 0);
    for (const value of values) counts[place(value)]!++;
    return { name, counts };
  });
  return { edges: Array.from({ length: count + 1 }, (_, i) => (i === count ? to : from + i * width)), series: counted };
}

/** At most so many bins of equal mass by prediction. */
export function predictedBins(labels: Float64Array, predictions: Float64Array, bins: number): readonly PredictedBin[] {
  const order = Uint32Array.from(labels.keys()).sort((a, b) => predictions[a]! - predictions[b]! || a - b);
  const count = Math.min(bins, order.length);
  return Array.from({ length: count }, (_, bin) => {
    const rows = order.subarray(Math.floor((bin * order.length) / count), Math.floor(((bin + 1) * order.length) / count));
    const actual = Float64Array.from(rows, (row) => labels[row]!).sort();
    return { rows: rows.length, predicted: meanOf(Float64Array.from(rows, (row) => predictions[row]!)), actual: meanOf(actual), low: quantile(actual, 0.1), high: quantile(actual, 0.9) };
  });
}

/** The value at a share of sorted values, without interpolation. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
