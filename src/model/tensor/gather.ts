import type { EncodedRows } from './encoder.ts';
import type { Batch, Learner } from './learner.ts';
import type { Table } from './table.ts';

/** Rows that are put through a network at a time where nothing is learned; not a multiple of 32, see `plan.ts`. */
const STRETCH = 4_000;

/** Buffers for batches of up to `rows` rows, to be filled again and again. */
export function roomFor(table: EncodedRows & Pick<Partial<Table>, 'weights'>, inputWidth: number, rows: number): Batch {
  return {
    rows,
    inputs: new Float32Array(rows * inputWidth),
    codes: new Int32Array(rows * table.categories),
    labels: new Float64Array(rows),
    weights: table.weights === undefined ? undefined : new Float64Array(rows),
  };
}

/** Copies the rows of those indices into the buffers of `into`. */
export function gather(table: Table, indices: Uint32Array, into: Batch): Batch {
  const rows = indices.length;
  for (let i = 0; i < rows; i++) into.labels[i] = table.labels[indices[i]!]!;
  if (table.weights !== undefined) for (let i = 0; i < rows; i++) into.weights![i] = table.weights[indices[i]!]!;
  return gatherInputs(table, indices, into);
}

/** As `gather`, without labels. Random rows are read whole: a row costs a cache miss or two, not one a column. */
function gatherInputs(table: EncodedRows, indices: Uint32Array, into: Batch): Batch {
  const { width, categories, numbers, codes } = table;
  const inputWidth = into.inputs.length / into.labels.length;
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i]!;
    for (let j = 0; j < width; j++) into.inputs[i * inputWidth + j] = numbers[row * width + j]!;
    for (let j = 0; j < categories; j++) into.codes[i * categories + j] = codes[row * categories + j]!;
  }
  return { ...into, rows: indices.length };
}

/** Puts all rows through the network in order and hands over each stretch: the index of its first row, and its raw outputs. */
export function forwardAll(
  learner: Learner,
  table: EncodedRows,
  take: (from: number, rows: number, raw: Float32Array) => void,
): void {
  const room = roomFor(table, learner.inputWidth, Math.min(STRETCH, table.rows));
  for (let from = 0; from < table.rows; from += STRETCH) {
    const rows = Math.min(STRETCH, table.rows - from);
    const batch = gatherInputs(table, Uint32Array.from({ length: rows }, (_, index) => from + index), room);
    take(from, rows, learner.forward(batch));
  }
}
