import type { BatchSource, ColumnBatch } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { featureColumns } from '../features.ts';
import { labelsOf } from '../labels.ts';
import type { EncodedRows, Encoder } from './encoder.ts';

/** Encoded rows with their labels. */
export interface Table extends EncodedRows {
  readonly labels: Float64Array;
}

export interface Collected {
  readonly rows: number;
  readonly batches: ColumnBatch[];
  readonly labels: Float64Array;
}

/** Reads a stream once; its batches stay as they came until `encodeTable` takes them over. No rows: `rows-missing`. */
export async function collect(contract: Contract, source: BatchSource, purpose: 'training' | 'validation'): Promise<Collected> {
  const batches: ColumnBatch[] = [];
  const labels: Float64Array[] = [];
  for await (const batch of source()) {
    if (batch.rows === 0) continue;
    labels.push(labelsOf(contract, batch));
    batches.push(featuresOnly(contract, batch));
  }
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  if (rows === 0) throw rowsMissing(purpose);
  return { rows, batches, labels: joined(labels, rows) };
}

/** Encodes collected batches, letting go of each as it is done, so that raw and encoded rows are not held side by side. */
export function encodeTable(encoder: Encoder, { rows, batches, labels }: Collected): Table {
  const target = encoder.allocate(rows);
  let at = 0;
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    encoder.write(batch, target, at);
    at += batch.rows;
  }
  return { ...target, labels };
}

/** Keys and whatever else the query carries need not be held in memory. */
function featuresOnly(contract: Contract, batch: ColumnBatch): ColumnBatch {
  const columns = featureColumns(contract, batch);
  return { rows: batch.rows, columns: new Map(contract.features.map(({ name }, index) => [name, columns[index]!])) };
}

function joined(parts: readonly Float64Array[], length: number): Float64Array {
  const whole = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function rowsMissing(purpose: 'training' | 'validation'): NightshiftError {
  return new NightshiftError({
    code: 'rows-missing',
    what: `There are no ${purpose} rows.`,
    found: '0 rows',
    expected: `at least one ${purpose} row`,
    fix: 'Check the split windows against the dates that the source holds.',
  });
}
