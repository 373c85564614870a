import type { ColumnBatch, NumberColumn } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { featureColumns } from '../features.ts';
import { codeWriter, type CategoryEncoding } from './category-encoding.ts';
import { writeNumbers, type NumberEncoding, type Place } from './number-encoding.ts';
import { writeQuantiles, type QuantileEncoding } from './quantile-encoding.ts';

export type FeatureEncoding = NumberEncoding | QuantileEncoding | CategoryEncoding;

/** What was learned from the training rows about each feature, in the contract's order; plain JSON, saved with the model. */
export interface Encoding {
  readonly features: readonly FeatureEncoding[];
}

export interface EncodedNumber {
  readonly name: string;
  readonly flag: boolean;
  readonly kind: 'number' | 'quantile';
}

/** Encoded rows, contiguous: `numbers` is rows × `width`, `codes` rows × `categories`, both row-major. */
export interface EncodedRows {
  readonly rows: number;
  readonly width: number;
  readonly categories: number;
  readonly numbers: Float32Array;
  readonly codes: Int32Array;
}

/** Turns column batches into the numbers and category codes that a network takes, the same way in training and in scoring. */
export class Encoder {
  readonly encoding: Encoding;
  readonly contract: Contract;
  /** Numeric inputs a row: scaled values and missing flags. */
  readonly numbers: number;
  /** How many codes each category has, its buckets for missing (0) and other (1) included. */
  readonly cardinalities: readonly number[];

  constructor(contract: Contract, encoding: Encoding) {
    this.contract = contract;
    this.encoding = encoding;
    this.numbers = encoding.features.reduce((sum, feature) => sum + (feature.kind === 'category' ? 0 : widthOf(feature)), 0);
    this.cardinalities = encoding.features.flatMap((feature) =>
      feature.kind === 'category' && feature.kept ? [feature.values.length + 2] : [],
    );
  }

  /** The feature that each number of an encoded row is of, and whether it is its flag for missing. */
  get numberColumns(): readonly EncodedNumber[] {
    return this.encoding.features.flatMap((feature) => {
      if (feature.kind === 'category') return [];
      const { name, kind } = feature;
      return [...(feature.value ? [{ name, kind, flag: false }] : []), ...(feature.flag ? [{ name, kind, flag: true }] : [])];
    });
  }

  /** The feature that each code of an encoded row is of. */
  get categoryColumns(): readonly string[] {
    return this.encoding.features.flatMap((feature) => (feature.kind === 'category' && feature.kept ? [feature.name] : []));
  }

  get categories(): number {
    return this.cardinalities.length;
  }

  /** Encodes a batch into `target` from row `at` on. Refuses a broken contract and infinities (`feature-not-finite`). */
  write(batch: ColumnBatch, target: EncodedRows, at = 0): void {
    const columns = featureColumns(this.contract, batch);
    let number = 0;
    let category = 0;
    this.encoding.features.forEach((feature, index) => {
      const column = columns[index]!;
      if (feature.kind !== 'category' && column.storage === 'number') {
        const offset = at * this.numbers + number;
        writeScaled(feature, column, { values: target.numbers, offset, stride: this.numbers });
        number += widthOf(feature);
      } else if (feature.kind === 'category' && feature.kept && column.storage === 'text') {
        codeWriter(feature)(column, { values: target.codes, offset: at * this.categories + category, stride: this.categories });
        category += 1;
      }
    });
  }

  encode(batch: ColumnBatch): EncodedRows {
    const rows = this.allocate(batch.rows);
    this.write(batch, rows);
    return rows;
  }

  allocate(rows: number): EncodedRows {
    const { numbers: width, categories } = this;
    return { rows, width, categories, numbers: new Float32Array(rows * width), codes: new Int32Array(rows * categories) };
  }
}

function writeScaled(feature: NumberEncoding | QuantileEncoding, column: NumberColumn, place: Place<Float32Array>): void {
  if (feature.kind === 'number') writeNumbers(feature, column, place);
  else writeQuantiles(feature, column, place);
}

function widthOf(feature: NumberEncoding | QuantileEncoding): number {
  return (feature.value ? 1 : 0) + (feature.flag ? 1 : 0);
}
