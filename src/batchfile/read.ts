import type { ColumnBatch } from '../dataset/batch.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { BatchColumn, Limits, Reject, RejectReason } from './batch-column.ts';
import { type FileRecord, csvRecords, delimiterOf, jsonLines } from './records.ts';
import { CheckedColumn, type Fault } from './row-check.ts';
import { NO_TEXT } from './text.ts';

export interface ReadOptions {
  readonly file: string;
  /** By the file's name unless said. */
  readonly format?: BatchFormat | undefined;
  /** Of CSV; found in the first line unless said. */
  readonly delimiter?: string | undefined;
  /** What the batch has to have, by name, in any order; other columns pass through as text. */
  readonly columns: readonly BatchColumn[];
  readonly key: readonly string[];
  readonly limits: Limits;
}

export type BatchFormat = 'csv' | 'jsonl';

/** Rows that keep the contract, and what became of those that do not. */
export interface InputBatch {
  readonly batch: ColumnBatch;
  /** For each row the line of the file on which it begins, */
  readonly lines: Int32Array;
  /** and its number in the file, from 1. */
  readonly rows: Int32Array;
  readonly rejects: readonly Reject[];
}

export interface Counts {
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly byReason: Readonly<Partial<Record<RejectReason, number>>>;
}

const BATCH_ROWS = 16_384;

/** A batch that is read row by row against a contract. Every row is accepted or rejected. */
export class BatchFile {
  /** The file's columns, in its order. */
  readonly header: readonly string[];
  readonly #options: ReadOptions;
  readonly #format: BatchFormat;
  readonly #delimiter: string;
  readonly #byReason = new Map<RejectReason, number>();
  readonly #keys = new Set<string>();
  #read = 0;
  #rejected = 0;

  private constructor(options: ReadOptions, form: { header: readonly string[]; format: BatchFormat; delimiter: string }) {
    this.#options = options;
    this.header = form.header;
    this.#format = form.format;
    this.#delimiter = form.delimiter;
  }

  /** Throws before the first row: `file-failed`, `batch-empty`, `batch-header`, `batch-columns`. */
  static async open(options: ReadOptions): Promise<BatchFile> {
    const format = options.format ?? (/\.(jsonl|ndjson)(\.gz)?$/i.test(options.file) ? 'jsonl' : 'csv');
    const delimiter = options.delimiter ?? (format === 'csv' ? await delimiterOf(options.file) : ',');
    const header = format === 'csv' ? await csvHeader(options, delimiter) : await jsonHeader(options);
    checkHeader(options, header);
    return new BatchFile(options, { header, format, delimiter });
  }

