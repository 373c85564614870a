import type { Column, ColumnBatch, NumberColumn, TextColumn } from '../../dataset/batch.ts';
import type { Contract, Feature } from '../../dataset/contract.ts';
import { nothingToLearn } from '../row-errors.ts';
import { featureColumns } from '../features.ts';
import { fitCategory } from './category-encoding.ts';
import { Encoder, type FeatureEncoding } from './encoder.ts';
import { fitNumber } from './number-encoding.ts';
import { fitQuantiles } from './quantile-encoding.ts';

export interface FittedEncoder {
  readonly encoder: Encoder;
  /** What a person should know: columns dropped, values folded. */
  readonly notes: readonly string[];
}

/**
 * How features are encoded: numbers by mean and deviation, by these and drawn in where they lie far out, or by their ranks; and how often
 * a category's value must occur.
 */
export interface Manner {
  readonly minCount: number;
  readonly numbers?: 'scaled' | 'drawn-in' | 'ranked' | undefined;
}

/** Standard deviations that numbers are drawn in towards; RealMLP, whose smooth clipping this is, has 3 (Holzmüller and others, NeurIPS 2024). */
const SOFT_LIMIT = 4;

/**
 * Learns the encoding of every feature from training rows. Constant and all-missing features are dropped with a note; when none
 * is left, `nothing-to-learn`.
 */
export function fitEncoder(contract: Contract, batches: readonly ColumnBatch[], manner: Manner): FittedEncoder {
  const columns = batches.map((batch) => featureColumns(contract, batch));
  const features = contract.features.map((feature, index) => fitFeature(feature, columns.map((row) => row[index]!), manner));
  if (!features.some(isUsed)) throw nothingToLearn(contract);
  return { encoder: new Encoder(contract, { features }), notes: features.flatMap(noteOf) };
}

function fitFeature({ name, kind }: Feature, columns: readonly Column[], { minCount, numbers = 'scaled' }: Manner): FeatureEncoding {
  if (kind === 'category') return fitCategory(name, columns.filter((column): column is TextColumn => column.storage === 'text'), minCount);
  const found = columns.filter((column): column is NumberColumn => column.storage === 'number');
  if (numbers === 'ranked') return fitQuantiles(name, found);
  return fitNumber(name, found, numbers === 'drawn-in' ? SOFT_LIMIT : undefined);
}

function isUsed(feature: FeatureEncoding): boolean {
  return feature.kind === 'category' ? feature.kept : feature.value || feature.flag;
}

function noteOf(feature: FeatureEncoding): readonly string[] {
  if (!isUsed(feature)) return [`${feature.name}: constant or missing in every training row, left out`];
  if (feature.kind !== 'category') return feature.value ? [] : [`${feature.name}: constant where present, only its absence is used`];
  const values = feature.folded === 1 ? 'value' : 'values';
  return feature.folded === 0 ? [] : [`${feature.name}: ${feature.folded} rare ${values} folded into one bucket`];
}
