import type { FitInput, FittedModel } from '../family.ts';
import type { MlpOptions } from '../mlp-family.ts';
import { wasmBackend } from './backend.ts';
import { Dropout } from './dropout.ts';
import { readNetwork, readWeights } from './load-network.ts';
import { Mlp, type MlpShape } from './mlp.ts';
import { prepare, summaryOf, type Prepared } from './prepare.ts';
import { streamOf } from './stream.ts';
import { TensorModel } from './tensor-model.ts';
import { train } from './train.ts';

/** Trains on the backend of the options; the model that comes of it predicts on WASM, as a loaded one does. */
export async function fitMlp(input: FitInput, options: MlpOptions): Promise<FittedModel> {
  const prepared = await prepare(input, options, options.weight_decay);
  const { encoder, head, backend, plan, train: table, validation } = prepared;
  const shape = shapeOf(prepared, options);
  const { seed, progress } = input;
  const dropout = options.dropout > 0 ? new Dropout(options.dropout, streamOf(seed, 'dropout')) : undefined;
  const learner = new Mlp(shape, { backend, head, dropout });
  learner.initialise(streamOf(seed, 'weights'), head.start(table.labels));
  const trained = await train({ learner, head, backend, train: table, validation, plan, seed, progress });
  const predictor = backend.name === 'wasm' ? learner : new Mlp(shape, { backend: await wasmBackend() });
  predictor.parameters.values.set(learner.parameters.values);
  return new TensorModel({
    summary: summaryOf('mlp', prepared, learner, trained),
    encoder,
    head,
    shape,
    learner: predictor,
    backend: await wasmBackend(),
  });
}

export async function loadMlp(folder: string): Promise<FittedModel> {
  const saved = readNetwork<MlpShape>(folder);
  const backend = await wasmBackend();
  const learner = new Mlp(saved.shape, { backend });
  readWeights(folder, learner);
  return new TensorModel({ ...saved, learner, backend });
}

function shapeOf({ encoder, head }: Prepared, { hidden, embedding }: MlpOptions): MlpShape {
  return { numbers: encoder.numbers, cardinalities: encoder.cardinalities, hidden, embedding, outputs: head.outputs };
}
