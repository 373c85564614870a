import type { BatchSource, ColumnBatch } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { NightshiftError } from '../../shared/errors.ts';
import type { Weigh } from '../family.ts';
import { featureColumns } from '../features.ts';
import { labelsOf } from '../labels.ts';
import { rowsMissing } from '../row-errors.ts';
import type { EncodedRows, Encoder } from './encoder.ts';

/** Encoded rows with their labels and weights. */
export interface Table extends EncodedRows {
  readonly labels: Float64Array;
  /** What each row counts for, 1 on average; undefined: each counts 1. */
  readonly weights: Float64Array | undefined;
}

export interface Collected {
  readonly rows: number;
  readonly batches: ColumnBatch[];
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
}

export interface Reading {
  readonly purpose: 'training' | 'validation';
  readonly weigh: Weigh | undefined;
}

/** Reads a stream once; its batches stay as they came until `encodeTable` takes them over. No rows: `rows-missing`; weights of 0 alone: `weights-zero`. */
export async function collect(contract: Contract, source: BatchSource, { purpose, weigh }: Reading): Promise<Collected> {
  const batches: ColumnBatch[] = [];
  const labels: Float64Array[] = [];
  const weights: Float64Array[] = [];
  for await (const batch of source()) {
    if (batch.rows === 0) continue;
    labels.push(labelsOf(contract, batch));
    if (weigh !== undefined) weights.push(weigh(batch));
    batches.push(featuresOnly(contract, batch));
  }
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  if (rows === 0) throw rowsMissing(purpose);
  return { rows, batches, labels: joined(labels, rows), weights: weigh === undefined ? undefined : ofMeanOne(joined(weights, rows), purpose) };
}

/** Weights are proportions: only what a row counts for beside another matters, so that learning rates mean the same for all. */
function ofMeanOne(weights: Float64Array, purpose: Reading['purpose']): Float64Array {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  if (!(mean > 0 && Number.isFinite(mean))) throw weightsZero(purpose, weights.length);
  return weights.map((weight) => weight / mean);
}

/** Encodes collected batches, letting go of each as it is done, so that raw and encoded rows are not held side by side. */
export function encodeTable(encoder: Encoder, { rows, batches, labels, weights }: Collected): Table {
  const target = encoder.allocate(rows);
  let at = 0;
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    encoder.write(batch, target, at);
    at += batch.rows;
  }
  return { ...target, labels, weights };
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

function weightsZero(purpose: Reading['purpose'], rows: number): NightshiftError {
  return new NightshiftError({
    code: 'weights-zero',
    what: `The weights of the ${purpose} rows do not add up to more than 0.`,
    found: `${rows} rows`,
    expected: 'finite weights above or equal to 0, some of them above',
    fix: 'Check what the weights are made of: a class or a column of weights.',
  });
}
