import { isUtf8 } from 'node:buffer';
import { LF } from './bytes.ts';
import type { Collector } from './collector.ts';
import { rowTooLarge } from './faults.ts';
import type { Region } from './region.ts';
import { takeJson } from './take-json.ts';

export interface JsonRegionOptions {
  readonly line: number;
  readonly invalid: 'invalid-utf-8' | 'lone-surrogate';
}

/** Whole lines, each a JSON object. Empty ones are skipped. */
export class JsonRegion implements Region {
  line: number;
  readonly #data: Buffer;
  readonly #invalid: JsonRegionOptions['invalid'];
  readonly #isValid: boolean;
  #start = 0;

  constructor(data: Buffer, { line, invalid }: JsonRegionOptions) {
    this.#data = data;
    this.line = line;
    this.#invalid = invalid;
    this.#isValid = isUtf8(data);
  }

  drain(into: Collector): boolean {
    const data = this.#data;
    while (this.#start < data.length) {
      if (into.isFull) return false;
      const found = data.indexOf(LF, this.#start);
      const end = found < 0 ? data.length : found;
      this.#take(into, end);
      this.#start = end + 1;
      this.line += 1;
    }
    return true;
  }

  #take(into: Collector, end: number): void {
    const bytes = end - this.#start;
    if (bytes > into.limits.row_bytes) throw rowTooLarge(into.limits, this.line);
    const text = this.#data.toString('utf8', this.#start, end);
    if (!this.#isValid && !isUtf8(this.#data.subarray(this.#start, end))) into.reject(this.line, { column: null, value: null, reason: this.#invalid });
    else if (text.trim() !== '') takeJson(into, text, { line: this.line, bytes, hasNul: text.includes(String.raw`\u0000`) });
  }
}
