import type { Random } from '../../evaluation/random.ts';
import type { Parameters, Slot, SlotShape } from './parameters.ts';

export interface MemberShape {
  readonly members: number;
  readonly width: number;
  /** What each input column is part of; all columns of a source share a member's scalar. */
  readonly sources: readonly number[];
}

/**
 * The first layer of all members: (x ⊙ r)·W + b with W and b shared and r each member's own. It is multiplied out as x·(diag(r)·W):
 * the members' weights side by side are few beside the rows' inputs, so that one product of batch × inputs with
 * inputs × (members · width) serves them all, and no input is ever written down a member times.
 */
export class MemberLayer {
  private readonly shape: MemberShape;
  private readonly sources: number;
  private readonly parameters: Parameters;
  private readonly scalings: Slot;
  private readonly bias: Slot;
  private readonly weights: Slot;
  /** Of the inputs with a leading 1, whose weights are the bias: inputs + 1 × members · width. */
  readonly effective: Float32Array;

  /** The slots that `memberShapes` made stand at `first` and after it. */
  constructor(shape: MemberShape, parameters: Parameters, first: number) {
    this.shape = shape;
    this.parameters = parameters;
    this.sources = sourceCount(shape);
    [this.scalings, this.bias, this.weights] = parameters.slots.slice(first) as [Slot, Slot, Slot];
    this.effective = new Float32Array((shape.sources.length + 1) * shape.members * shape.width);
  }

  /** Scalings from N(0, 1), weights and bias even within ± 1/√inputs. */
  initialise(random: Random): void {
    const scalings = this.parameters.of(this.scalings);
    for (let i = 0; i < scalings.length; i++) scalings[i] = random.normal();
    const scale = 1 / Math.sqrt(this.shape.sources.length);
    for (const slot of [this.bias, this.weights]) {
      const values = this.parameters.of(slot);
      for (let i = 0; i < values.length; i++) values[i] = scale * (2 * random.uniform() - 1);
    }
  }

  /** Gives `rows` of the weights, counted from the first input on, their mean over those of them that are `met`. */
  settle(rows: readonly number[], met: (index: number) => boolean): void {
    const { width } = this.shape;
    const weights = this.parameters.of(this.weights);
    const known = rows.filter((_, index) => met(index));
    const mean = Float64Array.from({ length: width }, (_, j) => known.reduce((sum, row) => sum + weights[row * width + j]! / known.length, 0));
    rows.forEach((row, index) => {
      if (!met(index)) weights.set(mean, row * width);
    });
  }

  /** Fills `effective` from the parameters. */
  prepare(): void {
    const { members, width, sources } = this.shape;
    const { values } = this.parameters;
    const { effective } = this;
    let to = 0;
    for (let row = -1; row < sources.length; row++) {
      const from = this.weights.offset + row * width;
      for (let member = 0; member < members; member++) {
        const scale = row < 0 ? 1 : values[this.scalings.offset + member * this.sources + sources[row]!]!;
        const at = row < 0 ? this.bias.offset : from;
        for (let j = 0; j < width; j++) effective[to++] = scale * values[at + j]!;
      }
    }
  }

  /** The effective weights of some inputs, transposed: members · width × inputs. */
  transposed(inputs: Int32Array): Float32Array {
    const across = this.shape.members * this.shape.width;
    const found = new Float32Array(across * inputs.length);
    inputs.forEach((input, column) => {
      const from = (input + 1) * across;
      for (let at = 0; at < across; at++) found[at * inputs.length + column] = this.effective[from + at]!;
    });
    return found;
  }

  /** From the gradient by the effective weights, transposed (members · width × inputs + 1), those of all parameters here. */
  collect(gradient: Float32Array): void {
    const { members, width, sources } = this.shape;
    const { values, gradients } = this.parameters;
    gradients.fill(0, this.scalings.offset, this.weights.offset + this.weights.rows * width);
    for (let member = 0; member < members; member++) {
      const scales = this.scalings.offset + member * this.sources;
      for (let j = 0; j < width; j++) {
        let from = (member * width + j) * (sources.length + 1);
        gradients[this.bias.offset + j]! += gradient[from++]!;
        let at = this.weights.offset + j;
        for (let input = 0; input < sources.length; input++, at += width) {
          const slope = gradient[from++]!;
          const scale = scales + sources[input]!;
          gradients[at]! += values[scale]! * slope;
          gradients[scale]! += values[at]! * slope;
        }
      }
    }
  }
}

export function memberShapes(shape: MemberShape): SlotShape[] {
  const { members, width, sources } = shape;
  return [
    { name: 'scalings', rows: members, columns: sourceCount(shape), decays: true, sparse: false },
    { name: 'bias-1', rows: 1, columns: width, decays: false, sparse: false },
    { name: 'weights-1', rows: sources.length, columns: width, decays: true, sparse: false },
  ];
}

function sourceCount({ sources }: MemberShape): number {
  return sources.length === 0 ? 0 : Math.max(...sources) + 1;
}
