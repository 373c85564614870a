import { isUtf8 } from 'node:buffer';
import { CR, LF, endOfLines } from './bytes.ts';
import type { Collector } from './collector.ts';
import type { Dialect } from './dialect.ts';
import { rowTooLarge } from './faults.ts';
import type { Region } from './region.ts';
import { takePlain } from './take-cells.ts';

/** Whether bytes can be split at delimiters and line ends without asking what they mean. */
export function isPlain(data: Buffer, { quote }: Dialect): boolean {
  return (quote === '' || !data.includes(quote, 0, 'latin1')) && !data.includes(0) && isUtf8(data);
}

/** The plain bytes that end with a whole record, or with the file. */
export function plainLength(data: Buffer, isLast: boolean): number {
  return isLast ? data.length : endOfLines(data);
}

export interface PlainRegionOptions {
  readonly delimiter: string;
  readonly line: number;
  readonly columns: number;
}

/** Plain bytes that end with a whole record; splits them directly. Equal to what csv-parse gives, which tests hold. */
export class PlainRegion implements Region {
  line: number;
  readonly data: Buffer;
  readonly ends: Int32Array;
  start = 0;
  fields = 0;
  readonly #delimiter: number;

  constructor(data: Buffer, { delimiter, line, columns }: PlainRegionOptions) {
    this.data = data;
    this.line = line;
    this.ends = new Int32Array(columns);
    this.#delimiter = delimiter.charCodeAt(0);
  }

  drain(into: Collector): boolean {
    const { data } = this;
    while (this.start < data.length) {
      if (into.isFull) return false;
      const end = this.#split();
      if (end > this.start) {
        if (end - this.start > into.limits.row_bytes) throw rowTooLarge(into.limits, this.line);
        takePlain(into, this);
      }
      this.start = data[end] === CR && data[end + 1] === LF ? end + 2 : end + 1;
      if (end < data.length) this.line += 1;
    }
    return true;
  }

  /** Finds where the record's fields end, and gives where it does. */
  #split(): number {
    const { data, ends } = this;
    const delimiter = this.#delimiter;
    const { length } = data;
    const columns = ends.length;
    let fields = 0;
    let at = this.start;
    for (; at < length; at++) {
      const byte = data[at]!;
      if (byte === delimiter) {
        if (fields < columns) ends[fields] = at;
        fields += 1;
      } else if (byte === LF || byte === CR) break;
    }
    if (fields < columns) ends[fields] = at;
    this.fields = fields + 1;
    return at;
  }
}

