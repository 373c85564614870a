import type { Batch } from './learner.ts';
import type { Parameters, Slot, SlotShape } from './parameters.ts';
import type { Random } from '../../evaluation/random.ts';

/** A column of numbers that is embedded: where it stands among a row's numbers, and the edges of its bins, rising. */
export interface Binned {
  readonly number: number;
  readonly edges: readonly number[];
}

/** The parameters and the index of the first of the slots that `piecewiseShapes` made; columns of a batch's inputs. */
export interface Standing {
  readonly parameters: Parameters;
  readonly first: number;
  readonly inputWidth: number;
}

/**
 * Piecewise-linear embeddings of numbers: e(x) = w·x + b + PLE(x)·W, where PLE has a component a bin that is 0 below it, 1 above
 * it and linear inside, the first bin's going on below and the last one's above (Gorishniy and others, On embeddings for
 * numerical features, 2022; version B of their library, with W = 0 at the start). Within a bin all of it is a line, so a value
 * costs one look-up of its bin and as many steps as the vector is long, whatever the number of bins.
 */
export class Piecewise {
  /** Columns of all vectors of a row together. */
  readonly width: number;
  private readonly columns: readonly Binned[];
  private readonly dimensions: number;
  private readonly inputWidth: number;
  private readonly parameters: Parameters;
  private readonly slopes: Slot;
  private readonly biases: Slot;
  private readonly steps: Slot;
  private readonly edges: readonly Float32Array[];
  /** Index of each column's first bin among all bins. */
  private readonly firsts: readonly number[];
  /** Bins × dimensions: what a vector is at a bin's lower edge, and how it changes over the bin. */
  private readonly floors: Float32Array;
  private readonly rises: Float32Array;
  private readonly floorGradients: Float32Array;
  private readonly riseGradients: Float32Array;
  /** Rows × columns: the bin and the place within it of each value of the last batch. */
  private bins = new Int32Array(0);
  private places = new Float32Array(0);

  constructor(columns: readonly Binned[], dimensions: number, at: Standing) {
    this.columns = columns;
    this.dimensions = dimensions;
    this.inputWidth = at.inputWidth;
    this.width = columns.length * dimensions;
    this.parameters = at.parameters;
    [this.slopes, this.biases, this.steps] = at.parameters.slots.slice(at.first) as [Slot, Slot, Slot];
    this.edges = columns.map(({ edges }) => Float32Array.from(edges));
    let bins = 0;
    this.firsts = columns.map(({ edges }) => (bins += edges.length - 1) - (edges.length - 1));
    [this.floors, this.rises, this.floorGradients, this.riseGradients] = Array.from({ length: 4 }, () => new Float32Array(bins * dimensions)) as [Float32Array, Float32Array, Float32Array, Float32Array];
  }

  /** Slopes and biases even within ± 1/√dimensions; the bins' own steps start at 0. */
  initialise(random: Random): void {
    const scale = 1 / Math.sqrt(this.dimensions);
    for (const slot of [this.slopes, this.biases]) {
      const values = this.parameters.of(slot);
      for (let i = 0; i < values.length; i++) values[i] = scale * (2 * random.uniform() - 1);
    }
  }

  /** To be called before `lookUp` whenever parameters have changed. */
  prepare(): void {
    const { dimensions, floors, rises } = this;
    const [slopes, biases, steps] = [this.slopes, this.biases, this.steps].map((slot) => this.parameters.of(slot)) as Three;
    this.edges.forEach((edges, column) => {
      for (let k = 0; k < dimensions; k++) {
        const slope = slopes[column * dimensions + k]!;
        let floor = biases[column * dimensions + k]!;
        for (let bin = 0; bin < edges.length - 1; bin++) {
          const at = (this.firsts[column]! + bin) * dimensions + k;
          floors[at] = floor + slope * edges[bin]!;
          rises[at] = steps[at]! + slope * (edges[bin + 1]! - edges[bin]!);
          floor += steps[at]!;
        }
      }
    });
  }

  /** Writes each row's vectors into the first `width` of the `stride` columns of `target`. */
  lookUp(batch: Batch, target: Float32Array, stride: number): void {
    const { dimensions, floors, rises } = this;
    const count = this.columns.length;
    this.place(batch);
    for (let i = 0; i < batch.rows; i++) {
      let to = i * stride;
      for (let column = 0; column < count; column++) {
        const place = this.places[i * count + column]!;
        let from = this.bins[i * count + column]! * dimensions;
        for (const end = from + dimensions; from < end; from++) target[to++] = floors[from]! + place * rises[from]!;
      }
    }
  }

  /** Turns gradients by the vectors (the first `width` of `stride` columns) into those of all parameters here. */
  scatter(rows: number, gradient: Float32Array, stride: number): void {
    const { dimensions, floorGradients, riseGradients } = this;
    const count = this.columns.length;
    floorGradients.fill(0);
    riseGradients.fill(0);
    for (let i = 0; i < rows; i++) {
      let from = i * stride;
      for (let column = 0; column < count; column++) {
        const place = this.places[i * count + column]!;
        let to = this.bins[i * count + column]! * dimensions;
        for (const end = to + dimensions; to < end; to++, from++) {
          floorGradients[to]! += gradient[from]!;
          riseGradients[to]! += place * gradient[from]!;
        }
      }
    }
    this.collect();
  }

  /** A step of a bin raises the floors of all bins above it. */
  private collect(): void {
    const { dimensions, floorGradients, riseGradients } = this;
    const [slopes, biases, steps] = [this.slopes, this.biases, this.steps].map((slot) => this.parameters.gradientOf(slot)) as Three;
    this.edges.forEach((edges, column) => {
      for (let k = 0; k < dimensions; k++) {
        let slope = 0;
        let above = 0;
        for (let bin = edges.length - 2; bin >= 0; bin--) {
          const at = (this.firsts[column]! + bin) * dimensions + k;
          steps[at] = riseGradients[at]! + above;
          slope += edges[bin]! * floorGradients[at]! + (edges[bin + 1]! - edges[bin]!) * riseGradients[at]!;
          above += floorGradients[at]!;
        }
        slopes[column * dimensions + k] = slope;
        biases[column * dimensions + k] = above;
      }
    });
  }

  private place({ rows, inputs }: Batch): void {
    const { inputWidth } = this;
    const count = this.columns.length;
    if (this.bins.length < rows * count) {
      this.bins = new Int32Array(rows * count);
      this.places = new Float32Array(rows * count);
    }
    this.columns.forEach(({ number }, column) => {
      const edges = this.edges[column]!;
      const first = this.firsts[column]!;
      for (let i = 0; i < rows; i++) {
        const value = inputs[i * inputWidth + number]!;
        const bin = binOf(edges, value);
        this.bins[i * count + column] = first + bin;
        this.places[i * count + column] = (value - edges[bin]!) / (edges[bin + 1]! - edges[bin]!);
      }
    });
  }
}

type Three = [Float32Array, Float32Array, Float32Array];

/** The slots of the embeddings of such columns; weight decay leaves embeddings alone. */
export function piecewiseShapes(columns: readonly Binned[], dimensions: number): SlotShape[] {
  const bins = columns.reduce((sum, { edges }) => sum + edges.length - 1, 0);
  const common = { columns: dimensions, decays: false, sparse: false };
  return [
    { name: 'slopes', rows: columns.length, ...common },
    { name: 'biases', rows: columns.length, ...common },
    { name: 'steps', rows: bins, ...common },
  ];
}

/** The bin that a value is in; the first for all below, the last for all above. */
function binOf(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}
