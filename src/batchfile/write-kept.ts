import type { Writable } from 'node:stream';
import type { ColumnBatch } from '../dataset/batch.ts';
import { rowText } from './batch-lines.ts';
import { headerLine } from './csv-text.ts';
import type { BatchFormat } from './format.ts';
import type { KeptLines } from './kept-rows.ts';
import { openOutput } from './output.ts';

/** Takes kept rows, and the columns that come behind them; ends with `finish` or `abort`. */
export interface KeptRowsWriter {
  /** `isKept[row]` is 0 where a row is left out. Throws as a `BatchWriter` does. */
  write(kept: KeptLines, further: ColumnBatch, isKept: Uint8Array): Promise<void>;
  finish(): Promise<void>;
  abort(): Promise<void>;
}

export interface KeptWriteOptions {
  readonly output: Writable | string;
  readonly format: BatchFormat;
  /** Names of the kept columns and of those that come behind them. */
  readonly kept: readonly string[];
  readonly further: readonly string[];
}

/** Bytes that are made room for behind each row; more where it takes more. */
const USUAL_BYTES = 96;

/** Writes rows that were kept as text with further columns behind them, in the form that a BatchWriter gives them. */
export async function openKeptRowsWriter({ output, format, kept, further }: KeptWriteOptions): Promise<KeptRowsWriter> {
  const out = await openOutput(output);
  if (format === 'csv') await out.write(Buffer.from(headerLine([...kept, ...further])));
  const end = format === 'csv' ? '\r\n' : '}\n';
  return {
    write: async (rows, batch, isKept) => {
      const textOf = rowText(batch, further, format);
      await out.write(joined(rows, isKept, (row) => `,${textOf(row)}${end}`));
    },
    finish: () => out.finish(),
    abort: () => out.abort(),
  };
}

function joined({ data, ends }: KeptLines, isKept: Uint8Array, tail: (row: number) => string): Buffer {
  let lines = Buffer.allocUnsafe(data.length + ends.length * USUAL_BYTES);
  let length = 0;
  let from = 0;
  for (let row = 0; row < ends.length; row++) {
    const end = ends[row]!;
    if (isKept[row] !== 0) {
      const text = tail(row);
      const needed = length + end - from + text.length * 3;
      if (needed > lines.length) lines = Buffer.concat([lines.subarray(0, length)], needed * 2);
      length += data.copy(lines, length, from, end);
      length += lines.write(text, length, 'utf8');
    }
    from = end;
  }
  return lines.subarray(0, length);
}
