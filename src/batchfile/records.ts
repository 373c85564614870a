import { CsvError, Parser } from 'csv-parse';
import { NightshiftError, messageOf } from '../shared/errors.ts';
import type { Limits } from './batch-column.ts';
import { textOf } from './text.ts';

/** The fields of one record and the line on which it begins, from 1. */
export interface FileRecord {
  readonly fields: readonly string[];
  readonly line: number;
}

export interface CsvForm {
  readonly delimiter: string;
  readonly limits: Limits;
}

/** Takes records as they are parsed, past the object stream, which would cost more than the parsing itself. */
class RecordParser extends Parser {
  readonly #take: (record: FileRecord) => void;

  constructor({ delimiter, limits }: CsvForm, take: (record: FileRecord) => void) {
    super({ bom: true, delimiter, skip_empty_lines: true, relax_column_count: true, info: true, max_record_size: limits.row_bytes });
    this.#take = take;
  }

  override push(entry: unknown): boolean {
    if (entry === null) return super.push(null);
    const { record, info } = entry as { readonly record: readonly string[]; readonly info: { readonly lines: number } };
    this.#take({ fields: record, line: info.lines - breaksIn(record) });
    return true;
  }
}

/** The records of a CSV file in groups, the header among them. Throws `batch-invalid` with the line. */
export async function* csvRecords(file: string, form: CsvForm): AsyncGenerator<readonly FileRecord[]> {
  let group: FileRecord[] = [];
  const parser = new RecordParser(form, (record) => group.push(record));
  // Errors arrive through the callbacks below; without a listener the stream would throw them as well.
  parser.on('error', () => undefined).resume();
  try {
    for await (const piece of textOf(file)) {
      await settle(file, form, (done) => parser.write(piece, done));
      if (group.length > 0) yield group;
      group = [];
    }
    await settle(file, form, (done) => parser.end(done));
    if (group.length > 0) yield group;
  } finally {
    parser.destroy();
  }
}

/** The lines of a file of JSON Lines. */
export async function* jsonLines(file: string, limits: Limits): AsyncGenerator<readonly { readonly text: string; readonly line: number }[]> {
  let rest = '';
  let line = 0;
  for await (const piece of textOf(file)) {
    const parts = (rest + piece).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > limits.row_bytes) throw tooLong(file, line + 1, limits);
    yield parts.map((text) => ({ text: text.replace(/^\uFEFF|\r$/g, ''), line: ++line })).filter(({ text }) => text.trim() !== '');
  }
  if (rest.trim() !== '') yield [{ text: rest.replace(/^\uFEFF|\r$/g, ''), line: line + 1 }];
}

/** The delimiter that stands most often in the first line, outside of quotes. */
export async function delimiterOf(file: string): Promise<string> {
  let text = '';
  for await (const piece of textOf(file)) {
    text += piece;
    if (/[\r\n]/.test(text) || text.length > 1 << 20) break;
  }
  const first = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replaceAll(/"(?:[^"]|"")*"/g, '');
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, count: first.split(delimiter).length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]!.delimiter;
}

function breaksIn(record: readonly string[]): number {
  let breaks = 0;
  for (const field of record) if (field.includes('\n')) breaks += field.split('\n').length - 1;
  return breaks;
}

function settle(file: string, form: CsvForm, act: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => (error === undefined || error === null ? resolve() : reject(batchError(file, form, error))));
  });
}

function batchError(file: string, { limits }: CsvForm, error: Error): NightshiftError {
  if (!(error instanceof CsvError)) throw error;
  const line = 'lines' in error ? Number(error.lines) : 1;
  if (error.code === 'CSV_MAX_RECORD_SIZE') return tooLong(file, line, limits);
  return new NightshiftError({ code: 'batch-invalid', what: 'This batch is no CSV', where: `${file}, line ${line}`, found: messageOf(error), expected: 'fields quoted as in RFC 4180', fix: 'mend the file', cause: error });
}

function tooLong(file: string, line: number, limits: Limits): NightshiftError {
  return new NightshiftError({ code: 'batch-row-too-long', what: 'A row of the batch is longer than allowed', where: `${file}, line ${line}`, expected: `at most ${limits.row_bytes} characters: score.limits.row_bytes in pipeline.yaml`, fix: 'mend the file, or allow longer rows' });
}
