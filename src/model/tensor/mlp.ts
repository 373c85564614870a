import type { Backend } from './backend.ts';
import { Dropout } from './dropout.ts';
import { Embeddings, embeddingColumns } from './embeddings.ts';
import type { Head } from './head.ts';
import type { Batch, Learner } from './learner.ts';
import { Parameters, type Slot, type SlotShape } from './parameters.ts';
import type { Random } from '../../evaluation/random.ts';
import type { Matrix } from './tensor-flow.ts';

export interface MlpShape {
  /** Numeric inputs a row. */
  readonly numbers: number;
  /** Codes of each category. */
  readonly cardinalities: readonly number[];
  readonly hidden: readonly number[];
  /** Longest embedding. */
  readonly embedding: number;
  readonly outputs: number;
}

/** What it computes on; the head and dropout only for training. */
export interface MlpMeans {
  readonly backend: Backend;
  readonly head?: Head | undefined;
  readonly dropout?: Dropout | undefined;
}

interface Layer {
  readonly weights: Slot;
  readonly bias: Slot;
}

/** The operands of a layer's forward pass that its backward pass needs again. */
interface Passed {
  readonly input: Matrix;
  readonly weights: Matrix;
  /** The dropout mask laid over `input`, where it is a hidden layer's output in training. */
  readonly mask: Matrix | undefined;
}

/**
 * A multilayer perceptron: embeddings beside the numbers, hidden layers with ReLU and dropout, one linear layer to the outputs.
 * Its backward pass is written out: with so few layers that is short, and it transposes as the backend likes it, where the
 * automatic one would call the slow kernels.
 */
export class Mlp implements Learner {
  readonly parameters: Parameters;
  readonly inputWidth: number;
  private readonly backend: Backend;
  private readonly head: Head | undefined;
  private readonly embeddings: Embeddings;
  private readonly layers: readonly Layer[];
  private readonly dropout: Dropout | undefined;
  private readonly numbers: number;

  constructor(shape: MlpShape, { backend, head, dropout }: MlpMeans) {
    const tables = tableShapes(shape);
    this.numbers = shape.numbers;
    this.inputWidth = shape.numbers + tables.reduce((sum, table) => sum + table.columns, 0);
    this.parameters = new Parameters([...tables, ...layerShapes(shape, this.inputWidth)]);
    this.embeddings = new Embeddings(this.parameters, 0, tables.length);
    this.layers = [...shape.hidden, shape.outputs].map((_, index) => ({
      weights: this.parameters.slots[tables.length + 2 * index]!,
      bias: this.parameters.slots[tables.length + 2 * index + 1]!,
    }));
    this.backend = backend;
    this.head = head;
    this.dropout = dropout;
  }

  get touched(): readonly number[] {
    return this.embeddings.touched;
  }

  /** Weights after He et al. (2015), embeddings small, the output layer's bias at `start`. */
  initialise(random: Random, start: Float64Array): void {
    for (const slot of this.parameters.slots) {
      const values = this.parameters.of(slot);
      const scale = slot.sparse ? 0.1 : slot.decays ? Math.sqrt(2 / slot.rows) : 0;
      if (scale > 0) for (let i = 0; i < values.length; i++) values[i] = scale * random.normal();
    }
    // What the output layer adds to its bias is to start small.
    const last = this.layers.at(-1)!;
    const weights = this.parameters.of(last.weights);
    for (let i = 0; i < weights.length; i++) weights[i]! *= 0.1;
    this.parameters.of(last.bias).set(start);
  }

  /** To be called when training is over, for the categories' codes that it never met. */
  settle(): void {
    this.embeddings.settle();
  }

  forward(batch: Batch): Float32Array {
    this.embeddings.lookUp(batch, this.inputWidth);
    const { tf } = this.backend;
    let raw: Float32Array = new Float32Array(0);
    // Not given back by `tidy`, which would look for tensors in each of its values.
    tf.tidy(() => {
      raw = this.run(batch, undefined).raw.dataSync<'float32'>();
    });
    return raw;
  }

