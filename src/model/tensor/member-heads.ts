import type { Random } from '../../evaluation/random.ts';
import type { Parameters, Slot, SlotShape } from './parameters.ts';

export interface HeadsShape {
  readonly members: number;
  readonly width: number;
  readonly outputs: number;
}

/** What a backward pass through the heads goes by. */
export interface Outer {
  readonly rows: number;
  /** What the heads were given: rows · members × width. */
  readonly hidden: Float32Array;
  /** By the raw outputs, rows × members × outputs. */
  readonly gradient: Float32Array;
  /** By how much dropout has raised the values that it kept. */
  readonly raised: number;
}

/** A linear layer to the outputs for each member. Plain code: a batched product is slow in WASM, and these are thin. */
export class MemberHeads {
  private readonly shape: HeadsShape;
  private readonly parameters: Parameters;
  /** Members · outputs × width. */
  private readonly weights: Slot;
  /** Members × outputs. */
  private readonly bias: Slot;

  /** The slots that `headShapes` made stand at `first` and after it. */
  constructor(shape: HeadsShape, parameters: Parameters, first: number) {
    this.shape = shape;
    this.parameters = parameters;
    [this.weights, this.bias] = parameters.slots.slice(first) as [Slot, Slot];
  }

  /** Weights even within ± 1/√width, biases at `start`, one for each output. */
  initialise(random: Random, start: Float64Array): void {
    const weights = this.parameters.of(this.weights);
    const scale = 1 / Math.sqrt(this.shape.width);
    for (let i = 0; i < weights.length; i++) weights[i] = scale * (2 * random.uniform() - 1);
    const bias = this.parameters.of(this.bias);
    for (let i = 0; i < bias.length; i++) bias[i] = start[i % start.length]!;
  }

  /** Raw outputs, rows × members × outputs, into `raw`. */
  forward(rows: number, hidden: Float32Array, raw: Float32Array): void {
    const { members, width, outputs } = this.shape;
    const weights = this.parameters.of(this.weights);
    const bias = this.parameters.of(this.bias);
    const across = members * outputs;
    for (let i = 0; i < rows * members; i++) {
      const head = (i * outputs) % across;
      for (let o = 0; o < outputs; o++) raw[i * outputs + o] = bias[head + o]! + dot(hidden, i * width, weights, (head + o) * width, width);
    }
  }

  /** Leaves the gradients of the parameters, and gives that by what the heads were given, rows · members × width. */
  backward({ rows, hidden, gradient, raised }: Outer): Float32Array {
    const { members, width, outputs } = this.shape;
    const weights = this.parameters.of(this.weights);
    const weightGradients = this.parameters.gradientOf(this.weights).fill(0);
    const biasGradients = this.parameters.gradientOf(this.bias).fill(0);
    const back = new Float32Array(rows * members * width);
    const across = members * outputs;
    for (let i = 0; i < rows * members * outputs; i++) {
      const slope = gradient[i]!;
      const head = i % across;
      const from = ((i - (i % outputs)) / outputs) * width;
      biasGradients[head]! += slope;
      spread(slope, hidden, from, weightGradients, head * width, width);
      spread(slope * raised, weights, head * width, back, from, width);
    }
    return back;
  }
}

/** Adds a stretch of `a` to one of `b`, `times` over. */
function spread(times: number, a: Float32Array, from: number, b: Float32Array, at: number, length: number): void {
  let j = 0;
  for (; j + 3 < length; j += 4) {
    b[at + j]! += times * a[from + j]!;
    b[at + j + 1]! += times * a[from + j + 1]!;
    b[at + j + 2]! += times * a[from + j + 2]!;
    b[at + j + 3]! += times * a[from + j + 3]!;
  }
  for (; j < length; j++) b[at + j]! += times * a[from + j]!;
}

/** Four sums side by side: one alone would wait for each addition. */
function dot(a: Float32Array, from: number, b: Float32Array, at: number, length: number): number {
  let [s, t, u, v] = [0, 0, 0, 0];
  let j = 0;
  for (; j + 3 < length; j += 4) {
    s += a[from + j]! * b[at + j]!;
    t += a[from + j + 1]! * b[at + j + 1]!;
    u += a[from + j + 2]! * b[at + j + 2]!;
    v += a[from + j + 3]! * b[at + j + 3]!;
  }
  for (; j < length; j++) s += a[from + j]! * b[at + j]!;
  return s + t + (u + v);
}

export function headShapes({ members, width, outputs }: HeadsShape): SlotShape[] {
  return [
    { name: 'heads', rows: members * outputs, columns: width, decays: true, sparse: false },
    { name: 'head-biases', rows: members, columns: outputs, decays: false, sparse: false },
  ];
}
