import type { FitInput, FittedModel } from '../family.ts';
import type { MlpOptions } from '../mlp-family.ts';
import { trainingBackend, wasmBackend } from './backend.ts';
import { Dropout } from './dropout.ts';
import { readNetwork, readWeights } from './load-network.ts';
import { Mlp, type MlpShape } from './mlp.ts';
import { planFor } from './plan.ts';
import { prepare, summaryOf, type Prepared } from './prepare.ts';
import { streamOf } from './stream.ts';
import { TensorModel } from './tensor-model.ts';
import { train } from './train.ts';
import { inTurn } from './turns.ts';

const FULL_RATE = 0.003;

export async function fitMlp(input: FitInput, options: MlpOptions): Promise<FittedModel> {
  const prepared = await prepare(input, options, { plan: (rows) => planFor(rows, options, { fullRate: FULL_RATE, weightDecay: options.weight_decay }), numbers: 'drawn-in' });
  return inTurn(() => trainMlp(input, options, prepared));
}

/** Trains on the backend of the options; the model that comes of it predicts on WASM, as a loaded one does. */
async function trainMlp({ seed, progress, backend: choice = 'auto', rounds }: FitInput, options: MlpOptions, prepared: Prepared): Promise<FittedModel> {
  const { encoder, head, train: table } = prepared;
  const shape = shapeOf(prepared, options);
  const backend = await trainingBackend(choice);
  const dropout = options.dropout > 0 ? new Dropout(options.dropout, streamOf(seed, 'dropout')) : undefined;
  const trainee = new Mlp(shape, { backend, head, dropout });
  trainee.initialise(streamOf(seed, 'weights'), head.start(table.labels, table.weights));
  const trained = await train({ ...prepared, learner: trainee, backend, seed, progress, rounds });
  trainee.settle();
  const summary = summaryOf(prepared, { family: 'mlp', backend: backend.name, learner: trainee, trained });
  const predicting = await wasmBackend();
  const learner = new Mlp(shape, { backend: predicting });
  learner.parameters.values.set(trainee.parameters.values);
  return new TensorModel({ summary, encoder, head, shape, learner, backend: predicting });
}

export async function loadMlp(folder: string): Promise<FittedModel> {
  const saved = readNetwork<MlpShape>(folder);
  const backend = await inTurn(wasmBackend);
  const learner = new Mlp(saved.shape, { backend });
  readWeights(folder, learner);
  return new TensorModel({ ...saved, learner, backend });
}

function shapeOf({ encoder, head }: Prepared, { hidden, embedding }: MlpOptions): MlpShape {
  return { numbers: encoder.numbers, cardinalities: encoder.cardinalities, hidden, embedding, outputs: head.outputs };
}
