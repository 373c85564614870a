import type { BatchSource, Column, ColumnBatch, NumberColumn, TextColumn } from '../../dataset/batch.ts';
import { concatenate } from '../../dataset/floats.ts';
import { pickRows } from '../../dataset/pick.ts';
import { SliceColumn } from './slice-column.ts';
import { columnOf } from './streams.ts';

/** About evenly spaced rows of a stream of `total` rows, as one batch; all of them where there are no more than `wanted`. */
export async function sampleRows(source: BatchSource, { wanted, total }: { readonly wanted: number; readonly total: number }): Promise<ColumnBatch> {
  const pieces: ColumnBatch[] = [];
  let seen = 0;
  for await (const batch of source()) {
    const from = seen;
    const rows = Uint32Array.from([...Array(batch.rows).keys()].filter((row) => isTaken(from + row, { wanted, total })));
    pieces.push(pickRows(batch, rows));
    seen += batch.rows;
  }
  return joined(pieces);
}

function isTaken(row: number, { wanted, total }: { readonly wanted: number; readonly total: number }): boolean {
  return wanted >= total || Math.floor(((row + 1) * wanted) / total) > Math.floor((row * wanted) / total);
}

function joined(pieces: readonly ColumnBatch[]): ColumnBatch {
  const names = [...(pieces[0]?.columns.keys() ?? [])];
  return { rows: pieces.reduce((rows, piece) => rows + piece.rows, 0), columns: new Map(names.map((name) => [name, joinedColumn(name, pieces)])) };
}

function joinedColumn(name: string, pieces: readonly ColumnBatch[]): Column {
  if (columnOf(pieces[0]!, name).storage === 'number') return joinedNumbers(pieces.map((piece) => columnOf(piece, name) as NumberColumn));
  return joinedText(name, pieces);
}

function joinedNumbers(columns: readonly NumberColumn[]): NumberColumn {
  const hasNulls = columns.some(({ nulls }) => nulls !== undefined);
  const nulls = hasNulls ? Uint8Array.from(columns.flatMap(({ values, nulls: some }) => [...(some ?? new Uint8Array(values.length))])) : undefined;
  return { storage: 'number', values: concatenate(columns.map(({ values }) => values)), nulls };
}

function joinedText(name: string, pieces: readonly ColumnBatch[]): TextColumn {
  const whole = new SliceColumn(name);
  for (const piece of pieces) whole.add(piece);
  return whole.column();
}
