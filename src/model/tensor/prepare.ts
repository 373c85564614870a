import type { FitInput, TrainingSummary } from '../family.ts';
import { requireVariety } from '../labels.ts';
import type { Encoder } from './encoder.ts';
import { fitEncoder } from './fit-encoder.ts';
import { headOf, labelScale, type Head } from './head.ts';
import type { Learner } from './learner.ts';
import { planFor, type Habits, type Plan } from './plan.ts';
import { collect, encodeTable, type Table } from './table.ts';
import type { Trained } from './train.ts';
import type { TrainingOptions } from './training-options.ts';

/** Everything that a training needs beside its network. */
export interface Prepared {
  readonly encoder: Encoder;
  readonly head: Head;
  readonly plan: Plan;
  readonly train: Table;
  readonly validation: Table | undefined;
  readonly notes: readonly string[];
}

/** Reads both streams once, learns the encoding from the training rows alone, and encodes both. */
export async function prepare(input: FitInput, options: TrainingOptions, habits: Habits): Promise<Prepared> {
  const { contract } = input;
  const collected = await collect(contract, input.train, 'training');
  requireVariety(contract, collected.labels);
  const { encoder, notes } = fitEncoder(contract, collected.batches, options.min_count);
  const head = headOf(contract, labelScale(contract.task, collected.labels));
  const train = encodeTable(encoder, collected);
  const validation = input.validation === undefined ? undefined : encodeTable(encoder, await collect(contract, input.validation, 'validation'));
  return { encoder, head, plan: planFor(train.rows, options, habits), train, validation, notes };
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
    notes: prepared.notes,
  };
}
