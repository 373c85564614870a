import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { featureNotFinite } from '../row-errors.ts';
import { featureColumns } from '../features.ts';
import { BinSearch } from './bin-search.ts';
import { binCount, vocabularyOf, writeCategories, writeNumbers, type Cells, type FeatureBins } from './feature-bins.ts';
import type { ColumnBins } from './tree.ts';

/** Turns column batches into rows of bins, one byte a used feature, the same way in training and in scoring. */
export class Binner {
  readonly contract: Contract;
  /** In the contract's order, unused ones among them. */
  readonly features: readonly FeatureBins[];
  /** Of the used features, in order: their places in `features`, and how many bins each has. */
  readonly used: readonly number[];
  readonly counts: readonly number[];
  private readonly writers: readonly ((column: Column, to: Cells) => number)[];

  constructor(contract: Contract, features: readonly FeatureBins[]) {
    this.contract = contract;
    this.features = features;
    this.used = features.flatMap((feature, index) => (feature.used ? [index] : []));
    this.counts = this.used.map((index) => binCount(features[index]!));
    const search = new BinSearch(features.map((feature) => (feature.kind === 'number' ? feature.edges : [])));
    this.writers = features.map((feature, index) => writerOf(feature, { search, feature: index }));
  }

  get width(): number {
    return this.used.length;
  }

  /** Writes a batch's bins into `cells`, row-major, from row `at` on. Refuses a broken contract and values that are not finite (`feature-not-finite`). */
  write(batch: ColumnBatch, cells: Uint8Array, at: number): void {
    this.writeColumns(batch, (place) => ({ cells, offset: at * this.width + place, stride: this.width }));
  }

  /** A batch's bins, column by column. */
  columns(batch: ColumnBatch): ColumnBins {
    const cells = new Uint8Array(batch.rows * this.width);
    this.writeColumns(batch, (place) => ({ cells, offset: place * batch.rows, stride: 1 }));
    return { cells, rows: batch.rows };
  }

  private writeColumns(batch: ColumnBatch, to: (place: number) => Cells): void {
    const columns = featureColumns(this.contract, batch);
    this.used.forEach((index, place) => {
      const bad = this.writers[index]!(columns[index]!, to(place));
      if (bad > 0) throw featureNotFinite(this.features[index]!.name, bad, batch.rows);
    });
  }
}

function writerOf(feature: FeatureBins, place: { readonly search: BinSearch; readonly feature: number }): (column: Column, to: Cells) => number {
  if (feature.kind === 'number') return (column, to) => (column.storage === 'number' ? writeNumbers(place, column, to) : 0);
  const known = vocabularyOf(feature);
  return (column, to) => {
    if (column.storage === 'text') writeCategories(known, column, to);
    return 0;
  };
}
