import type { NumberColumn } from '../../dataset/batch.ts';

/**
 * What the first pass keeps of a column of numbers: counts, the least and the most, and an even sample of rows, thinned by half
 * whenever it is full. It depends on the rows and their order, not on how the stream is cut into batches.
 */
export class NumberSketch {
  rows = 0;
  missing = 0;
  /** Values that are NaN or infinite and not marked as missing. */
  bad = 0;
  least = Infinity;
  most = -Infinity;
  private readonly capacity: number;
  private sample = new Float64Array(0);
  private kept = 0;
  private stride = 1;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  add({ values, nulls }: NumberColumn): void {
    for (let row = 0; row < values.length; row++) {
      const absent = nulls !== undefined && nulls[row] === 1;
      const value = absent ? NaN : values[row]!;
      if (absent) this.missing++;
      // Not Number.isFinite: see Random.below.
      else if (value - value !== 0) this.bad++;
      else {
        if (value < this.least) this.least = value;
        if (value > this.most) this.most = value;
      }
      if (this.rows % this.stride === 0) this.keep(value);
      this.rows++;
    }
  }

  /** Finite values of the sample in ascending order, with the least and the most of all rows among them. */
  sorted(): Float64Array {
    const values = new Float64Array(this.kept + 2);
    let count = 0;
    for (let at = 0; at < this.kept; at++) {
      const value = this.sample[at]!;
      if (value - value === 0) values[count++] = value;
    }
    if (this.stride > 1 && count > 0) {
      values[count++] = this.least;
      values[count++] = this.most;
    }
    return values.subarray(0, count).sort();
  }

  private keep(value: number): void {
    if (this.kept === this.capacity) this.thin();
    if (this.rows % this.stride !== 0) return;
    if (this.kept === this.sample.length) this.grow();
    this.sample[this.kept++] = value;
  }

  private grow(): void {
    const larger = new Float64Array(Math.min(this.capacity, Math.max(1024, 2 * this.sample.length)));
    larger.set(this.sample);
    this.sample = larger;
  }

  private thin(): void {
    for (let at = 0; 2 * at < this.kept; at++) this.sample[at] = this.sample[2 * at]!;
    this.kept = (this.kept + 1) >> 1;
    this.stride *= 2;
  }
}
