import { CsvError, Parser } from 'csv-parse';
import type { Options as ParserOptions } from 'csv-parse';
import type { Dialect } from './dialect.ts';

export interface RecordParserOptions extends Dialect {
  readonly rowBytes: number;
}

/**
 * csv-parse, past its object stream, which would cost more than the parsing itself. LF, CR LF and CR end a record, empty
 * lines are skipped, a record may have any number of fields, and a quote within a field that does not begin with one is data.
 */
export class CsvRecordParser {
  /** The records since `take`, and how many bytes had been parsed at the end of each, all of them together. */
  records: (readonly string[])[] = [];
  ends: number[] = [];
  readonly #parser: Parser;

  constructor({ delimiter, quote, rowBytes }: RecordParserOptions) {
    const options = { bom: false, delimiter, quote: quote === '' ? null : quote, escape: quote === '' ? null : quote, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: rowBytes };
    this.#parser = new CapturingParser(options, (record, end) => {
      this.records.push(record);
      this.ends.push(end);
    });
    // Errors arrive through the callbacks below; without a listener the stream would throw them as well.
    this.#parser.on('error', () => undefined).resume();
  }

  /** Parses some more bytes. Throws `CsvError` where it cannot go on. */
  async write(bytes: Buffer): Promise<void> {
    await settle((done) => this.#parser.write(bytes, done));
  }

  /** Parses what it held back. A quote that was never closed is a `CsvError`. */
  async end(): Promise<void> {
    await settle((done) => this.#parser.end(done));
  }

  /** The records that were parsed, which it then forgets. */
  take(): { readonly records: readonly (readonly string[])[]; readonly ends: readonly number[] } {
    const { records, ends } = this;
    this.records = [];
    this.ends = [];
    return { records, ends };
  }

  destroy(): void {
    this.#parser.destroy();
  }
}

export function isQuoteOpen(thrown: unknown): boolean {
  return thrown instanceof CsvError && thrown.code === 'CSV_QUOTE_NOT_CLOSED';
}

export function isRecordTooLarge(thrown: unknown): boolean {
  return thrown instanceof CsvError && thrown.code === 'CSV_MAX_RECORD_SIZE';
}

class CapturingParser extends Parser {
  readonly #onRecord: (record: readonly string[], end: number) => void;

  constructor(options: ParserOptions, onRecord: (record: readonly string[], end: number) => void) {
    super(options);
    this.#onRecord = onRecord;
  }

  override push(record: unknown): boolean {
    if (record === null) return super.push(null);
    this.#onRecord(record as string[], this.info.bytes);
    return true;
  }
}

function settle(act: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => (error === undefined || error === null ? resolve() : reject(error)));
  });
}
