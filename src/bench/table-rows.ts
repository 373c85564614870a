import type { BatchSource, Column, ColumnBatch, TextColumn } from '../dataset/batch.ts';
import { readCsv } from '../dataset/csv-read.ts';
import { NightshiftError } from '../shared/errors.ts';
import { batchRowsOf } from './batch-rows.ts';
import type { TableShape } from './table-shape.ts';

/** The rows of one file of a table as its contract wants them. A label that training never saw is `bench-label-unknown`. */
export function rowsOf(file: string, { contract, positive, negative }: TableShape): BatchSource {
  const { task, label, features, classes } = contract;
  const kinds: (readonly [string, 'number' | 'text'])[] = features.map(({ name, kind }) => [name, kind === 'number' ? 'number' : 'text']);
  const types = Object.fromEntries([...kinds, [label, task === 'regression' ? ('number' as const) : ('text' as const)]]);
  const known = task === 'binary' ? [negative!, positive!] : classes;
  return async function* () {
    for await (const batch of readCsv([file], { delimiter: ',', types, batchRows: batchRowsOf(features.length + 1) })) {
      if (task === 'regression') yield batch;
      else yield labelled(batch, { file, label, known, coded: task === 'multiclass' });
    }
  };
}

interface Labels {
  readonly file: string;
  readonly label: string;
  readonly known: readonly string[];
  /** Whether labels stay text; otherwise they become their place among the known ones. */
  readonly coded: boolean;
}

function labelled(batch: ColumnBatch, { file, label, known, coded }: Labels): ColumnBatch {
  const column = batch.columns.get(label) as TextColumn;
  const stranger = column.dictionary.find((value) => !known.includes(value));
  if (stranger !== undefined) throw new NightshiftError({ code: 'bench-label-unknown', what: 'A label occurs that no training row has', where: `${file}, column ${label}`, found: stranger, expected: `one of ${known.slice(0, 20).join(', ')}` });
  if (coded) return batch;
  const places = column.dictionary.map((value) => known.indexOf(value));
  const values: Column = { storage: 'number', values: Float64Array.from(column.codes, (code) => places[code]!), nulls: undefined };
  return { rows: batch.rows, columns: new Map([...batch.columns, [label, values]]) };
}