  gradient(batch: Batch): number {
    const { head, backend } = this;
    if (head === undefined) throw new TypeError('This network was loaded to predict, not to train.');
    this.embeddings.lookUp(batch, this.inputWidth);
    return backend.tf.tidy(() => {
      const { raw, passed } = this.run(batch, this.dropout);
      const outer = new Float32Array(batch.rows * head.outputs);
      const { labels, weights, rows } = batch;
      const loss = head.loss({ raw: raw.dataSync<'float32'>(), labels, weights, rows }, outer);
      this.backward(batch, passed, backend.tf.tensor2d(outer, [batch.rows, head.outputs]));
      return loss;
    });
  }

  private run(batch: Batch, dropout: Dropout | undefined): { raw: Matrix; passed: Passed[] } {
    const { tf } = this.backend;
    const passed: Passed[] = [];
    const inputs = batch.inputs.subarray(0, batch.rows * this.inputWidth);
    let input = tf.tensor2d(inputs, [batch.rows, this.inputWidth]);
    let mask: Matrix | undefined;
    this.layers.forEach((layer, index) => {
      const weights = this.matrix(layer.weights);
      passed.push({ input, weights, mask });
      const inner = index < this.layers.length - 1;
      input = this.backend.dense({ x: input, w: weights, b: tf.tensor1d(this.parameters.of(layer.bias)), relu: inner });
      mask = inner ? dropout?.mask(tf, batch.rows, layer.weights.columns) : undefined;
      if (mask !== undefined) input = tf.mul(input, mask);
    });
    return { raw: input, passed };
  }

  /** From the gradient by the raw outputs back to the gradients of all parameters. */
  private backward(batch: Batch, passed: readonly Passed[], outer: Matrix): void {
    const { tf } = this.backend;
    const ones = tf.ones<import('@tensorflow/tfjs-core').Rank.R2>([1, batch.rows]);
    let gradient = outer;
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const { input, weights, mask } = passed[index]!;
      const layer = this.layers[index]!;
      this.keep(layer.weights, this.backend.transposedProduct(input, gradient));
      // A sum over rows as a product: the kernel for sums transposes first.
      this.keep(layer.bias, tf.matMul(ones, gradient));
      if (index === 0) break;
      const back = this.backend.productTransposed(gradient, weights);
      gradient = tf.mul(mask === undefined ? back : tf.mul(back, mask), this.backend.positive(input));
    }
    if (this.embeddings.width === 0) return;
    const rows = tf.slice(passed[0]!.weights, [this.numbers, 0], [this.embeddings.width, -1]);
    this.embeddings.scatter(batch, this.backend.productTransposed(gradient, rows).dataSync<'float32'>());
  }

  private matrix(slot: Slot): Matrix {
    return this.backend.tf.tensor2d(this.parameters.of(slot), [slot.rows, slot.columns]);
  }

  private keep(slot: Slot, gradient: Matrix): void {
    this.parameters.gradientOf(slot).set(gradient.dataSync<'float32'>());
  }
}

function tableShapes(shape: MlpShape): SlotShape[] {
  return shape.cardinalities.map((rows, index) => ({
    name: `embedding-${index + 1}`,
    rows,
    columns: embeddingColumns(rows, shape.embedding),
    decays: false,
    sparse: true,
  }));
}

function layerShapes({ hidden, outputs }: MlpShape, inputWidth: number): SlotShape[] {
  const widths = [inputWidth, ...hidden, outputs];
  return widths.slice(1).flatMap((columns, index) => [
    { name: `weights-${index + 1}`, rows: widths[index]!, columns, decays: true, sparse: false },
    { name: `bias-${index + 1}`, rows: 1, columns, decays: false, sparse: false },
  ]);
}
