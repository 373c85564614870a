import type { DuckDBDataChunk } from '@duckdb/node-api';
import { NumberBuilder, TextBuilder } from '../../dataset/batch-builder.ts';
import type { ColumnBatch } from '../../dataset/batch.ts';
import { storagesOf } from '../stream-columns.ts';
import type { StreamOptions } from '../warehouse.ts';
import { TextDecoder, decodeNumbers } from './decode.ts';
import type { DuckdbSession } from './session.ts';

const BATCH_ROWS = 16_384;
const WHERE = 'the query of a stream';

/** Streams a query on a connection of its own. Columns are copied as whole arrays from the engine's chunks. */
export async function* readStream(session: DuckdbSession, sql: string, options: StreamOptions): AsyncGenerator<ColumnBatch> {
  const { text, columns } = await session.describe(sql, WHERE);
  const batch = new Batch(columns.map(({ name }) => name), options);
  let ended = false;
  const connection = await session.connections.lend();
  try {
    const result = await session.attempt(WHERE, () => connection.stream(text));
    for (;;) {
      const chunk = await session.attempt(WHERE, () => result.fetchChunk());
      ended = chunk === null || chunk.rowCount === 0;
      if (chunk === null || chunk.rowCount === 0) break;
      for (let from = 0; from < chunk.rowCount; ) {
        from += batch.add(chunk, from);
        if (batch.full) yield batch.finish();
      }
    }
    if (batch.rows > 0) yield batch.finish();
  } finally {
    session.connections.giveBack(connection, ended);
  }
}

class Batch {
  rows = 0;
  readonly #capacity: number;
  readonly #names: readonly string[];
  readonly #builders: readonly (NumberBuilder | TextBuilder)[];
  readonly #decoders: readonly TextDecoder[];

  constructor(names: readonly string[], options: StreamOptions) {
    this.#capacity = options.batchRows ?? BATCH_ROWS;
    this.#names = names;
    this.#builders = storagesOf(names, options.columns).map((storage) =>
      storage === 'number' ? new NumberBuilder(this.#capacity) : new TextBuilder(this.#capacity),
    );
    this.#decoders = this.#builders.map(() => new TextDecoder());
  }

  get full(): boolean {
    return this.rows === this.#capacity;
  }

  /** Takes rows of a chunk from `from` on, as many as there is room for. Returns how many. */
  add(chunk: DuckDBDataChunk, from: number): number {
    const count = Math.min(chunk.rowCount - from, this.#capacity - this.rows);
    for (const [i, builder] of this.#builders.entries()) {
      const slice = { column: this.#names[i]!, vector: chunk.getColumnVector(i), from, count, row: this.rows };
      if (builder instanceof NumberBuilder) decodeNumbers(builder, slice);
      else this.#decoders[i]!.decode(builder, slice);
    }
    this.rows += count;
    return count;
  }

  finish(): ColumnBatch {
    const { rows } = this;
    this.rows = 0;
    return { rows, columns: new Map(this.#names.map((name, i) => [name, this.#builders[i]!.finish(rows)])) };
  }
}
