import type { ColumnBatch } from '../dataset/batch.ts';
import { CellColumn } from './cell-column.ts';
import { batchOrder, columnPlans } from './contract.ts';
import type { BatchContract } from './contract.ts';
import { CountedRows } from './counted-rows.ts';
import type { RowCounts } from './counted-rows.ts';
import { KeptCsv } from './kept-rows.ts';
import type { KeepOptions, KeptLines } from './kept-rows.ts';
import type { Limits } from './limits.ts';
import { shortened } from './reject.ts';
import type { Reject, RejectReason } from './reject.ts';
import { RowKey } from './row-key.ts';

const BATCH_ROWS = 16_384;
/** Ten thousand columns of so many rows would not fit into memory: then a batch has fewer rows. */
const BATCH_CELLS = 1_048_576;
const BATCH_BYTES = 16_777_216;

/** Rows of a batch file, typed, with the line that each begins on, and the rows that were rejected between them. */
export interface InputBatch {
  /** The contract's columns in its order, keys as text, then the others as text in the file's order. */
  readonly batch: ColumnBatch;
  readonly lines: Int32Array;
  readonly rejects: readonly Reject[];
  /** The rows as CSV, where they are to be kept so; until the next batch is asked for. */
  readonly kept?: KeptLines;
}

/** A fault in a cell, or in a whole record where there is no column. */
export interface Fault {
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: RejectReason;
}

export interface CollectorOptions extends BatchContract {
  readonly header: readonly string[];
  readonly limits: Limits;
  readonly batchRows?: number | undefined;
  readonly keep?: KeepOptions | undefined;
  readonly warn: (text: string) => void;
}

/** Takes records one by one, accepts or rejects each, and hands them over as batches once it is full. */
export class Collector {
  readonly columns: readonly CellColumn[];
  readonly limits: Limits;
  /** Rows of the batch so far, which is where the next cell is set. */
  rows = 0;
  readonly key = new RowKey();
  /** Where in the file's columns the parts of the key are. */
  readonly keyAt: readonly number[];
  /** Takes each accepted row as it came, where rows are to be kept as CSV. */
  readonly kept: KeptCsv | undefined;
  readonly #order: readonly CellColumn[];
  readonly #warn: (text: string) => void;
  readonly #counted = new CountedRows();
  readonly #capacity: number;
  readonly #places: ReadonlyMap<string, number>;
  #lines: Int32Array;
  #rejects: Reject[] = [];
  #bytes = 0;

  constructor(options: CollectorOptions) {
    const { header, keep, batchRows = BATCH_ROWS } = options;
    this.#capacity = Math.max(1, Math.min(batchRows, Math.floor(BATCH_CELLS / header.length)));
    // Keys that are kept as they came need not be texts besides.
    const isKept = keep?.format === 'csv';
    this.columns = columnPlans(header, options, isKept).map((plan) => new CellColumn(plan, this.#capacity));
    this.#places = new Map(header.map((name, i) => [name, i]));
    this.#order = batchOrder(header, options).map((name) => this.columns[this.#places.get(name)!]!);
    this.keyAt = options.key.map((name) => this.#places.get(name)!);
    if (isKept) this.kept = new KeptCsv({ kept: keep.columns === 'key' ? this.keyAt : [...header.keys()], isNumber: this.columns.map(({ plan }) => plan.type === 'integer' || plan.type === 'number'), capacity: this.#capacity });
    this.limits = options.limits;
    this.#lines = new Int32Array(this.#capacity);
    this.#warn = options.warn;
  }

  /** Whether `finish` is to be called before the next record. */
  get isFull(): boolean {
    return this.rows === this.#capacity || this.#rejects.length >= this.#capacity || this.#bytes >= BATCH_BYTES;
  }

  get isEmpty(): boolean {
    return this.rows === 0 && this.#rejects.length === 0;
  }

  /** Where in the file's columns a name is. */
  placeOf(name: string): number | undefined {
    return this.#places.get(name);
  }

  /** Keeps the row whose cells were set. */
  accept(line: number, bytes: number): void {
    this.#lines[this.rows] = line;
    this.rows += 1;
    this.#bytes += bytes;
    this.#counted.accept();
  }

  /** Puts the record aside; the next is set over it. */
  reject(line: number, fault: Fault): void {
    const row = this.#counted.reject(fault.reason);
    this.#rejects.push({ line, row, column: fault.column, value: fault.value === null ? null : shortened(fault.value), reason: fault.reason });
  }

  counts(): RowCounts {
    return this.#counted.counts();
  }

  finish(): InputBatch {
    this.#warnOfWide();
    const columns = new Map(this.#order.map((column) => [column.plan.name, column.finish(this.rows)]));
    const done: InputBatch = { batch: { rows: this.rows, columns }, lines: this.#lines.slice(0, this.rows), rejects: this.#rejects, ...(this.kept === undefined ? {} : { kept: this.kept.take() }) };
    this.rows = 0;
    this.#rejects = [];
    this.#bytes = 0;
    return done;
  }

  #warnOfWide(): void {
    for (const column of this.columns) {
      if (column.wide === 0 || column.isWarnedOf) continue;
      column.isWarnedOf = true;
      const { name, type } = column.plan;
      this.#warn(type === 'date' ? `"${name}" is a date and the file has timestamps at midnight; they are taken as dates` : `"${name}" is a whole number and the file writes it as 1.0; it is taken as one`);
    }
  }
}
