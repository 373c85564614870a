import type { FitInput, FittedModel } from '../family.ts';
import type { TabmOptions } from '../tabm-family.ts';
import { trainingBackend, wasmBackend } from './backend.ts';
import { binEdges } from './bin-edges.ts';
import { Dropout } from './dropout.ts';
import { readNetwork, readWeights } from './load-network.ts';
import { prepare, summaryOf, type Prepared } from './prepare.ts';
import { streamOf } from './stream.ts';
import type { Table } from './table.ts';
import { Tabm, type TabmShape } from './tabm.ts';
import { dimensionsFor, sizeFor, tabmPlan } from './tabm-plan.ts';
import { TensorModel } from './tensor-model.ts';
import { train } from './train.ts';
import { inTurn } from './turns.ts';

/** Length of a category's vector at most. */
const LONGEST_CATEGORY = 12;

export async function fitTabm(input: FitInput, options: TabmOptions): Promise<FittedModel> {
  const prepared = await prepare(input, options, { plan: (rows) => tabmPlan(rows, input.contract.task, options), numbers: 'ranked' });
  return inTurn(() => trainTabm(input, options, prepared));
}

/** Trains on the backend of the options; the model that comes of it predicts on WASM, as a loaded one does. */
async function trainTabm({ seed, progress, backend: choice = 'auto', rounds }: FitInput, options: TabmOptions, prepared: Prepared): Promise<FittedModel> {
  const { encoder, head, train: table } = prepared;
  const shape = shapeOf(prepared, options);
  const backend = await trainingBackend(choice);
  const dropout = options.dropout > 0 ? new Dropout(options.dropout, streamOf(seed, 'dropout')) : undefined;
  const trainee = new Tabm(shape, { backend, head, dropout });
  trainee.initialise(streamOf(seed, 'weights'), head.start(table.labels, table.weights));
  const trained = await train({ ...prepared, learner: trainee, backend, seed, progress, rounds });
  trainee.settle(metIn(table, encoder.cardinalities));
  const summary = summaryOf(prepared, { family: 'tabm', backend: backend.name, learner: trainee, trained });
  const predicting = await wasmBackend();
  const learner = new Tabm(shape, { backend: predicting, head });
  learner.parameters.values.set(trainee.parameters.values);
  return new TensorModel({ summary, encoder, head, shape, learner, backend: predicting });
}

export async function loadTabm(folder: string): Promise<FittedModel> {
  const saved = readNetwork<TabmShape>(folder);
  const backend = await inTurn(wasmBackend);
  const learner = new Tabm(saved.shape, { backend, head: saved.head });
  readWeights(folder, learner);
  return new TensorModel({ ...saved, learner, backend });
}

function shapeOf({ encoder, head, train: table }: Prepared, options: TabmOptions): TabmShape {
  const { cardinalities, numberColumns } = encoder;
  const edges = numberColumns.map((column, at) => (column.flag ? [] : binEdges(numbersAt(table, at), options.bins)));
  const { embedding } = options;
  return {
    edges,
    cardinalities,
    dimensions: embedding === 'auto' ? dimensionsFor(edges.filter((some) => some.length > 0).length) : embedding,
    embedding: embedding === 'auto' ? LONGEST_CATEGORY : embedding,
    ...sizeFor(table.rows, options),
    blocks: options.blocks,
    outputs: head.outputs,
  };
}

function numbersAt({ rows, width, numbers }: Table, column: number): Float32Array {
  const found = new Float32Array(rows);
  for (let i = 0; i < rows; i++) found[i] = numbers[i * width + column]!;
  return found;
}

/** Whether a category's code occurs among the rows. */
function metIn({ codes, categories }: Table, cardinalities: readonly number[]): (category: number, code: number) => boolean {
  const met = cardinalities.map((codesOf) => new Uint8Array(codesOf));
  for (let i = 0; i < codes.length; i++) met[i % categories]![codes[i]!] = 1;
  return (category, code) => met[category]![code] === 1;
}
