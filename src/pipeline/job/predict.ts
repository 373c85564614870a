import type { BatchSource, ColumnBatch } from '../../dataset/batch.ts';
import type { FittedModel } from '../../model/family.ts';
import { labelsOf } from '../../model/labels.ts';

/** Predictions of labelled rows, in the order of their stream. */
export interface Predictions {
  readonly labels: Float64Array;
  /** Row-major, rows × outputs. */
  readonly predictions: Float64Array;
}

/** Streams labelled rows through a model; `also` sees every batch as it passes. */
export async function predictRows(model: FittedModel, rows: BatchSource, also: (batch: ColumnBatch) => void = () => undefined): Promise<Predictions> {
  const labels: Float64Array[] = [];
  const predictions: Float64Array[] = [];
  for await (const batch of rows()) {
    labels.push(labelsOf(model.contract, batch));
    predictions.push(await model.predict(batch));
    also(batch);
  }
  return { labels: concatenate(labels), predictions: concatenate(predictions) };
}

/** The pieces behind one another. */
export function concatenate(pieces: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
