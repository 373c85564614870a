import { NumberBuilder, TextBuilder } from '../../dataset/batch-builder.ts';
import type { ColumnBatch } from '../../dataset/batch.ts';
import { storagesOf, textAsNumber, tooLarge } from '../stream-columns.ts';
import type { StreamOptions } from '../warehouse.ts';
import { textOf } from './row-hash.ts';
import type { OpenStream, SqliteSession } from './session.ts';

const BATCH_ROWS = 16_384;
const WHERE = 'the query of a stream';

type Raw = readonly unknown[];

/**
 * Streams a query. Integers are first read as doubles, which is three times as fast as reading them as bigint; the first
 * number beyond ±2^53 makes the query run again from its start, exactly this time, past what was already given.
 */
export async function* readStream(session: SqliteSession, sql: string, options: StreamOptions): AsyncGenerator<ColumnBatch> {
  const reader = new Reader(session, sql, options);
  session.streams.add(reader);
  try {
    for (let batch = reader.next(); batch !== undefined; batch = reader.next()) yield batch;
  } finally {
    session.streams.delete(reader);
    reader.close();
  }
}

class Reader implements OpenStream {
  readonly #session: SqliteSession;
  readonly #sql: string;
  readonly #names: readonly string[];
  readonly #builders: readonly (NumberBuilder | TextBuilder)[];
  readonly #numbers: readonly (NumberBuilder | undefined)[];
  readonly #batchRows: number;
  readonly #ready: ColumnBatch[] = [];
  #rows: Iterator<Raw>;
  #given = 0;
  #exact = false;
  #ended = false;

  constructor(session: SqliteSession, sql: string, options: StreamOptions) {
    this.#session = session;
    this.#sql = sql;
    this.#batchRows = options.batchRows ?? BATCH_ROWS;
    this.#names = session.columns(sql, WHERE).map(({ name }) => name);
    const storages = storagesOf(this.#names, options.columns);
    this.#builders = storages.map((storage) => (storage === 'number' ? new NumberBuilder(this.#batchRows) : new TextBuilder(this.#batchRows)));
    this.#numbers = this.#builders.map((builder) => (builder instanceof NumberBuilder ? builder : undefined));
    this.#rows = this.#iterate(false);
  }

  next(): ColumnBatch | undefined {
    return this.#ready.shift() ?? this.#session.attempt(this.#sql, WHERE, () => this.#read());
  }

  /** Reads all that is left, so that the statement ends and tables may be dropped. */
  drain(): void {
    for (let batch = this.#read(); batch !== undefined; batch = this.#read()) this.#ready.push(batch);
  }

  close(): void {
    this.#ended = true;
    this.#rows.return?.();
  }

  #iterate(exact: boolean): Iterator<Raw> {
    const rows: Iterator<unknown> = this.#session.query(this.#sql, WHERE).raw(true).safeIntegers(exact).iterate();
    return rows as Iterator<Raw>;
  }

  #read(): ColumnBatch | undefined {
    if (this.#ended) return undefined;
    let row = 0;
    while (row < this.#batchRows) {
      const step = this.#rows.next();
      if (step.done === true) {
        this.#ended = true;
        break;
      }
      if (this.#setRow(row, step.value)) row += 1;
      else this.#beginExactly(row);
    }
    this.#given += row;
    return row === 0 ? undefined : this.#finish(row);
  }

  /** False if the row holds an integer that a double cannot. */
  #setRow(row: number, values: Raw): boolean {
    const numbers = this.#numbers;
    for (let i = 0; i < numbers.length; i++) {
      const value = values[i];
      const builder = numbers[i];
      if (builder !== undefined && typeof value === 'number' && value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER) {
        builder.values[row] = value;
      } else if (!this.#setOther(row, i, value)) {
        return false;
      }
    }
    return true;
  }

  #setOther(row: number, i: number, value: unknown): boolean {
    if (typeof value === 'number' && !this.#exact && Number.isFinite(value) && !Number.isSafeInteger(Math.trunc(value))) return false;
    const builder = this.#builders[i]!;
    if (value === null) builder.setNull(row);
    else if (builder instanceof NumberBuilder) builder.set(row, this.#number(this.#names[i]!, value));
    else builder.set(row, typeof value === 'string' ? value : textOf(value));
    return true;
  }

  #number(column: string, value: unknown): number {
    if (typeof value === 'number') return value;
    if (typeof value !== 'bigint') throw textAsNumber(column, textOf(value));
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw tooLarge(column, value);
    return number;
  }

  #beginExactly(rowsOfBatch: number): void {
    this.#rows.return?.();
    this.#exact = true;
    this.#rows = this.#iterate(true);
    for (let skip = this.#given + rowsOfBatch; skip > 0; skip--) this.#rows.next();
  }

  #finish(rows: number): ColumnBatch {
    return { rows, columns: new Map(this.#names.map((name, i) => [name, this.#builders[i]!.finish(rows)])) };
  }
}
