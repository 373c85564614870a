import { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CsvError, Parser } from 'csv-parse';
import { NightshiftError, inFile, messageOf } from '../shared/errors.ts';
import { fileError } from '../shared/files.ts';
import type { Encoding } from './encoding.ts';
import { RawInput } from './raw-input.ts';
import { textInput } from './text-input.ts';

const PIECE_BYTES = 1 << 18;

/** How a CSV file is written. */
export interface CsvForm {
  readonly delimiter: string;
  /** UTF-8 unless said, or UTF-16 where the file shows it. */
  readonly encoding?: Encoding | undefined;
}

/** Takes records as they are parsed, past the object stream, which would cost more than the parsing itself. */
class RecordParser extends Parser {
  readonly #take: (record: readonly string[]) => void;

  constructor(delimiter: string, take: (record: readonly string[]) => void) {
    super({ bom: true, delimiter, skip_empty_lines: true });
    this.#take = take;
  }

  override push(record: unknown): boolean {
    if (record === null) return super.push(null);
    this.#take(record as string[]);
    return true;
  }
}

/**
 * The records of a CSV file, gzipped or not, in groups, as they are read: RFC 4180, a byte-order mark and empty lines skipped, every record
 * as long as the first. Throws `csv-invalid` with file and line, `gzip-broken`, `not-text` for a workbook. The header is the first record.
 */
export async function* csvRecords(file: string, form: CsvForm): AsyncGenerator<readonly (readonly string[])[]> {
  let group: (readonly string[])[] = [];
  const parser = new RecordParser(form.delimiter, (record) => group.push(record));
  // Errors arrive through the callbacks below; without a listener the stream would throw them as well.
  parser.on('error', () => undefined).resume();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of csvText(file, form.encoding)) {
      assertUtf8(file, decoder, piece);
      await settle(file, (done) => parser.write(piece, done));
      if (group.length === 0) continue;
      yield group;
      group = [];
    }
    assertUtf8(file, decoder);
    await settle(file, (done) => parser.end(done));
    if (group.length > 0) yield group;
  } finally {
    parser.destroy();
  }
}

/** The names of a file's columns: one without a name is called by its place. */
export function placeNames(header: readonly string[]): readonly string[] {
  return header.map((name, i) => {
    if (name.trim() !== '') return name;
    let own = `column_${i + 1}`;
    while (header.includes(own)) own += '_';
    return own;
  });
}

/** A file's text as UTF-8, unpacked where it is gzip, its mark left out. */
export async function* csvText(file: string, encoding: Encoding | undefined): AsyncGenerator<Buffer> {
  const raw = new RawInput(file);
  try {
    yield* (await textInput(raw, encoding)).head.from(0, PIECE_BYTES);
  } catch (thrown) {
    throw thrown instanceof NightshiftError && thrown.details.where === undefined ? inFile(thrown, file) : thrown;
  } finally {
    raw.destroy();
  }
}

/** The file's first record; empty if the file is. */
export async function csvHeader(file: string, form: CsvForm): Promise<readonly string[]> {
  for await (const group of csvRecords(file, form)) return group[0] ?? [];
  return [];
}

/** The line on which the record number `record` (0 is the header) begins. Reads again: only errors ask for it. */
export async function csvLineOf(file: string, form: CsvForm, record: number): Promise<number> {
  let line = 1;
  let seen = 0;
  const parser = new Parser({ bom: true, delimiter: form.delimiter, skip_empty_lines: true, info: true });
  const input = Readable.from(csvText(file, form.encoding));
  input.on('error', (error) => parser.destroy(error));
  try {
    for await (const entry of input.pipe(parser)) {
      if (seen === record) return lineOf(entry, line);
      line = entryEnd(entry) + 1;
      seen += 1;
    }
    return line;
  } finally {
    input.destroy();
  }
}

interface Entry {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function entryEnd(entry: unknown): number {
  return (entry as Entry).info.lines;
}

/** A record ends on its line less the line ends inside its quotes; empty lines may stand before it. */
function lineOf(entry: unknown, fallback: number): number {
  const inside = (entry as Entry).record.join('').split('\n').length - 1;
  return Math.max(fallback, entryEnd(entry) - inside);
}

/** Letters of another encoding would silently become question marks. */
function assertUtf8(file: string, decoder: TextDecoder, piece?: Buffer): void {
  try {
    decoder.decode(piece, { stream: piece !== undefined });
  } catch (cause) {
    throw new NightshiftError({
      code: 'csv-invalid',
      what: 'The file is not encoded as it is read',
      where: file,
      found: 'bytes that are no UTF-8',
      expected: 'UTF-8, UTF-16, or what `encoding:` of the source says',
      fix: 'say `encoding: latin1` if it comes from a program of Windows, or convert it: iconv -f latin1 -t utf-8',
      cause,
    });
  }
}

function settle(file: string, act: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => (error === undefined || error === null ? resolve() : reject(csvError(file, error))));
  });
}

function csvError(file: string, error: Error): NightshiftError {
  if (error instanceof CsvError) {
    return new NightshiftError({
      code: 'csv-invalid',
      what: 'This is no CSV file',
      where: 'lines' in error ? `${file}, line ${String(error.lines)}` : file,
      found: messageOf(error),
      expected: 'records of equal length, quoted as in RFC 4180',
      fix: 'mend the file, or give its `delimiter:` in pipeline.yaml',
      cause: error,
    });
  }
  return fileError(file, error);
}
