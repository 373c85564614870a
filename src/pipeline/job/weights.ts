import type { Storage } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import type { LabelSummary } from '../../evaluation/baseline.ts';
import { classFactors, rowWeights, weighBy } from '../../model/class-weights.ts';
import type { Weigh } from '../../model/family.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { StepContext } from '../context.ts';
import { streamOf } from './streams.ts';

/** What rows count for in training. */
export interface Weights {
  /** By class and by row. */
  readonly all: Weigh | undefined;
  /** By row alone. */
  readonly rows: Weigh | undefined;
  /** What the classes' rows count for, where that is asked for: to be taken out of the probabilities again. */
  readonly factors: Float64Array | undefined;
}

/** Settles `weight` and `model.class_weights` on the training rows, so that they average 1. */
export async function weightsOf(step: StepContext, warehouse: Warehouse, { contract, labels }: { contract: Contract; labels: LabelSummary }): Promise<Weights> {
  const { weight: column, model } = step.config;
  const columnMean = column === undefined ? 1 : await meanOf(step, warehouse, column);
  const asked = { contract, counts: countsOf(labels), classWeights: model.class_weights, column, columnMean };
  return { all: weighBy(asked), rows: weighBy({ ...asked, classWeights: undefined }), factors: classFactors(asked) };
}

/** How the weight is held, where there is one. */
export function weightStorage({ config }: StepContext): Readonly<Record<string, Storage>> {
  return config.weight === undefined ? {} : { [config.weight]: 'number' };
}

/** Added row by row in the order of the stream: the engine's own sum may differ in its last digits. */
async function meanOf(step: StepContext, warehouse: Warehouse, column: string): Promise<number> {
  let sum = 0;
  let rows = 0;
  for await (const batch of streamOf(step, warehouse, { relation: 'train', columns: { [column]: 'number' } })()) {
    for (const weight of rowWeights(batch, column)) sum += weight;
    rows += batch.rows;
  }
  return sum / rows || 1;
}

/** Rows of each class, in the contract's order; binary: of 0 and of 1. */
function countsOf(labels: LabelSummary): readonly number[] {
  if (labels.task === 'multiclass') return labels.counts;
  return labels.task === 'binary' ? [labels.rows - labels.positives, labels.positives] : [];
}
