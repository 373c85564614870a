import type { FitInput, TrainingSummary } from '../family.ts';
import { requireVariety } from '../labels.ts';
import type { ColumnNames } from './came-apart.ts';
import type { Encoder } from './encoder.ts';
import { fitEncoder, type Manner } from './fit-encoder.ts';
import { headOf, labelScale, type Head } from './head.ts';
import type { Learner } from './learner.ts';
import type { Plan } from './plan.ts';
import { collect, encodeTable, type Collected, type Table } from './table.ts';
import type { Trained } from './train.ts';
import type { TrainingOptions } from './training-options.ts';

/** Everything that a training needs beside its network. */
export interface Prepared {
  readonly encoder: Encoder;
  readonly head: Head;
  readonly plan: Plan;
  readonly train: Table;
  readonly validation: Table | undefined;
  readonly names: ColumnNames;
  readonly notes: readonly string[];
}

export interface Preparation {
  readonly plan: (rows: number) => Plan;
  readonly numbers?: Manner['numbers'];
}

/** Reads both streams once, learns the encoding from the training rows alone, and encodes both. */
export async function prepare(input: FitInput, options: Pick<TrainingOptions, 'min_count'>, { plan, numbers }: Preparation): Promise<Prepared> {
  const { contract, weigh } = input;
  const collected = await collect(contract, input.train, { purpose: 'training', weigh });
  requireVariety(contract, labelsThatCount(collected));
  const { encoder, notes } = fitEncoder(contract, collected.batches, { minCount: options.min_count, numbers });
  const head = headOf(contract, labelScale(contract.task, collected.labels, collected.weights));
  const train = encodeTable(encoder, collected);
  const validation = input.validation === undefined ? undefined : encodeTable(encoder, await collect(contract, input.validation, { purpose: 'validation', weigh }));
  const names = { numbers: encoder.numberColumns.map(({ name }) => name), categories: encoder.categoryColumns };
  return { encoder, head, names, plan: plan(train.rows), train, validation, notes };
}

/** A label of rows that all have weight 0 is as good as none. */
function labelsThatCount({ labels, weights }: Collected): Float64Array {
  return weights === undefined ? labels : labels.filter((_, row) => weights[row]! > 0);
}

export interface Outcome {
  readonly family: string;
  readonly backend: string;
  readonly learner: Learner;
  readonly trained: Trained;
}

export function summaryOf(prepared: Prepared, { family, backend, learner, trained }: Outcome): TrainingSummary {
  return {
    family,
    backend,
    rows: prepared.train.rows,
    validationRows: prepared.validation?.rows ?? 0,
    unit: 'epoch',
    rounds: trained.curve.length,
    bestRound: trained.bestRound,
    parameters: learner.parameters.values.length,
    curve: trained.curve,
    notes: [...prepared.notes, ...trained.notes],
  };
}
