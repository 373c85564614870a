import type { Readable } from 'node:stream';
import type { Encoding } from '../dataset/encoding.ts';
import { RawInput } from '../dataset/raw-input.ts';
import { type TextInput, invalidIn, textInput } from '../dataset/text-input.ts';
import { NightshiftError, inFile } from '../shared/errors.ts';
import { countLines } from './bytes.ts';
import { Collector } from './collector.ts';
import type { InputBatch } from './collector.ts';
import type { BatchContract } from './contract.ts';
import type { RowCounts } from './counted-rows.ts';
import { CsvBatches } from './csv-batches.ts';
import { csvHead } from './csv-head.ts';
import { batchEmpty } from './faults.ts';
import { formatOf } from './format.ts';
import type { BatchFormat } from './format.ts';
import { assertColumns, namedColumns } from './header.ts';
import type { KeepOptions } from './kept-rows.ts';
import { jsonBatches, jsonSample } from './json-batches.ts';
import type { Limits } from './limits.ts';
import { assertTypes } from './retyped.ts';

export type { BatchColumn } from './contract.ts';
export type { InputBatch } from './collector.ts';
export type { Reject, RejectReason } from './reject.ts';
export type { RowCounts } from './counted-rows.ts';
export type { Encoding } from '../dataset/encoding.ts';
export type { BatchFormat } from './format.ts';
export type { Limits } from './limits.ts';

const HEAD_BYTES = 1 << 18;
const PIECE_BYTES = 1 << 19;

/** What to read and what it must hold: `columns` by name, in any order; `key` never missing and never twice. */
export interface ReadOptions extends BatchContract {
  /** A stream, or the path of a file. */
  readonly input: Readable | string;
  /** What errors call it; its path unless given. */
  readonly called?: string | undefined;
  /** Found by name and content unless given. */
  readonly format?: BatchFormat | undefined;
  /** Found unless given; `quote: ''` where nothing is quoted. */
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly encoding?: Encoding | undefined;
  readonly limits: Limits;
  /** At most so many rows come at once; fewer where rows are wide or large. */
  readonly batchRows?: number | undefined;
  /** Gives accepted rows as text, too; then keys are held as their types say. */
  readonly keep?: KeepOptions | undefined;
  /** False: csv-parse reads what could be split directly. With `pieceBytes` for the tests that hold the two ways equal. */
  readonly isDirect?: boolean | undefined;
  readonly pieceBytes?: number | undefined;
}

/** A batch file whose columns hold; its rows are read as they are asked for. */
export interface BatchFile {
  readonly header: readonly string[];
  readonly format: BatchFormat;
  /** Undefined for JSON Lines. */
  readonly delimiter: string | undefined;
  readonly encoding: Encoding;
  /** What was taken though it is not as it should be, in words. Grows while rows are read. */
  readonly warnings: readonly string[];
  /** The rows, once. Throws what makes the file unreadable from there on; nothing of it should be delivered then. */
  batches(): AsyncIterable<InputBatch>;
  /** What became of the rows so far: `accepted + rejected = read`. */
  counts(): RowCounts;
  /** Bytes as they came, packed or not, and how many there are in all; undefined for a stream. */
  bytesRead(): number;
  readonly totalBytes: number | undefined;
  /** Lets go of the input without reading on. `batches` does so at its end. */
  close(): void;
}

/**
 * Opens a batch and holds its columns against the contract before the first row. Throws `input-missing`, `batch-empty`,
 * `not-text`, `header-invalid`, `duplicate-column`, `column-missing`, `column-retyped`, `too-many-columns`; reading throws
 * `row-too-large`, `quote-open`, `gzip-broken`.
 */
export async function openBatchFile(options: ReadOptions): Promise<BatchFile> {
  const raw = new RawInput(options.input);
  try {
    return await opened(raw, options);
  } catch (thrown) {
    raw.destroy();
    throw named(thrown, options.called ?? raw.name);
  }
}

async function opened(raw: RawInput, options: ReadOptions): Promise<BatchFile> {
  const text = await textInput(raw, options.encoding);
  const format = options.format ?? formatOf(raw.name, await text.head.peek(HEAD_BYTES));
  const warnings: string[] = [];
  const warn = (warning: string): void => void warnings.push(warning);
  const { header, delimiter, batches, collector } = format === 'csv' ? await csvRows(text, { ...options, warn }) : await jsonRows(text, { ...options, warn });
  return {
    header,
    format,
    delimiter,
    encoding: text.encoding,
    warnings,
    batches: () => whole(raw, batches, options.called ?? raw.name),
    counts: () => collector.counts(),
    bytesRead: () => raw.bytesRead,
    totalBytes: raw.totalBytes,
    close: () => raw.destroy(),
  };
}

interface Rows {
  readonly header: readonly string[];
  readonly delimiter: string | undefined;
  readonly collector: Collector;
  readonly batches: AsyncIterable<InputBatch>;
}

type RowOptions = ReadOptions & { readonly warn: (text: string) => void };

async function csvRows({ head, encoding }: TextInput, options: RowOptions): Promise<Rows> {
  const names = [...options.columns.map(({ name }) => name), ...options.key];
  const sample = await csvHead(head, { ...options, names });
  const header = namedColumns(sample.header, options.warn);
  const collector = collectorOf(header, sample.records, options);
  const line = 1 + countLines(await head.peek(sample.headerBytes), 0, sample.headerBytes);
  const pieces = head.from(sample.headerBytes, options.pieceBytes ?? PIECE_BYTES);
  const reader = new CsvBatches(collector, { dialect: sample.dialect, pieces, line, invalid: invalidIn(encoding), isDirect: options.isDirect ?? true });
  return { header, delimiter: sample.dialect.delimiter, collector, batches: reader.batches() };
}

async function jsonRows({ head, encoding }: TextInput, options: RowOptions): Promise<Rows> {
  const sample = jsonSample(await head.peek(HEAD_BYTES), head.isWhole);
  if (head.isWhole && (await head.peek(1)).toString('latin1').trim() === '') throw batchEmpty();
  const collector = collectorOf(sample.header, sample.records, options);
  const batches = jsonBatches(collector, { pieces: head.from(0, options.pieceBytes ?? PIECE_BYTES), invalid: invalidIn(encoding) });
  return { header: sample.header, delimiter: undefined, collector, batches };
}

function collectorOf(header: readonly string[], records: readonly (readonly string[])[], options: RowOptions): Collector {
  assertColumns(header, options, options.limits);
  assertTypes(header, records, options);
  return new Collector({ ...options, header });
}

async function* whole(raw: RawInput, batches: AsyncIterable<InputBatch>, called: string): AsyncGenerator<InputBatch> {
  try {
    yield* batches;
  } catch (thrown) {
    throw named(thrown, called);
  } finally {
    raw.destroy();
  }
}

function named(thrown: unknown, name: string): unknown {
  return thrown instanceof NightshiftError && thrown.details.where !== name ? inFile(thrown, name) : thrown;
}
