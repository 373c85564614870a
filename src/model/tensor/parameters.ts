/** One named part of the parameters: a matrix of `rows` × `columns`, row-major. */
export interface Slot {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly offset: number;
  /** Whether weight decay pulls it towards zero: not biases, not embeddings. */
  readonly decays: boolean;
  /** Whether a step touches only some of its rows, so that only those are updated. */
  readonly sparse: boolean;
}

export type SlotShape = Omit<Slot, 'offset'>;

/** All parameters of a network in one array, their gradients in another, cut into named slots. */
export class Parameters {
  readonly slots: readonly Slot[];
  readonly values: Float32Array;
  readonly gradients: Float32Array;

  constructor(shapes: readonly SlotShape[]) {
    let offset = 0;
    this.slots = shapes.map((shape) => {
      const slot = { ...shape, offset };
      offset += shape.rows * shape.columns;
      return slot;
    });
    this.values = new Float32Array(offset);
    this.gradients = new Float32Array(offset);
  }

  /** The slot's values, as a view. */
  of(slot: Slot): Float32Array {
    return this.values.subarray(slot.offset, slot.offset + slot.rows * slot.columns);
  }

  gradientOf(slot: Slot): Float32Array {
    return this.gradients.subarray(slot.offset, slot.offset + slot.rows * slot.columns);
  }
}
