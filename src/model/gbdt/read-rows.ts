import type { BatchSource, ColumnBatch } from '../../dataset/batch.ts';
import { concatenate } from '../../dataset/floats.ts';
import type { Contract } from '../../dataset/contract.ts';
import { NightshiftError } from '../../shared/errors.ts';
import type { Weigh } from '../family.ts';
import { labelsOf } from '../labels.ts';
import { rowsMissing } from '../row-errors.ts';
import type { Binner } from './binner.ts';

/** Labels and weights of a stream; weights are undefined where every row counts 1. */
export interface Labelled {
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
}

export interface Reading {
  readonly contract: Contract;
  readonly weigh: Weigh | undefined;
  readonly purpose: 'training' | 'validation';
  /** Told of every batch. */
  readonly see?: (batch: ColumnBatch) => void;
}

/** Reads a stream once for its labels and weights. No rows: `rows-missing`. */
export async function readLabels(source: BatchSource, { contract, weigh, purpose, see }: Reading): Promise<Labelled> {
  const labels: Float64Array[] = [];
  const weights: Float64Array[] = [];
  for await (const batch of source()) {
    if (batch.rows === 0) continue;
    labels.push(labelsOf(contract, batch));
    if (weigh !== undefined) weights.push(weigh(batch));
    see?.(batch);
  }
  if (labels.length === 0) throw rowsMissing(purpose);
  return { labels: concatenate(labels), weights: weigh === undefined ? undefined : concatenate(weights) };
}

/** Reads a stream once more and writes its rows' bins, one batch at a time. Other rows than before: `rows-changed`. */
export async function readBins(source: BatchSource, binner: Binner, cells: Uint8Array): Promise<void> {
  const rows = cells.length / binner.width;
  let at = 0;
  for await (const batch of source()) {
    if (at + batch.rows > rows) throw rowsChanged(rows, at + batch.rows);
    binner.write(batch, cells, at);
    at += batch.rows;
  }
  if (at !== rows) throw rowsChanged(rows, at);
}

function rowsChanged(before: number, now: number): NightshiftError {
  return new NightshiftError({ code: 'rows-changed', what: 'A table has other rows than when it was first read.', found: `${now} rows`, expected: `${before} rows, as before`, fix: 'Run again when nothing else writes to it.' });
}
