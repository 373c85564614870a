import type { Batch } from './learner.ts';
import type { Parameters, Slot } from './parameters.ts';

/**
 * Learned vectors for category codes. Looked up and their gradients gathered in plain code: a batch needs a few hundred rows of
 * the tables, and the WASM backend has no kernel for the gradient of a lookup.
 */
export class Embeddings {
  /** Columns of all vectors of a row together. */
  readonly width: number;
  /** Rows that the last `scatter` touched, as [slot, row, …], each once. */
  readonly touched: number[] = [];
  private readonly parameters: Parameters;
  private readonly first: number;
  private readonly slots: readonly Slot[];
  private readonly seen: readonly Int32Array[];
  private round = 0;

  /** The slots from `first` on hold the tables, one a category, in the order of the codes of a row. */
  constructor(parameters: Parameters, first: number, count: number) {
    this.parameters = parameters;
    this.first = first;
    this.slots = parameters.slots.slice(first, first + count);
    this.seen = this.slots.map((slot) => new Int32Array(slot.rows));
    this.width = this.slots.reduce((sum, slot) => sum + slot.columns, 0);
  }

  /** Writes the vectors of each row's codes into the last `width` columns of its inputs. */
  lookUp({ rows, inputs, codes }: Batch, inputWidth: number): void {
    const { values } = this.parameters;
    let column = inputWidth - this.width;
    this.slots.forEach((slot, category) => {
      const { columns, offset } = slot;
      for (let i = 0; i < rows; i++) {
        const from = offset + codes[i * this.slots.length + category]! * columns;
        const to = i * inputWidth + column;
        for (let k = 0; k < columns; k++) inputs[to + k] = values[from + k]!;
      }
      column += columns;
    });
  }

  /** Adds a gradient by the looked-up vectors, rows × `width`, to the gradients of the rows they came from. */
  scatter({ rows, codes }: Batch, gradient: Float32Array): void {
    const { gradients } = this.parameters;
    this.touched.length = 0;
    this.round += 1;
    let column = 0;
    this.slots.forEach((slot, category) => {
      const { columns, offset } = slot;
      const seen = this.seen[category]!;
      for (let i = 0; i < rows; i++) {
        const code = codes[i * this.slots.length + category]!;
        if (seen[code] !== this.round) {
          seen[code] = this.round;
          this.touched.push(this.first + category, code);
        }
        const to = offset + code * columns;
        const from = i * this.width + column;
        for (let k = 0; k < columns; k++) gradients[to + k]! += gradient[from + k]!;
      }
      column += columns;
    });
  }

  /** Gives every row that no gradient ever touched the mean of those that were: a value never seen counts as an average one. */
  settle(): void {
    this.slots.forEach((slot, category) => {
      const seen = this.seen[category]!;
      const table = this.parameters.of(slot);
      const touched = seen.reduce((count, round) => count + (round > 0 ? 1 : 0), 0);
      const mean = new Float64Array(slot.columns);
      table.forEach((value, at) => {
        if (seen[Math.floor(at / slot.columns)]! > 0) mean[at % slot.columns]! += value / touched;
      });
      for (let row = 0; row < slot.rows; row++) if (seen[row] === 0) table.set(mean, row * slot.columns);
    });
  }
}

/** How long the vector of a category with so many codes is: the root of their number, at least 2, at most `most`. */
export function embeddingColumns(codes: number, most: number): number {
  return Math.max(2, Math.min(most, Math.round(Math.sqrt(codes))));
}
