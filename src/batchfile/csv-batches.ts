import type { Collector, InputBatch } from './collector.ts';
import { CsvRecordParser, isQuoteOpen, isRecordTooLarge } from './csv-record-parser.ts';
import type { Dialect } from './dialect.ts';
import { quoteOpen, rowTooLarge } from './faults.ts';
import { ParsedRegion } from './parsed-region.ts';
import { PlainRegion, isPlain, plainLength } from './plain-region.ts';
import type { Region } from './region.ts';
import { countLines, isLineEnd } from './bytes.ts';

export interface CsvBatchesOptions {
  readonly dialect: Dialect;
  /** UTF-8, from behind the header on. */
  readonly pieces: AsyncIterable<Buffer>;
  /** The line on which they begin. */
  readonly line: number;
  readonly invalid: 'invalid-utf-8' | 'lone-surrogate';
  /** False where csv-parse is to read everything: for the tests that hold the two ways equal. */
  readonly isDirect: boolean;
}

/** Reads the records of a CSV file, piece by piece: what is plain is split directly, csv-parse reads the rest. */
export class CsvBatches {
  readonly #options: CsvBatchesOptions;
  readonly #into: Collector;
  #line: number;
  /** What follows the last whole record. */
  #tail: Buffer = Buffer.alloc(0);
  /** Where it is going on from one piece to the next, and how many of its bytes lie before the tail. */
  #parser: CsvRecordParser | undefined;
  #parsed = 0;

  constructor(into: Collector, options: CsvBatchesOptions) {
    this.#into = into;
    this.#options = options;
    this.#line = options.line;
  }

  async *batches(): AsyncGenerator<InputBatch> {
    const into = this.#into;
    try {
      for await (const region of this.#regions()) {
        while (!region.drain(into)) yield into.finish();
        this.#line = region.line;
      }
      if (!into.isEmpty) yield into.finish();
    } finally {
      this.#parser?.destroy();
    }
  }

  async *#regions(): AsyncGenerator<Region> {
    for await (const piece of this.#options.pieces) yield this.#region(piece, false);
    yield this.#region(Buffer.alloc(0), true);
  }

  async #region(piece: Buffer, isLast: boolean): Promise<Region> {
    const data = this.#tail.length === 0 ? piece : Buffer.concat([this.#tail, piece]);
    // The tail begins with a record: where nothing is quoted from there on, the parser is not within quotes either.
    return this.#options.isDirect && isPlain(data, this.#options.dialect) ? this.#plainRegion(data, isLast) : this.#parsedRegion(data, piece, isLast);
  }

  #plainRegion(data: Buffer, isLast: boolean): Region {
    this.#parser?.destroy();
    this.#parser = undefined;
    const length = plainLength(data, isLast);
    const whole = data.subarray(0, length);
    this.#tail = data.subarray(length);
    const region = new PlainRegion(whole, { delimiter: this.#options.dialect.delimiter, line: this.#line, columns: this.#into.columns.length });
    // With a CR that may belong to a CR LF.
    if (this.#tail.length > this.#into.limits.row_bytes + 1) throw rowTooLarge(this.#into.limits, this.#line + countLines(whole, 0, length));
    return region;
  }

  async #parsedRegion(data: Buffer, piece: Buffer, isLast: boolean): Promise<Region> {
    const isNew = this.#parser === undefined;
    if (isNew) this.#parsed = 0;
    const parser = (this.#parser ??= new CsvRecordParser({ ...this.#options.dialect, rowBytes: this.#into.limits.row_bytes }));
    try {
      await parser.write(isNew ? data : piece);
      if (isLast) await parser.end();
    } catch (thrown) {
      throw this.#faultOf(thrown, parser, data);
    }
    const { records, ends } = parser.take();
    const from = this.#parsed;
    const length = (ends.at(-1) ?? from) - from;
    this.#parsed = from + length;
    this.#tail = data.subarray(length);
    return new ParsedRegion(data.subarray(0, length), { records, ends: ends.map((end) => end - from), line: this.#line, invalid: this.#options.invalid });
  }

  /** What could not be parsed begins behind the last record and the empty lines that follow it. */
  #faultOf(thrown: unknown, parser: CsvRecordParser, data: Buffer): unknown {
    let end = (parser.ends.at(-1) ?? this.#parsed) - this.#parsed;
    while (isLineEnd(data[end])) end += 1;
    const line = this.#line + countLines(data, 0, end);
    if (isRecordTooLarge(thrown)) return rowTooLarge(this.#into.limits, line);
    return isQuoteOpen(thrown) ? quoteOpen(line) : thrown;
  }
}
