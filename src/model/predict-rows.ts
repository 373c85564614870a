import type { BatchSource, ColumnBatch } from '../dataset/batch.ts';
import { concatenate } from '../dataset/floats.ts';
import type { FittedModel, HeldOut } from './family.ts';
import { labelsOf } from './labels.ts';

/** Streams labelled rows through a model, in their order; `also` sees every batch as it passes. */
export async function predictRows(model: FittedModel, rows: BatchSource, also: (batch: ColumnBatch) => void = () => undefined): Promise<HeldOut> {
  const labels: Float64Array[] = [];
  const predictions: Float64Array[] = [];
  for await (const batch of rows()) {
    labels.push(labelsOf(model.contract, batch));
    predictions.push(await model.predict(batch));
    also(batch);
  }
  return { labels: concatenate(labels), predictions: concatenate(predictions) };
}
