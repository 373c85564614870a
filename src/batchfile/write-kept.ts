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

const NOT_ASCII = /[\u0080-\uffff]/;

/** Writes rows that were kept as text with further columns behind them, in the form that a BatchWriter gives them; while one batch is written the next is made. */
export async function openKeptRowsWriter({ output, format, kept, further }: KeptWriteOptions): Promise<KeptRowsWriter> {
  const out = await openOutput(output);
  if (format === 'csv') await out.write(Buffer.from(headerLine([...kept, ...further])));
  const end = format === 'csv' ? '\r\n' : '}\n';
  let writing: Promise<void> = Promise.resolve();
  return {
    write: async (rows, batch, isKept) => {
      const textOf = rowText(batch, further, format);
      const lines = joined(rows, isKept, (row) => `,${textOf(row)}${end}`);
      await writing;
      writing = out.write(lines);
      // It is heard at the next call.
      writing.catch(() => undefined);
    },
    finish: async () => {
      await writing;
      await out.finish();
    },
    abort: async () => {
      await writing.catch(() => undefined);
      await out.abort();
    },
  };
}

/**
 * Each row with its tail. As a string of bytes: pieces of such strings are put together several times faster than bytes are
 * copied for each row.
 */
function joined({ data, ends }: KeptLines, isKept: Uint8Array, tail: (row: number) => string): Buffer {
  const heads = data.toString('latin1');
  let lines = '';
  let from = 0;
  for (let row = 0; row < ends.length; row++) {
    const end = ends[row]!;
    if (isKept[row] !== 0) lines += heads.slice(from, end) + asBytes(tail(row));
    from = end;
  }
  return Buffer.from(lines, 'latin1');
}

/** A text as the string of its bytes in UTF-8. */
function asBytes(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text;
}
