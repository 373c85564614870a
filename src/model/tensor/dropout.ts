import type { Random } from '../../evaluation/random.ts';
import type { Matrix, TensorFlow } from './tensor-flow.ts';

/** Drawn once; each mask is a stretch of it from a random place on, since drawing afresh would cost a tenth of the training. */
const POOL = 1 << 20;

/** Inverted dropout (Srivastava et al., 2014): masks of 0 with probability `rate`, of 1 / (1 − rate) otherwise. */
export class Dropout {
  /** What a value that is kept is multiplied by. */
  readonly raised: number;
  private readonly pool: Float32Array;
  private readonly random: Random;

  constructor(rate: number, random: Random) {
    this.random = random;
    this.pool = new Float32Array(POOL);
    this.raised = 1 / (1 - rate);
    for (let i = 0; i < POOL; i++) this.pool[i] = random.uniform() < rate ? 0 : this.raised;
  }

  mask(tf: TensorFlow, rows: number, columns: number): Matrix {
    return tf.tensor2d(this.stretch(rows * columns), [rows, columns]);
  }

  /** So many values of the pool, from a random place on and round again where it ends. Not to be written to. */
  private stretch(length: number): Float32Array {
    if (length <= POOL) {
      const from = this.random.below(POOL - length + 1);
      return this.pool.subarray(from, from + length);
    }
    const values = new Float32Array(length);
    let from = this.random.below(POOL);
    for (let at = 0; at < length; from = 0) {
      const part = this.pool.subarray(from, from + length - at);
      values.set(part, at);
      at += part.length;
    }
    return values;
  }
}
