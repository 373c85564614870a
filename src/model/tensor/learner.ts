import type { Parameters } from './parameters.ts';

/** Consecutive rows for one step. `inputs` has rows × `inputWidth` of the learner: its first columns are the encoded numbers. */
export interface Batch {
  readonly rows: number;
  readonly inputs: Float32Array;
  /** Rows × categories, row-major. */
  readonly codes: Int32Array;
  readonly labels: Float64Array;
  /** Undefined: every row counts 1. */
  readonly weights: Float64Array | undefined;
}

/** A network with its parameters: it knows its raw outputs and the gradient of its loss. */
export interface Learner {
  readonly parameters: Parameters;
  /** Columns of `Batch.inputs`: the encoded numbers, then whatever room the learner needs for itself. */
  readonly inputWidth: number;
  /** Raw outputs, rows × outputs; valid until the next call. */
  forward(batch: Batch): Float32Array;
  /** The weighted sum of losses over the batch; leaves its gradient divided by the rows in `parameters.gradients`. */
  gradient(batch: Batch): number;
  /** Rows of sparse slots that the last gradient touched, as [slot, row, slot, row, …], each once. */
  readonly touched: readonly number[];
}
