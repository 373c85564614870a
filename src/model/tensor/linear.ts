import type { Backend } from './backend.ts';
import type { Head } from './head.ts';
import type { Batch, Learner } from './learner.ts';
import { Parameters, type Slot } from './parameters.ts';

export interface LinearShape {
  readonly numbers: number;
  readonly cardinalities: readonly number[];
  readonly outputs: number;
}

/** What only training needs. */
export interface LinearTraining {
  readonly head: Head;
  readonly backend: Backend;
  /** Half the penalty on the sum of all squared weights, as a share of a row's loss. */
  readonly penalty: number;
}

/**
 * A generalised linear model: a weight for each number and output, a bias for each category value and output, L2 on both.
 * Trains in TensorFlow; predicts in plain code, in double precision, so that scoring with it loads nothing.
 */
export class Linear implements Learner {
  readonly parameters: Parameters;
  readonly inputWidth: number;
  readonly touched: readonly number[] = [];
  private readonly shape: LinearShape;
  private readonly training: LinearTraining | undefined;
  private readonly bias: Slot;
  private readonly weights: Slot;
  private readonly tables: readonly Slot[];
  private raw = new Float32Array(0);

  constructor(shape: LinearShape, training?: LinearTraining) {
    this.shape = shape;
    this.training = training;
    this.inputWidth = shape.numbers;
    const common = { columns: shape.outputs, sparse: false };
    this.parameters = new Parameters([
      { name: 'bias', rows: 1, decays: false, ...common },
      { name: 'weights', rows: shape.numbers, decays: true, ...common },
      ...shape.cardinalities.map((rows, index) => ({ name: `category-${index + 1}`, rows, decays: true, ...common })),
    ]);
    [this.bias, this.weights, ...this.tables] = this.parameters.slots as [Slot, Slot, ...Slot[]];
  }

  initialise(start: Float64Array): void {
    this.parameters.of(this.bias).set(start);
  }

  forward({ rows, inputs, codes }: Batch): Float32Array {
    const { numbers, outputs } = this.shape;
    const { values } = this.parameters;
    const raw = this.room(rows * outputs);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < outputs; k++) {
        let sum = values[this.bias.offset + k]!;
        for (let j = 0; j < numbers; j++) sum += inputs[i * numbers + j]! * values[this.weights.offset + j * outputs + k]!;
        for (let c = 0; c < this.tables.length; c++) {
          sum += values[this.tables[c]!.offset + codes[i * this.tables.length + c]! * outputs + k]!;
        }
        raw[i * outputs + k] = sum;
      }
    }
    return raw;
  }

  gradient(batch: Batch): number {
    if (this.training === undefined) throw new TypeError('This linear model was loaded to predict, not to train.');
    const { head, backend, penalty } = this.training;
    const { rows, labels, weights } = batch;
    const outer = new Float32Array(rows * this.shape.outputs);
    const loss = head.loss({ raw: this.forward(batch), labels, weights, rows }, outer);
    this.parameters.gradients.fill(0);
    if (this.shape.numbers > 0) this.weightGradients(batch, outer, backend);
    this.biasGradients(batch, outer);
    this.penalise(penalty);
    return loss;
  }

  private weightGradients({ rows, inputs }: Batch, outer: Float32Array, backend: Backend): void {
    const { numbers, outputs } = this.shape;
    const { tf } = backend;
    tf.tidy(() => {
      const x = tf.tensor2d(inputs.subarray(0, rows * numbers), [rows, numbers]);
      const gradient = backend.transposedProduct(x, tf.tensor2d(outer, [rows, outputs]));
      this.parameters.gradientOf(this.weights).set(gradient.dataSync<'float32'>());
    });
  }

  private biasGradients({ rows, codes }: Batch, outer: Float32Array): void {
    const { outputs } = this.shape;
    const { gradients } = this.parameters;
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < outputs; k++) {
        const gradient = outer[i * outputs + k]!;
        gradients[this.bias.offset + k]! += gradient;
        for (let c = 0; c < this.tables.length; c++) {
          gradients[this.tables[c]!.offset + codes[i * this.tables.length + c]! * outputs + k]! += gradient;
        }
      }
    }
  }

  private penalise(penalty: number): void {
    const { values, gradients } = this.parameters;
    for (let i = this.weights.offset; i < values.length; i++) gradients[i]! += penalty * values[i]!;
  }

  private room(length: number): Float32Array {
    if (this.raw.length < length) this.raw = new Float32Array(length);
    return this.raw;
  }
}
