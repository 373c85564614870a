import { LF } from './bytes.ts';
import type { Collector, InputBatch } from './collector.ts';
import { rowTooLarge } from './faults.ts';
import { JsonRegion } from './json-region.ts';
import type { JsonRegionOptions } from './json-region.ts';
import { jsonFields } from './json-object.ts';

export interface JsonBatchesOptions {
  /** UTF-8, from the first line on. */
  readonly pieces: AsyncIterable<Buffer>;
  readonly invalid: JsonRegionOptions['invalid'];
}

/** Reads the lines of a JSON Lines file, piece by piece. */
export async function* jsonBatches(into: Collector, { pieces, invalid }: JsonBatchesOptions): AsyncGenerator<InputBatch> {
  let line = 1;
  let tail: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const data = Buffer.concat([tail, piece]);
    const length = data.lastIndexOf(LF) + 1;
    const region = new JsonRegion(data.subarray(0, length), { line, invalid });
    tail = data.subarray(length);
    while (!region.drain(into)) yield into.finish();
    line = region.line;
    if (tail.length > into.limits.row_bytes) throw rowTooLarge(into.limits, line);
  }
  const last = new JsonRegion(tail, { line, invalid });
  while (!last.drain(into)) yield into.finish();
  if (!into.isEmpty) yield into.finish();
}

/** The first lines of a file that can be read: the names that come up in them, and their records as texts. */
export function jsonSample(head: Buffer, isWhole: boolean): { readonly header: readonly string[]; readonly records: readonly (readonly string[])[] } {
  const lines = head.subarray(0, isWhole ? head.length : head.lastIndexOf(LF) + 1).toString('utf8').split('\n');
  const objects = lines.map((line) => jsonFields(line)).filter((fields) => typeof fields !== 'string');
  const header = [...new Set(objects.flatMap((fields) => fields.map(({ name }) => name)))];
  const records = objects.map((fields) => {
    const texts = new Map(fields.map(({ name, text }) => [name, text ?? '']));
    return header.map((name) => texts.get(name) ?? '');
  });
  return { header, records };
}
