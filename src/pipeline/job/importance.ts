import type { ColumnBatch } from '../../dataset/batch.ts';
import { pickColumn } from '../../dataset/pick.ts';
import type { ImportanceFigure } from '../../evaluation/figures.ts';
import { metricNamed, metricsOf } from '../../evaluation/metrics.ts';
import type { FittedModel } from '../../model/family.ts';
import { labelsOf } from '../../model/labels.ts';
import { shuffle, streamOf } from '../../model/tensor/stream.ts';
import { columnOf } from './streams.ts';

export interface ImportanceOptions {
  readonly metric: string;
  readonly seed: number;
  /** How often each feature is shuffled. */
  readonly repeats: number;
}

/**
 * Permutation importance: by how much a metric gets worse where the values of one feature are dealt among the rows at random.
 * The features with the largest mean come first. Undefined where the metric is not defined on these rows.
 * Source: Breiman, "Random forests", Machine Learning 45 (2001), section 10; here on rows that the model was not trained on.
 */
export async function permutationImportance(model: FittedModel, batch: ColumnBatch, { metric, seed, repeats }: ImportanceOptions): Promise<ImportanceFigure | undefined> {
  const measure = measureOf(model, batch, metric);
  const whole = await measure(batch);
  if (whole === null) return undefined;
  const features: ImportanceFigure['features'][number][] = [];
  for (const { name: feature } of model.contract.features) {
    const drops: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const value = await measure(shuffled(batch, feature, streamOf(seed, `importance/${feature}/${repeat}`)));
      drops.push(whole - (value ?? whole));
    }
    features.push({ feature, drop: drops.reduce((sum, drop) => sum + drop, 0) / repeats, low: Math.min(...drops), high: Math.max(...drops) });
  }
  return { metric, rows: batch.rows, repeats, features: features.sort((a, b) => b.drop - a.drop) };
}

/** Measures the model on rows with the labels of `batch`; higher is better. */
function measureOf(model: FittedModel, batch: ColumnBatch, metric: string): (rows: ColumnBatch) => Promise<number | null> {
  const { task, classes } = model.contract;
  const sign = metricNamed(task, metric, 'metrics.primary').direction === 'lower' ? -1 : 1;
  const labels = labelsOf(model.contract, batch);
  return async (rows) => {
    const value = metricsOf(task, { labels, predictions: await model.predict(rows), classes }).get(metric) ?? null;
    return value === null ? null : sign * value;
  };
}

function shuffled(batch: ColumnBatch, feature: string, random: ReturnType<typeof streamOf>): ColumnBatch {
  const order = Uint32Array.from({ length: batch.rows }, (_, row) => row);
  shuffle(order, random);
  return { rows: batch.rows, columns: new Map(batch.columns).set(feature, pickColumn(columnOf(batch, feature), order)) };
}
