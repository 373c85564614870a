import type { Random } from '../../evaluation/random.ts';
import type { Backend } from './backend.ts';
import type { Dropout } from './dropout.ts';
import type { Head } from './head.ts';
import type { Batch, Learner } from './learner.ts';
import { MemberHeads, headShapes } from './member-heads.ts';
import { MemberLayer, memberShapes } from './member-layer.ts';
import { Parameters, type Slot, type SlotShape } from './parameters.ts';
import { TabmInputs, inputShapes, layoutOf, type InputsShape } from './tabm-inputs.ts';
import type { Matrix, Vector } from './tensor-flow.ts';

export interface TabmShape extends InputsShape {
  readonly members: number;
  readonly width: number;
  /** Hidden layers. */
  readonly blocks: number;
  readonly outputs: number;
}

/** What it computes on; dropout only for training. */
export interface TabmMeans {
  readonly backend: Backend;
  readonly head: Head;
  readonly dropout?: Dropout | undefined;
}

/** Hidden values of a layer at a time in prediction: about what a core's cache holds. */
const AT_ONCE = 1 << 18;

/**
 * TabM, the mini variant (Gorishniy, Kotelnikov and Babenko, TabM, ICLR 2025): members that share one network and differ in a
 * scaling of the inputs and in their heads, trained side by side on the same batches, each by its own loss. Its raw outputs are
 * those that predict the mean of the members' predictions. The backward pass is written out, as in `Mlp`.
 */
export class Tabm implements Learner {
  readonly parameters: Parameters;
  readonly inputWidth: number;
  private readonly shape: TabmShape;
  private readonly means: TabmMeans;
  private readonly inputs: TabmInputs;
  private readonly first: MemberLayer;
  private readonly layers: readonly { readonly weights: Slot; readonly bias: Slot }[];
  private readonly heads: MemberHeads;

  constructor(shape: TabmShape, means: TabmMeans) {
    const inner = inputShapes(shape);
    const members = { members: shape.members, width: shape.width, sources: layoutOf(shape).sources };
    const shapes = [...inner, ...memberShapes(members), ...blockShapes(shape), ...headShapes(shape)];
    this.shape = shape;
    this.means = means;
    this.inputWidth = shape.edges.length;
    this.parameters = new Parameters(shapes);
    this.inputs = new TabmInputs(shape, this.parameters);
    this.first = new MemberLayer(members, this.parameters, inner.length);
    const { slots } = this.parameters;
    const from = inner.length + 3;
    this.layers = Array.from({ length: shape.blocks - 1 }, (_, block) => ({ weights: slots[from + 2 * block]!, bias: slots[from + 2 * block + 1]! }));
    this.heads = new MemberHeads(shape, this.parameters, slots.length - 2);
  }

  get touched(): readonly number[] {
    return this.inputs.touched;
  }

  /** Layers even within ± 1/√inputs as PyTorch has it, heads' biases at `start`. */
  initialise(random: Random, start: Float64Array): void {
    this.inputs.initialise(random, this.parameters);
    this.first.initialise(random);
    const scale = 1 / Math.sqrt(this.shape.width);
    for (const slot of this.layers.flatMap(({ weights, bias }) => [weights, bias])) {
      const values = this.parameters.of(slot);
      for (let i = 0; i < values.length; i++) values[i] = scale * (2 * random.uniform() - 1);
    }
    this.heads.initialise(random, start);
  }

  /** To be called when training is over: category codes that it never met count as the mean of those that it did. */
  settle(met: (category: number, code: number) => boolean): void {
    this.inputs.settle();
    for (const { category, column } of this.inputs.layout.hot) {
      const columns = Array.from({ length: this.shape.cardinalities[category]! }, (_, code) => column + code);
      this.first.settle(columns, (code) => met(category, code));
    }
  }

  /** A stretch of rows at a time, so that their hidden values stay in the cache; the weights are handed over once. */
  forward(batch: Batch): Float32Array {
    const { members, width, outputs } = this.shape;
    const pooled = new Float32Array(batch.rows * outputs);
    const most = Math.max(1, Math.floor(AT_ONCE / (members * width)));
    const { tf } = this.means.backend;
    this.prepare();
    tf.tidy(() => {
      const weights = this.weights();
      for (let from = 0; from < batch.rows; from += most) {
        const part = partOf(batch, from, Math.min(batch.rows, from + most), this.shape);
        const raw = new Float32Array(part.rows * members * outputs);
        // Not given back by `tidy`, which would look for tensors in each of its values.
        tf.tidy(() => this.heads.forward(part.rows, this.run(part, weights).at(-1)!.dataSync<'float32'>(), raw));
        this.means.head.pool({ raw, rows: part.rows, members }, pooled.subarray(from * outputs));
      }
    });
    return pooled;
  }

  gradient(batch: Batch): number {
    this.prepare();
    return this.means.backend.tf.tidy(() => {
      const weights = this.weights();
      const hidden = this.run(batch, weights, this.means.dropout);
      const { loss, back } = this.throughHeads(batch, hidden.at(-1)!);
      this.backward(batch, { hidden, weights }, back);
      return loss;
    });
  }

  private prepare(): void {
    this.inputs.prepare();
    this.first.prepare();
  }

