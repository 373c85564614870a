import type { Random } from '../../evaluation/random.ts';
import type { Matrix, TensorFlow } from './tensor-flow.ts';

/** Drawn once; each mask is a stretch of it from a random place on, since drawing afresh would cost a tenth of the training. */
const POOL = 1 << 20;

/** Inverted dropout (Srivastava et al., 2014): masks of 0 with probability `rate`, of 1 / (1 − rate) otherwise. */
export class Dropout {
  private readonly pool: Float32Array;
  private readonly random: Random;

  constructor(rate: number, random: Random) {
    this.random = random;
    this.pool = new Float32Array(POOL);
    const kept = 1 / (1 - rate);
    for (let i = 0; i < POOL; i++) this.pool[i] = random.uniform() < rate ? 0 : kept;
  }

  mask(tf: TensorFlow, rows: number, columns: number): Matrix {
    const length = rows * columns;
    if (length <= POOL) {
      const from = this.random.below(POOL - length + 1);
      return tf.tensor2d(this.pool.subarray(from, from + length), [rows, columns]);
    }
    const from = this.random.below(POOL);
    const values = new Float32Array(length);
    for (let i = 0; i < length; i++) values[i] = this.pool[(from + i) % POOL]!;
    return tf.tensor2d(values, [rows, columns]);
  }
}
