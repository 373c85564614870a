/** Every so many steps is often enough to look: neighbouring steps differ little. */
const EVERY = 4;

/**
 * A running average of the parameters over about the last epoch (Polyak and Juditsky, 1992, in its exponential form). Single
 * steps wander about the optimum with the noise of their batches; their average hardly does, and is what is judged and kept.
 */
export class Average {
  readonly values: Float32Array;
  private readonly share: number;
  private looks = 0;
  private steps = 0;

  constructor(parameters: Float32Array, stepsPerEpoch: number) {
    this.values = parameters.slice();
    this.share = Math.min(1, EVERY / stepsPerEpoch);
  }

  /** To be called after each step. */
  follow(parameters: Float32Array): void {
    this.steps += 1;
    if (this.steps % EVERY !== 0) return;
    this.looks += 1;
    // A plain mean at first, so that where training started is forgotten.
    const share = Math.max(this.share, 1 / this.looks);
    const { values } = this;
    for (let i = 0; i < values.length; i++) values[i]! += share * (parameters[i]! - values[i]!);
  }
}