  private weights(): Weights {
    const { tf } = this.means.backend;
    const across = this.shape.members * this.shape.width;
    return {
      first: { w: tf.tensor2d(this.first.effective, [this.inputs.width, across]), b: tf.zeros([across]) },
      layers: this.layers.map(({ weights, bias }) => ({ w: this.matrix(weights), b: tf.tensor1d(this.parameters.of(bias)) })),
    };
  }

  /** The inputs, then every layer's outputs with dropout laid over them. */
  private run(batch: Batch, weights: Weights, dropout?: Dropout): Matrix[] {
    const { tf } = this.means.backend;
    const { width, members } = this.shape;
    const rows = batch.rows * members;
    const x = tf.tensor2d(this.inputs.write(batch), [batch.rows, this.inputs.width]);
    const first = this.means.backend.dense({ x, ...weights.first, relu: true });
    const dropped = (hidden: Matrix): Matrix => (dropout === undefined ? hidden : tf.mul(hidden, dropout.mask(tf, rows, width)));
    const passed: Matrix[] = [x, dropped(tf.reshape(first, [rows, width]))];
    for (const layer of weights.layers) {
      passed.push(dropped(this.means.backend.dense({ x: passed.at(-1)!, ...layer, relu: true })));
    }
    return passed;
  }

  private throughHeads({ rows, labels, weights }: Batch, last: Matrix): { loss: number; back: Float32Array } {
    const { head } = this.means;
    const { members, outputs } = this.shape;
    const hidden = last.dataSync<'float32'>();
    const raw = new Float32Array(rows * members * outputs);
    const gradient = new Float32Array(raw.length);
    this.heads.forward(rows, hidden, raw);
    const each = { labels: repeatEach(labels, rows, members), weights: weights && repeatEach(weights, rows, members) };
    const loss = head.loss({ raw, ...each, rows: rows * members }, gradient) / members;
    return { loss, back: this.heads.backward({ rows, hidden, gradient, raised: this.raised }) };
  }

  /** By how much dropout raises what it keeps. */
  private get raised(): number {
    return this.means.dropout?.raised ?? 1;
  }

  /** From the gradient by the last layer's outputs back to the gradients of all layers below the heads. */
  private backward(batch: Batch, { hidden, weights }: Passed, back: Float32Array): void {
    const { backend } = this.means;
    const { tf } = backend;
    const { members, width } = this.shape;
    const rows = batch.rows * members;
    const ones = tf.ones<import('@tensorflow/tfjs-core').Rank.R2>([1, rows]);
    // What dropout has kept is above 0 and raised, what it has not is 0: a mask of its own is not needed.
    let gradient: Matrix = tf.mul(tf.tensor2d(back, [rows, width]), backend.positive(hidden.at(-1)!));
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const { weights: slot, bias } = this.layers[index]!;
      const input = hidden[index + 1]!;
      this.keep(slot, backend.transposedProduct(input, gradient));
      // A sum over rows as a product: the kernel for sums transposes first.
      this.keep(bias, tf.matMul(ones, gradient));
      const { w } = weights.layers[index]!;
      const passedBack = backend.productTransposed(gradient, this.raised === 1 ? w : tf.mul<Matrix>(w, this.raised));
      gradient = tf.mul(passedBack, backend.positive(input));
    }
    this.backwardFirst(batch, hidden[0]!, tf.reshape(gradient, [batch.rows, members * width]));
  }

  private backwardFirst(batch: Batch, inputs: Matrix, gradient: Matrix): void {
    const { backend } = this.means;
    this.first.collect(backend.transposedProduct(gradient, inputs).dataSync<'float32'>());
    const { learned } = this.inputs;
    if (learned.length === 0) return;
    const weights = backend.tf.tensor2d(this.first.transposed(learned), [this.shape.members * this.shape.width, learned.length]);
    this.inputs.scatter(batch, backend.tf.matMul(gradient, weights).dataSync<'float32'>());
  }

  private matrix(slot: Slot): Matrix {
    return this.means.backend.tf.tensor2d(this.parameters.of(slot), [slot.rows, slot.columns]);
  }

  private keep(slot: Slot, gradient: Matrix): void {
    this.parameters.gradientOf(slot).set(gradient.dataSync<'float32'>());
  }
}

interface Layer {
  readonly w: Matrix;
  readonly b: Vector;
}

interface Weights {
  /** Of all members side by side. */
  readonly first: Layer;
  readonly layers: readonly Layer[];
}

interface Passed {
  readonly hidden: readonly Matrix[];
  readonly weights: Weights;
}

/** Rows `from` up to `to` of a batch that is not learned from. */
function partOf(batch: Batch, from: number, to: number, { edges, cardinalities }: TabmShape): Batch {
  return {
    ...batch,
    rows: to - from,
    inputs: batch.inputs.subarray(from * edges.length, to * edges.length),
    codes: batch.codes.subarray(from * cardinalities.length, to * cardinalities.length),
  };
}

function repeatEach(values: Float64Array, rows: number, times: number): Float64Array {
  const repeated = new Float64Array(rows * times);
  for (let i = 0; i < rows; i++) repeated.fill(values[i]!, i * times, (i + 1) * times);
  return repeated;
}

function blockShapes({ width, blocks }: TabmShape): SlotShape[] {
  return Array.from({ length: blocks - 1 }, (_, block) => [
    { name: `weights-${block + 2}`, rows: width, columns: width, decays: true, sparse: false },
    { name: `bias-${block + 2}`, rows: 1, columns: width, decays: false, sparse: false },
  ]).flat();
}
