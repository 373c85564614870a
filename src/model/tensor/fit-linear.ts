import type { FitInput, FittedModel } from '../family.ts';
import type { LinearOptions } from '../linear-family.ts';
import { Linear, type LinearShape } from './linear.ts';
import { readNetwork, readWeights } from './load-network.ts';
import { prepare, summaryOf } from './prepare.ts';
import { TensorModel } from './tensor-model.ts';
import { train } from './train.ts';

export async function fitLinear(input: FitInput, options: LinearOptions): Promise<FittedModel> {
  const prepared = await prepare(input, options);
  const { encoder, head, backend, plan, train: table, validation } = prepared;
  const shape: LinearShape = { numbers: encoder.numbers, cardinalities: encoder.cardinalities, outputs: head.outputs };
  const learner = new Linear(shape, { head, backend, penalty: options.l2 / table.rows });
  learner.initialise(head.start(table.labels));
  const { seed, progress } = input;
  const trained = await train({ learner, head, backend, train: table, validation, plan, seed, progress });
  return new TensorModel({ summary: summaryOf('linear', prepared, learner, trained), encoder, head, shape, learner, backend: undefined });
}

export function loadLinear(folder: string): FittedModel {
  const saved = readNetwork<LinearShape>(folder);
  const learner = new Linear(saved.shape);
  readWeights(folder, learner);
  return new TensorModel({ ...saved, learner, backend: undefined });
}
