import type { Random } from '../../evaluation/random.ts';
import { Embeddings, embeddingColumns } from './embeddings.ts';
import type { Batch } from './learner.ts';
import type { Parameters, SlotShape } from './parameters.ts';
import { Piecewise, piecewiseShapes, type Binned } from './piecewise.ts';

export interface InputsShape {
  /** Of each number of an encoded row the edges of its bins; without any it is taken as it is. */
  readonly edges: readonly (readonly number[])[];
  readonly cardinalities: readonly number[];
  /** Length of a number's vector. */
  readonly dimensions: number;
  /** Longest vector of a category. */
  readonly embedding: number;
}

/** Categories of at most so many codes have a column a code. */
const ONE_HOT = 24;

/** Where everything of an encoded row stands among the inputs: vectors of numbers, plain numbers, ones of categories, vectors of categories. */
export interface Layout {
  readonly binned: readonly Binned[];
  /** Indices of the numbers that are taken as they are. */
  readonly plain: readonly number[];
  /** Indices of categories, and for those of a column a code their first column. */
  readonly hot: readonly { readonly category: number; readonly column: number }[];
  readonly embedded: readonly number[];
  /** What each input is part of: a number, or a category. */
  readonly sources: readonly number[];
}

export function layoutOf({ edges, cardinalities, dimensions, embedding }: InputsShape): Layout {
  const binned = edges.flatMap((some, number) => (some.length > 0 ? [{ number, edges: some }] : []));
  const plain = edges.flatMap((some, number) => (some.length > 0 ? [] : [number]));
  const sources = [...binned.flatMap(({ number }) => repeated(number, dimensions)), ...plain];
  const hot: { category: number; column: number }[] = [];
  cardinalities.forEach((codes, category) => {
    if (codes > ONE_HOT) return;
    hot.push({ category, column: sources.length });
    sources.push(...repeated(edges.length + category, codes));
  });
  const embedded = cardinalities.flatMap((codes, category) => (codes > ONE_HOT ? [category] : []));
  for (const category of embedded) sources.push(...repeated(edges.length + category, embeddingColumns(cardinalities[category]!, embedding)));
  return { binned, plain, hot, embedded, sources };
}

export function inputShapes(shape: InputsShape): SlotShape[] {
  const { binned, embedded } = layoutOf(shape);
  const tables = embedded.map((category) => {
    const rows = shape.cardinalities[category]!;
    return { name: `embedding-${category + 1}`, rows, columns: embeddingColumns(rows, shape.embedding), decays: false, sparse: true };
  });
  return [...piecewiseShapes(binned, shape.dimensions), ...tables];
}

/** Makes the inputs of the first layer of encoded rows, behind a leading 1, and takes gradients by them back to the parameters. */
export class TabmInputs {
  /** Inputs a row, the leading 1 included. */
  readonly width: number;
  readonly layout: Layout;
  /** The inputs that are learned vectors, counted from 0 without the leading 1. */
  readonly learned: Int32Array;
  private readonly shape: InputsShape;
  private readonly piecewise: Piecewise;
  private readonly embeddings: Embeddings;
  private codes = new Int32Array(0);
  private inputs = new Float32Array(0);

  /** The first slots are those that `inputShapes` made. */
  constructor(shape: InputsShape, parameters: Parameters) {
    this.shape = shape;
    this.layout = layoutOf(shape);
    const { binned, embedded, sources } = this.layout;
    this.width = sources.length + 1;
    this.piecewise = new Piecewise(binned, shape.dimensions, { parameters, first: 0, inputWidth: shape.edges.length });
    this.embeddings = new Embeddings(parameters, 3, embedded.length);
    const rest = sources.length - this.embeddings.width;
    this.learned = Int32Array.from(sources.keys()).filter((input) => input < this.piecewise.width || input >= rest);
  }

  get touched(): readonly number[] {
    return this.embeddings.touched;
  }

  initialise(random: Random, parameters: Parameters): void {
    this.piecewise.initialise(random);
    for (const slot of parameters.slots) {
      if (!slot.sparse) continue;
      const values = parameters.of(slot);
      for (let i = 0; i < values.length; i++) values[i] = 0.1 * random.normal();
    }
  }

  settle(): void {
    this.embeddings.settle();
  }

  /** To be called before `write` whenever parameters have changed. */
  prepare(): void {
    this.piecewise.prepare();
  }

  /** Rows × `width`, valid until the next call. */
  write(batch: Batch): Float32Array {
    const { rows } = batch;
    const { width } = this;
    if (this.inputs.length < rows * width) this.inputs = new Float32Array(rows * width);
    const inputs = this.inputs.subarray(0, rows * width);
    this.piecewise.lookUp(batch, inputs.subarray(1), width);
    this.writePlain(batch, inputs);
    this.embeddings.lookUp({ ...batch, inputs, codes: this.embeddedCodes(batch) }, width);
    return inputs;
  }

  private writePlain({ rows, inputs, codes }: Batch, target: Float32Array): void {
    const { plain, hot } = this.layout;
    const { edges, cardinalities } = this.shape;
    const first = 1 + this.piecewise.width;
    const to = this.width - this.embeddings.width;
    for (let i = 0; i < rows; i++) {
      const row = i * this.width;
      target[row] = 1;
      target.fill(0, row + first, row + to);
      for (let p = 0; p < plain.length; p++) target[row + first + p] = inputs[i * edges.length + plain[p]!]!;
      for (const { category, column } of hot) target[row + 1 + column + codes[i * cardinalities.length + category]!] = 1;
    }
  }

  private embeddedCodes({ rows, codes }: Batch): Int32Array {
    const { embedded } = this.layout;
    const count = this.shape.cardinalities.length;
    if (embedded.length === count) return codes;
    if (this.codes.length < rows * embedded.length) this.codes = new Int32Array(rows * embedded.length);
    let at = 0;
    for (let i = 0; i < rows; i++) for (const category of embedded) this.codes[at++] = codes[i * count + category]!;
    return this.codes;
  }

  /** Takes the gradient by the `learned` inputs, rows × their number, to the parameters here. */
  scatter(batch: Batch, gradient: Float32Array): void {
    const across = this.learned.length;
    this.piecewise.scatter(batch.rows, gradient, across);
    const { width } = this.embeddings;
    if (width === 0) return;
    const part = new Float32Array(batch.rows * width);
    for (let i = 0; i < batch.rows; i++) {
      const end = (i + 1) * across;
      part.set(gradient.subarray(end - width, end), i * width);
    }
    this.embeddings.scatter({ ...batch, codes: this.embeddedCodes(batch) }, part);
  }
}

function repeated(value: number, times: number): number[] {
  return Array.from({ length: times }, () => value);
}
