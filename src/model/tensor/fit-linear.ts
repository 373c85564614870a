import type { FitInput, FittedModel } from '../family.ts';
import type { LinearOptions } from '../linear-family.ts';
import { type Backend, trainingBackend } from './backend.ts';
import { Linear, type LinearShape } from './linear.ts';
import { readNetwork, readWeights } from './load-network.ts';
import { planFor } from './plan.ts';
import { prepare, summaryOf, type Prepared } from './prepare.ts';
import { TensorModel } from './tensor-model.ts';
import { type Trained, train } from './train.ts';
import { inTurn } from './turns.ts';

const FULL_RATE = 0.02;

/** What `auto` tries: hardly any pull, and strong ones, which noisy features and single days learnt by heart ask for. */
const STRENGTHS = [1, 100, 3000];

export async function fitLinear(input: FitInput, options: LinearOptions): Promise<FittedModel> {
  const prepared = await prepare(input, options, { plan: (rows) => planFor(rows, options, { fullRate: FULL_RATE, weightDecay: 0 }) });
  return inTurn(() => trainLinear(input, options, prepared));
}

async function trainLinear(input: FitInput, options: LinearOptions, prepared: Prepared): Promise<FittedModel> {
  const { encoder, head } = prepared;
  const backend = await trainingBackend(input.backend ?? 'auto');
  const shape: LinearShape = { numbers: encoder.numbers, cardinalities: encoder.cardinalities, outputs: head.outputs };
  const strengths = options.l2 === 'auto' ? STRENGTHS : [options.l2];
  const attempts: Attempt[] = [];
  for (const l2 of strengths) attempts.push(await trainWith(l2, { input, shape, backend, prepared }));
  const { l2, learner, trained } = attempts.reduce((best, one) => (lossOf(one) < lossOf(best) ? one : best));
  const notes = strengths.length === 1 ? prepared.notes : [...prepared.notes, `l2: ${l2} of ${strengths.join(', ')} has the least validation loss`];
  const summary = { ...summaryOf({ ...prepared, notes }, { family: 'linear', backend: backend.name, learner, trained }), settled: { l2 } };
  return new TensorModel({ summary, encoder, head, shape, learner, backend: undefined });
}

interface Attempt {
  readonly l2: number;
  readonly learner: Linear;
  readonly trained: Trained;
}

interface Setting {
  readonly input: FitInput;
  readonly shape: LinearShape;
  readonly backend: Backend;
  readonly prepared: Prepared;
}

async function trainWith(l2: number, { input: { seed, progress, rounds }, shape, backend, prepared }: Setting): Promise<Attempt> {
  const { head, train: table } = prepared;
  const learner = new Linear(shape, { head, backend, penalty: l2 / table.rows });
  learner.initialise(head.start(table.labels, table.weights));
  return { l2, learner, trained: await train({ ...prepared, learner, backend, seed, progress, rounds }) };
}

/** The validation loss of the epoch that was kept. */
function lossOf({ trained: { curve, bestRound } }: Attempt): number {
  return curve[bestRound - 1]?.validationLoss ?? Infinity;
}

export function loadLinear(folder: string): FittedModel {
  const saved = readNetwork<LinearShape>(folder);
  const learner = new Linear(saved.shape);
  readWeights(folder, learner);
  return new TensorModel({ ...saved, learner, backend: undefined });
}
