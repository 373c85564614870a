import { isUtf8 } from 'node:buffer';
import { CR, LF, countLines, isLineEnd } from './bytes.ts';
import type { Collector } from './collector.ts';
import { rowTooLarge } from './faults.ts';
import type { Region } from './region.ts';
import { takeTexts } from './take-cells.ts';
import type { RecordBytes } from './take-cells.ts';

export interface ParsedRegionOptions {
  readonly records: readonly (readonly string[])[];
  /** Where in the bytes each record ends, its line end included. */
  readonly ends: readonly number[];
  readonly line: number;
  /** What a character is called that the file's encoding does not have. */
  readonly invalid: 'invalid-utf-8' | 'lone-surrogate';
}

/** Records that csv-parse gave, and the bytes that they were: from them come the lines, and what is no text. */
export class ParsedRegion implements Region {
  line: number;
  readonly #data: Buffer;
  readonly #options: ParsedRegionOptions;
  readonly #hasNul: boolean;
  readonly #isValid: boolean;
  #next = 0;
  #start = 0;

  /** `data` ends with the last of the records. */
  constructor(data: Buffer, options: ParsedRegionOptions) {
    this.#data = data;
    this.#options = options;
    this.line = options.line;
    this.#hasNul = data.includes(0);
    this.#isValid = isUtf8(data);
  }

  drain(into: Collector): boolean {
    const { records, ends } = this.#options;
    for (; this.#next < records.length; this.#next++) {
      if (into.isFull) return false;
      this.#skipEmptyLines();
      const end = ends[this.#next]!;
      const bytes = contentEnd(this.#data, this.#start, end) - this.#start;
      if (bytes > into.limits.row_bytes) throw rowTooLarge(into.limits, this.line);
      takeTexts(into, records[this.#next]!, this.#about(bytes, end));
      this.line += countLines(this.#data, this.#start, end);
      this.#start = end;
    }
    return true;
  }

  #about(bytes: number, end: number): RecordBytes {
    const isValid = this.#isValid || isUtf8(this.#data.subarray(this.#start, end));
    return { line: this.line, bytes, hasNul: this.#hasNul, invalid: isValid ? undefined : this.#options.invalid };
  }

  #skipEmptyLines(): void {
    let at = this.#start;
    while (isLineEnd(this.#data[at])) at += this.#data[at] === CR && this.#data[at + 1] === LF ? 2 : 1;
    this.line += countLines(this.#data, this.#start, at);
    this.#start = at;
  }
}

/** Where a record's own bytes end, its line end left out. */
function contentEnd(data: Buffer, start: number, end: number): number {
  if (data[end - 1] === LF) return data[end - 2] === CR && end - 2 >= start ? end - 2 : end - 1;
  return data[end - 1] === CR ? end - 1 : end;
}
