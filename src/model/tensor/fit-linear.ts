import type { FitInput, FittedModel } from '../family.ts';
import type { LinearOptions } from '../linear-family.ts';
import { trainingBackend } from './backend.ts';
import { Linear, type LinearShape } from './linear.ts';
import { readNetwork, readWeights } from './load-network.ts';
import { prepare, summaryOf, type Prepared } from './prepare.ts';
import { TensorModel } from './tensor-model.ts';
import { train } from './train.ts';
import { inTurn } from './turns.ts';

const FULL_RATE = 0.02;

export async function fitLinear(input: FitInput, options: LinearOptions): Promise<FittedModel> {
  const prepared = await prepare(input, options, { fullRate: FULL_RATE, weightDecay: 0 });
  return inTurn(() => trainLinear(input, options, prepared));
}

async function trainLinear({ seed, progress }: FitInput, options: LinearOptions, prepared: Prepared): Promise<FittedModel> {
  const { encoder, head, train: table } = prepared;
  const backend = await trainingBackend(options.backend);
  const shape: LinearShape = { numbers: encoder.numbers, cardinalities: encoder.cardinalities, outputs: head.outputs };
  const learner = new Linear(shape, { head, backend, penalty: options.l2 / table.rows });
  learner.initialise(head.start(table.labels));
  const trained = await train({ ...prepared, learner, backend, seed, progress });
  const summary = summaryOf(prepared, { family: 'linear', backend: backend.name, learner, trained });
  return new TensorModel({ summary, encoder, head, shape, learner, backend: undefined });
}

export function loadLinear(folder: string): FittedModel {
  const saved = readNetwork<LinearShape>(folder);
  const learner = new Linear(saved.shape);
  readWeights(folder, learner);
  return new TensorModel({ ...saved, learner, backend: undefined });
}
