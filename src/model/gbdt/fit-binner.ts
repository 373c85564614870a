import type { ColumnBatch } from '../../dataset/batch.ts';
import type { Contract, Feature } from '../../dataset/contract.ts';
import { featureNotFinite, nothingToLearn } from '../row-errors.ts';
import { featureColumns } from '../features.ts';
import { edgesOf } from './bin-edges.ts';
import { Binner } from './binner.ts';
import { MOST_BINS } from './bins.ts';
import { CategorySketch } from './category-sketch.ts';
import type { CategoryBins, FeatureBins, NumberBins } from './feature-bins.ts';
import { NumberSketch } from './number-sketch.ts';

/** Rows that bin edges are taken from, an even sample, and values that all columns' samples may hold together. */
const SAMPLE_ROWS = 65_536;
const SAMPLE_VALUES = 2 ** 23;

export interface BinnerOptions {
  /** Bins of a feature at most, the one for missing values not counted. */
  readonly bins: number;
  /** Categories that occur less often share a bucket with those never seen. */
  readonly min_count: number;
}

/** Learns the bins of every feature in one pass over the training rows, of which it holds an even sample. */
export class BinnerFit {
  rows = 0;
  private readonly contract: Contract;
  private readonly options: BinnerOptions;
  private readonly sketches: readonly (NumberSketch | CategorySketch)[];

  constructor(contract: Contract, options: BinnerOptions) {
    this.contract = contract;
    this.options = options;
    const share = Math.max(1024, Math.floor(SAMPLE_VALUES / contract.features.length));
    this.sketches = contract.features.map(({ kind }) => (kind === 'number' ? new NumberSketch(Math.min(SAMPLE_ROWS, share)) : new CategorySketch()));
  }

  add(batch: ColumnBatch): void {
    this.rows += batch.rows;
    featureColumns(this.contract, batch).forEach((column, index) => {
      const sketch = this.sketches[index]!;
      if (column.storage === 'number' && sketch instanceof NumberSketch) sketch.add(column);
      if (column.storage === 'text' && sketch instanceof CategorySketch) sketch.add(column);
    });
  }

  /** Refuses values that are not finite (`feature-not-finite`) and features of which none differs between rows (`nothing-to-learn`). */
  finish(): { readonly binner: Binner; readonly notes: readonly string[] } {
    const made = this.contract.features.map((feature, index) => this.finishOne(feature, this.sketches[index]!));
    if (!made.some(({ bins }) => bins.used)) throw nothingToLearn(this.contract);
    return { binner: new Binner(this.contract, made.map(({ bins }) => bins)), notes: made.flatMap(({ notes }) => notes) };
  }

  private finishOne({ name }: Feature, sketch: NumberSketch | CategorySketch): Finished {
    const finished = sketch instanceof NumberSketch ? numberBins(name, sketch, this.options) : categoryBins(name, sketch, this.options);
    return finished.bins.used ? finished : { bins: finished.bins, notes: [`${name}: constant or missing in every training row, left out`] };
  }
}

interface Finished {
  readonly bins: FeatureBins;
  readonly notes: readonly string[];
}

function numberBins(name: string, sketch: NumberSketch, { bins: most }: BinnerOptions): Finished {
  if (sketch.bad > 0) throw featureNotFinite(name, sketch.bad, sketch.rows);
  const varies = sketch.least < sketch.most;
  const used = varies || (sketch.missing > 0 && sketch.missing < sketch.rows);
  const bins: NumberBins = { kind: 'number', name, used, edges: varies ? [...edgesOf(sketch.sorted(), most)] : [] };
  return { bins, notes: varies ? [] : [`${name}: constant where present, only its absence is used`] };
}

function categoryBins(name: string, sketch: CategorySketch, { bins, min_count }: BinnerOptions): Finished {
  const order = sketch.ordered();
  const values = order.filter(([, count]) => count >= min_count).slice(0, Math.min(bins, MOST_BINS - 2)).map(([value]) => value);
  const folded = order.length - values.length;
  const groups = values.length + (folded > 0 ? 1 : 0) + (sketch.missing > 0 ? 1 : 0);
  const made: CategoryBins = { kind: 'category', name, used: groups > 1, values, folded };
  return { bins: made, notes: folded === 0 ? [] : [`${name}: ${folded} rare ${folded === 1 ? 'value' : 'values'} folded into one bucket`] };
}
