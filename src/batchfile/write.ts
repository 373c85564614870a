import type { Writable } from 'node:stream';
import type { ColumnBatch } from '../dataset/batch.ts';
import { csvLine } from '../dataset/csv-write.ts';
import { csvLines, jsonLines } from './batch-lines.ts';
import { headerLine, neutralised } from './csv-text.ts';
import { openOutput } from './output.ts';
import type { Output } from './output.ts';
import type { BatchFormat } from './format.ts';
import type { Reject } from './reject.ts';

/** Takes batches one after the other; ends with `finish` or `abort`. */
export interface BatchWriter {
  /** Throws `pipe-closed` once nobody reads a stream, `disk-full`, `not-writable`. */
  write(batch: ColumnBatch): Promise<void>;
  /** The file appears under its own name, whole. A stream is left open. */
  finish(): Promise<{ readonly rows: number }>;
  /** Nothing appears. */
  abort(): Promise<void>;
}

export interface WriteOptions {
  readonly output: Writable | string;
  readonly format: BatchFormat;
  /** Which columns of the batches, in this order. */
  readonly columns: readonly string[];
}

/** CSV: UTF-8, CR LF, a header, cells that a spreadsheet would run neutralised. JSON Lines: every cell as it is. */
export async function openBatchWriter({ output, format, columns }: WriteOptions): Promise<BatchWriter> {
  const out = await openOutput(output);
  if (format === 'csv') await out.write(Buffer.from(headerLine(columns)));
  const linesOf = format === 'csv' ? csvLines : jsonLines;
  let rows = 0;
  return {
    write: async (batch) => {
      await out.write(Buffer.from(linesOf(batch, columns)));
      rows += batch.rows;
    },
    finish: () => finished(out, () => rows),
    abort: () => out.abort(),
  };
}

/** Takes rejects as batches bring them; ends with `finish` or `abort`. */
export interface RejectsWriter {
  write(rejects: readonly Reject[]): Promise<void>;
  finish(): Promise<{ readonly rows: number }>;
  abort(): Promise<void>;
}

const REJECTS_HEADER = ['line', 'row', 'column', 'value', 'reason'];

/** A CSV file of line, row, column, value and reason; a header alone where nothing was rejected. */
export async function openRejectsWriter(file: string): Promise<RejectsWriter> {
  const out = await openOutput(file);
  await out.write(Buffer.from(csvLine(REJECTS_HEADER)));
  let rows = 0;
  return {
    write: async (rejects) => {
      if (rejects.length > 0) await out.write(Buffer.from(rejects.map(rejectLine).join('')));
      rows += rejects.length;
    },
    finish: () => finished(out, () => rows),
    abort: () => out.abort(),
  };
}

function rejectLine({ line, row, column, value, reason }: Reject): string {
  return csvLine([line, row, column === null ? null : neutralised(column), value === null ? null : neutralised(value), reason]);
}

async function finished(out: Output, rows: () => number): Promise<{ readonly rows: number }> {
  await out.finish();
  return { rows: rows() };
}
