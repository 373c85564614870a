import type { FeatureDistance } from '../../report/comparison-rows.ts';
import type { TextColumn } from '../../dataset/batch.ts';
import type { Mask } from '../../shared/sensitive.ts';

/** A numeric feature of a batch; NaN where it is missing. */
export interface NumberFeature {
  readonly name: string;
  readonly values: Float64Array;
}

export interface CategoryFeature {
  readonly name: string;
  readonly column: TextColumn;
}

export interface Features {
  readonly numbers: readonly NumberFeature[];
  readonly categories: readonly CategoryFeature[];
}

interface Scale {
  readonly median: number;
  readonly unit: number;
}

/** What a median absolute deviation and a mean one are multiplied by to be a normal distribution's standard deviation. */
const OF_MEDIAN_DEVIATION = 1.4826;
const OF_MEAN_DEVIATION = 1.2533;
const SHOWN = 3;
/** A category is unusual where so few rows have it. */
const RARE = 0.05;

/**
 * For some rows, the features that lie farthest from the batch's median, in robust standard units, and the rarest categories.
 * Where most values are one and the same the mean deviation stands in for the median one.
 * Source: Iglewicz and Hoaglin, "How to detect and handle outliers", 1993, ch. 3 (modified z-scores).
 */
export function featureDistances({ numbers, categories }: Features, rows: readonly number[], mask: Mask): readonly (readonly FeatureDistance[])[] {
  const scales = numbers.map(({ values }) => scaleOf(values));
  const counts = categories.map(({ column }) => countsOf(column));
  return rows.map((row) => [
    ...numbers.map((feature, i) => numberDistance(feature, { row, scale: scales[i], mask })).filter((one) => one.size > 0).toSorted((a, b) => b.size - a.size).slice(0, SHOWN).map(({ shown }) => shown),
    ...categories.flatMap((feature, i) => rareCategory(feature, { row, counts: counts[i]!, mask })),
  ]);
}

/** A sensitive value's distance would tell the value. */
function numberDistance({ name, values }: NumberFeature, { row, scale, mask }: { row: number; scale: Scale | undefined; mask: Mask }): { readonly size: number; readonly shown: FeatureDistance } {
  const value = values[row]!;
  const units = scale === undefined || Number.isNaN(value) ? 0 : (value - scale.median) / scale.unit;
  const shown = mask.hides(name) ? { median: null, units: null } : { median: scale?.median ?? null, units };
  return { size: Math.abs(units), shown: { feature: name, value: mask.shown(name, numberText(value)), share: null, ...shown } };
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
}

function rareCategory({ name, column }: CategoryFeature, { row, counts, mask }: { row: number; counts: Uint32Array; mask: Mask }): readonly FeatureDistance[] {
  const code = column.codes[row]!;
  const share = counts[code + 1]! / column.codes.length;
  if (share > RARE) return [];
  const value = code < 0 ? null : column.dictionary[code]!;
  return [{ feature: name, value: mask.shown(name, value) ?? 'missing', median: null, units: null, share: mask.hides(name) ? null : share }];
}

/** Undefined where all values are one and the same. */
function scaleOf(values: Float64Array): Scale | undefined {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  if (known.length === 0) return undefined;
  const median = middle(known);
  const deviations = known.map((value) => Math.abs(value - median)).sort();
  const byMedian = OF_MEDIAN_DEVIATION * middle(deviations);
  const unit = byMedian > 0 ? byMedian : (OF_MEAN_DEVIATION * deviations.reduce((sum, one) => sum + one, 0)) / deviations.length;
  return unit > 0 ? { median, unit } : undefined;
}

function middle(sorted: Float64Array): number {
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** Rows by code; missing values, coded −1, come first. */
function countsOf({ codes, dictionary }: TextColumn): Uint32Array {
  const counts = new Uint32Array(dictionary.length + 1);
  for (const code of codes) counts[code + 1]!++;
  return counts;
}