  async *batches(): AsyncGenerator<InputBatch> {
    const { columns, key } = this.#options;
    const known = new Map(columns.map((column) => [column.name, column]));
    const checked = this.header.map((name) => new CheckedColumn(known.get(name) ?? { name, type: 'text', nullable: true }, key.includes(name), BATCH_ROWS));
    const keyed = key.map((name) => this.header.indexOf(name));
    let rejects: Reject[] = [];
    const lines = new Int32Array(BATCH_ROWS);
    const numbers = new Int32Array(BATCH_ROWS);
    let rows = 0;
    const taken = (): InputBatch => ({ batch: { rows, columns: new Map(checked.map((one) => [one.column.name, one.finish(rows)])) }, lines: lines.slice(0, rows), rows: numbers.slice(0, rows), rejects });
    for await (const group of this.#records()) {
      for (const { fields, line, fault } of group) {
        this.#read += 1;
        const wrong = fault ?? this.#put(checked, fields, { row: rows, keyed });
        if (wrong === undefined) {
          lines[rows] = line;
          numbers[rows] = this.#read;
          rows += 1;
        } else {
          this.#rejected += 1;
          this.#byReason.set(wrong.reason, (this.#byReason.get(wrong.reason) ?? 0) + 1);
          rejects.push({ line, row: this.#read, ...wrong });
        }
        if (rows < BATCH_ROWS) continue;
        yield taken();
        [rows, rejects] = [0, []];
      }
    }
    if (rows > 0 || rejects.length > 0) yield taken();
  }

  /** Of what was read so far. */
  counts(): Counts {
    return { read: this.#read, accepted: this.#read - this.#rejected, rejected: this.#rejected, byReason: Object.fromEntries(this.#byReason) };
  }

  /** Adds a row that keeps the contract, or says what is wrong with it. */
  #put(checked: readonly CheckedColumn[], fields: readonly string[], { row, keyed }: { row: number; keyed: readonly number[] }): Omit<Reject, 'line' | 'row'> | undefined {
    if (fields.length !== checked.length) return { column: null, value: String(fields.length), reason: fields.length < checked.length ? 'too-few-fields' : 'too-many-fields' };
    const values: (number | string | null)[] = [];
    for (const [i, column] of checked.entries()) {
      const text = fields[i]!;
      const value = text.includes(NO_TEXT) ? { column: column.column.name, value: text, reason: 'invalid-text' as const } : column.valueOf(text);
      if (isFault(value)) return value;
      values.push(value);
    }
    const name = JSON.stringify(keyed.map((i) => values[i]));
    if (this.#keys.has(name)) return { column: this.#options.key.join(', '), value: keyed.map((i) => fields[i]).join(', '), reason: 'duplicate-key' };
    this.#keys.add(name);
    values.forEach((value, i) => checked[i]!.put(row, value));
    return undefined;
  }

  async *#records(): AsyncGenerator<readonly (FileRecord & { readonly fault?: Omit<Reject, 'line' | 'row'> })[]> {
    const { file, limits } = this.#options;
    if (this.#format === 'jsonl') {
      for await (const group of jsonLines(file, limits)) yield group.map(({ text, line }) => ({ line, ...fieldsOf(text, this.header) }));
      return;
    }
    let isHeader = true;
    for await (const group of csvRecords(file, { delimiter: this.#delimiter, limits })) {
      yield isHeader ? group.slice(1) : group;
      isHeader = false;
    }
  }
}

function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null;
}

async function csvHeader({ file, limits }: ReadOptions, delimiter: string): Promise<readonly string[]> {
  for await (const group of csvRecords(file, { delimiter, limits })) return group[0]?.fields ?? [];
  return [];
}

/** The keys of the first object. */
async function jsonHeader({ file, limits }: ReadOptions): Promise<readonly string[]> {
  for await (const group of jsonLines(file, limits)) {
    const first = group[0] === undefined ? undefined : objectOf(group[0].text);
    if (first === undefined) throw new NightshiftError({ code: 'batch-invalid', what: 'The first line of the batch is no JSON object', where: `${file}, line ${group[0]?.line ?? 1}`, expected: 'an object a line', exitCode: ExitCode.usage });
    return [...first.keys()];
  }
  return [];
}

/** The fields of a line in the header's order; keys that the first line did not have are too many. */
function fieldsOf(text: string, header: readonly string[]): { readonly fields: readonly string[]; readonly fault?: Omit<Reject, 'line' | 'row'> } {
  const found = objectOf(text);
  if (found === undefined) return { fields: [], fault: { column: null, value: text.slice(0, 200), reason: 'not-json' } };
  const other = [...found.keys()].find((name) => !header.includes(name));
  if (other !== undefined) return { fields: [], fault: { column: other, value: null, reason: 'too-many-fields' } };
  return { fields: header.map((name) => cellOf(found.get(name))) };
}

/** An object's own keys, `__proto__` like any other. */
function objectOf(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function checkHeader({ file, columns, limits }: ReadOptions, header: readonly string[]): void {
  const wrong = (code: string, what: string, more: { found?: string; expected?: string; fix?: string }): NightshiftError => new NightshiftError({ code, what, where: `${file}, line 1`, exitCode: ExitCode.usage, ...more });
  if (header.length === 0) throw wrong('batch-empty', 'The batch is empty', { expected: 'a header, and a row each' });
  if (header.length > limits.columns) throw wrong('batch-header', 'The batch has more columns than allowed', { found: String(header.length), expected: `at most ${limits.columns}: score.limits.columns in pipeline.yaml` });
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) throw wrong('batch-header', 'The batch names a column twice', { found: twice, expected: 'each column once' });
  const missing = columns.filter(({ name }) => !header.includes(name));
  if (missing.length === 0) return;
  const closest = missing.map(({ name }) => nearest(name, header)).filter((name) => name !== undefined);
  throw wrong('batch-columns', `The batch lacks ${missing.length === 1 ? 'a column' : 'columns'} of the contract`, { found: header.slice(0, 50).join(', '), expected: missing.map(({ name, type }) => `${name} (${type})`).join(', '), fix: closest.length === 0 ? 'bring them' : `closest: ${closest.join(', ')}` });
}
