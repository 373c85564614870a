import type { TextColumn } from '../dataset/batch.ts';
import { bytewise } from '../dataset/bytewise.ts';
import { pickFloats } from '../dataset/pick.ts';
import { invalid } from './data-checks.ts';
import { renumbered } from './draws.ts';
import type { EvaluationData } from './task-metrics.ts';

/** Rows to be measured. */
export interface MeasuredRows {
  readonly data: EvaluationData;
  /** For each row the number of its entity, from 0 on without a gap, where entities recur. */
  readonly clusters: Int32Array | undefined;
}

/** The rows that share one value of a column, by themselves. */
export interface SliceRows extends MeasuredRows {
  /** Null for the rows whose value is missing. */
  readonly value: string | null;
}

/**
 * The rows of each value that occurs, in bytewise order of the values, missing ones last. Every row is in exactly one slice. The
 * column's dictionary names no value twice. Throws `predictions-invalid` where the column has other rows.
 */
export function sliceRows({ data, clusters }: MeasuredRows, column: TextColumn): readonly SliceRows[] {
  if (column.codes.length !== data.labels.length) {
    throw invalid('The slice column does not match the labels', `${column.codes.length} values`, `${data.labels.length} rows`);
  }
  return rowsByValue(column).map(({ value, rows }) => ({ value, data: only(data, rows), clusters: clusters && renumbered(Int32Array.from(rows, (row) => clusters[row]!)) }));
}

/** The data of some rows. */
export function only(data: EvaluationData, rows: Uint32Array): EvaluationData {
  const outputs = data.predictions.length / data.labels.length;
  const labels = new Float64Array(rows.length);
  const predictions = new Float64Array(rows.length * outputs);
  const decided = data.decided === undefined ? undefined : new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    labels[i] = data.labels[row]!;
    if (decided !== undefined) decided[i] = data.decided![row]!;
    for (let output = 0; output < outputs; output++) predictions[i * outputs + output] = data.predictions[row * outputs + output]!;
  }
  const { margin: whole } = data;
  const margin = whole instanceof Float64Array ? pickFloats(whole, rows) : whole;
  return { ...data, labels, predictions, decided, margin };
}

/** The rows that share one value of a column; null for the missing ones. */
export interface Slice {
  readonly value: string | null;
  readonly rows: Uint32Array;
}

/** The rows of each value that occurs, in bytewise order of the values, missing ones last. */
export function rowsByValue({ codes, dictionary }: TextColumn): readonly Slice[] {
  // One more than the code: missing values, coded −1, come first here.
  const counts = new Uint32Array(dictionary.length + 1);
  for (let i = 0; i < codes.length; i++) counts[codes[i]! + 1]!++;
  const rows = Array.from(counts, (count) => new Uint32Array(count));
  const filled = new Uint32Array(counts.length);
  for (let i = 0; i < codes.length; i++) {
    const slot = codes[i]! + 1;
    rows[slot]![filled[slot]!++] = i;
  }
  return rows
    .map((rows, slot) => ({ value: slot === 0 ? null : dictionary[slot - 1]!, rows }))
    .filter((slice) => slice.rows.length > 0)
    .toSorted(byValue);
}

function byValue(a: Slice, b: Slice): number {
  if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
  return bytewise(a.value, b.value);
}
