import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileWhole } from '../../src/shared/files.ts';

/**
 * How far a prediction may lie from the golden one, which WASM made, as a share of the scale of the task (1 for probabilities,
 * the label's deviation for regression), and a metric from its own. WASM promises the same bytes; what it is left here is the
 * last places of `exp` and `log` in another Node. Native sums in another order, and training carries that on.
 */
export const tolerances = { wasm: 1e-6, native: 1e-3 } as const;

/** What one training gave on the test part. */
export interface Output {
  readonly metrics: Readonly<Record<string, number | null>>;
  /** A list a row: one prediction, or one a class. */
  readonly predictions: Readonly<Record<string, readonly number[]>>;
}

/** Outputs by `family task`. */
export type Golden = Readonly<Record<string, Output>>;

const file = path.join(import.meta.dirname, 'golden.json');

/** Empty before anything was approved. */
export function readGolden(): Golden {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Golden) : {};
}

/** One line a row, so that a review shows which ones moved. */
export function writeGolden(golden: Golden): void {
  const lines = Object.entries(golden).map(([name, { metrics, predictions }]) => {
    const rows = Object.entries(predictions).map(([row, values]) => `   ${JSON.stringify(row)}: ${JSON.stringify(values)}`);
    return ` ${JSON.stringify(name)}: {\n  "metrics": ${JSON.stringify(metrics)},\n  "predictions": {\n${rows.join(',\n')}\n  }\n }`;
  });
  writeFileWhole(file, `{\n${lines.join(',\n')}\n}\n`);
}

/** Nine significant digits: more than any tolerance, and short. */
export function rounded(value: number): number {
  return Number(value.toPrecision(9));
}

export interface Comparison {
  readonly golden: Output | undefined;
  readonly found: Output;
  /** As a share of `scale` for predictions, absolute for metrics. */
  readonly tolerance: number;
  readonly scale: number;
}

/** What lies beyond the tolerance, in words: metrics, then the rows that moved most. Empty where all is as it was. */
export function differences({ golden, found, tolerance, scale }: Comparison): readonly string[] {
  if (golden === undefined) return ['there is no golden output of this name yet'];
  return [...metricDifferences(golden, found, tolerance * scale), ...rowDifferences(golden, found, tolerance * scale)];
}

function metricDifferences(golden: Output, found: Output, limit: number): readonly string[] {
  const names = new Set([...Object.keys(golden.metrics), ...Object.keys(found.metrics)]);
  return [...names].flatMap((name) => {
    const before = golden.metrics[name];
    const after = found.metrics[name];
    if (before === after || (typeof before === 'number' && typeof after === 'number' && Math.abs(before - after) <= limit)) return [];
    return [`metric ${name}: ${before ?? 'none'} → ${after ?? 'none'}`];
  });
}

/** How many of the rows that moved are shown. */
const SHOWN = 8;

function rowDifferences(golden: Output, found: Output, limit: number): readonly string[] {
  const rows = [...new Set([...Object.keys(golden.predictions), ...Object.keys(found.predictions)])];
  const moved = rows
    .map((row) => ({ row, before: golden.predictions[row], after: found.predictions[row] }))
    .map((one) => ({ ...one, distance: distanceOf(one.before, one.after) }))
    .filter(({ distance }) => distance > limit)
    .sort((a, b) => b.distance - a.distance);
  if (moved.length === 0) return [];
  const lines = moved.slice(0, SHOWN).map(({ row, before, after, distance }) => {
    return `  row ${row}: ${before?.join(' ') ?? 'none'} → ${after?.join(' ') ?? 'none'} (moved ${distance.toPrecision(3)})`;
  });
  return [`${moved.length} of ${rows.length} rows moved by more than ${limit.toPrecision(3)}; most of all:`, ...lines];
}

function distanceOf(before: readonly number[] | undefined, after: readonly number[] | undefined): number {
  if (before === undefined || after === undefined || before.length !== after.length) return Infinity;
  return Math.max(...before.map((value, i) => Math.abs(value - after[i]!)));
}
