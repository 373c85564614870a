import type { Column, ColumnBatch } from './batch.ts';

/** Indices of rows, in the order in which they are wanted. */
export type RowIndices = Uint32Array | Int32Array | Uint8Array | readonly number[];

/** Those rows of a batch. */
export function pickRows({ columns }: ColumnBatch, rows: RowIndices): ColumnBatch {
  return { rows: rows.length, columns: new Map([...columns].map(([name, column]) => [name, pickColumn(column, rows)])) };
}

/** Those rows of a column. */
export function pickColumn(column: Column, rows: RowIndices): Column {
  if (column.storage === 'text') return { ...column, codes: pickInto(new Int32Array(rows.length), column.codes, rows) };
  const { values, nulls } = column;
  return { storage: 'number', values: pickFloats(values, rows), nulls: nulls === undefined ? undefined : pickInto(new Uint8Array(rows.length), nulls, rows) };
}

export function pickFloats(values: Float64Array, rows: RowIndices): Float64Array {
  return pickInto(new Float64Array(rows.length), values, rows);
}

/** A plain loop: `from` with a function takes fourteen times as long. */
function pickInto<Values extends Float64Array | Int32Array | Uint8Array>(picked: Values, values: Values, rows: RowIndices): Values {
  for (let i = 0; i < picked.length; i++) picked[i] = values[rows[i]!]!;
  return picked;
}
