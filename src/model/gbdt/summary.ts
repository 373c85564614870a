import type { TrainingSummary } from '../family.ts';
import type { Prepared } from './fit-gbdt.ts';
import type { Trained } from './rounds.ts';
import type { Tree } from './tree.ts';

export interface Kept {
  readonly trained: Trained;
  readonly rate: number;
  readonly trees: readonly Tree[];
  readonly gains: readonly Float64Array[];
}

export function summaryOf(prepared: Prepared, { trained, rate, trees, gains }: Kept): TrainingSummary {
  const { train, held, notes } = prepared;
  return {
    family: 'gbdt',
    backend: 'threads',
    rows: train.labels.length,
    validationRows: held?.labels.length ?? 0,
    unit: 'tree',
    rounds: trained.curve.length,
    bestRound: trained.bestRound,
    // A threshold a node and a value a leaf.
    parameters: trees.reduce((sum, { features, values }) => sum + features.length + values.length, 0),
    curve: trained.curve,
    importance: importanceOf(prepared, gains),
    settled: { learning_rate: rate },
    notes,
  };
}

/** Shares of all that splits save in loss; undefined where no tree has a split. */
function importanceOf({ binner }: Prepared, gains: readonly Float64Array[]): TrainingSummary['importance'] {
  const sums = binner.contract.features.map(() => 0);
  for (const tree of gains) binner.used.forEach((index, place) => (sums[index]! += tree[place]!));
  const total = sums.reduce((sum, gain) => sum + gain, 0);
  return total === 0 ? undefined : binner.contract.features.map(({ name }, index) => ({ feature: name, share: sums[index]! / total }));
}
