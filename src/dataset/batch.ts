/** How a column is held in memory. Dates and timestamps travel as ISO text, booleans as 0 and 1. */
export type Storage = 'number' | 'text';

/** Numbers of `rows` values; where `nulls[i]` is 1 the value is missing and `values[i]` is NaN. NaN in the data is not missing. */
export interface NumberColumn {
  readonly storage: 'number';
  readonly values: Float64Array;
  /** 1 where the value is missing; undefined when nothing is. */
  readonly nulls: Uint8Array | undefined;
}

/** Dictionary-coded strings: `codes[i]` indexes `dictionary`, −1 is missing. A dictionary belongs to its batch. */
export interface TextColumn {
  readonly storage: 'text';
  readonly codes: Int32Array;
  readonly dictionary: readonly string[];
}

export type Column = NumberColumn | TextColumn;

/** A row's value as text; empty where it is missing. */
export function cellText(column: Column, row: number): string {
  if (column.storage === 'text') return column.dictionary[column.codes[row]!] ?? '';
  return column.nulls?.[row] === 1 ? '' : String(column.values[row]);
}

/** Some consecutive rows of a query, held by column; the map keeps the order of the query's columns. */
export interface ColumnBatch {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}

/** A restartable stream: every call begins again at the first row and gives the same rows in the same order. */
export type BatchSource = () => AsyncIterable<ColumnBatch>;
