import type { BatchSource, Column, ColumnBatch, Storage } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import type { SqlType, Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn, keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';

/** The order that every stream ends in: time, then key, bytewise; the same on every engine. */
export function streamOrder(step: StepContext, warehouse: Warehouse): string {
  const time = step.config.time === undefined ? [] : [dayColumn(step.config.time)];
  return [...time, ...keyColumns(step.config)].map(warehouse.dialect.identifier).join(', ');
}

export interface StreamRequest {
  readonly relation: string;
  readonly columns: Readonly<Record<string, Storage>>;
  /** A condition in SQL. */
  readonly where?: string | undefined;
}

/** A restartable stream of some columns of a relation, in the order of time and key. */
export function streamOf(step: StepContext, warehouse: Warehouse, { relation, columns, where }: StreamRequest): BatchSource {
  const { identifier } = warehouse.dialect;
  const names = Object.keys(columns).map(identifier).join(', ');
  const sql = `SELECT ${names} FROM ${identifier(relation)}${where === undefined ? '' : ` WHERE ${where}`} ORDER BY ${streamOrder(step, warehouse)}`;
  return () => warehouse.stream(sql, { columns });
}

/**
 * The same rows, kept at the first reading that reaches their end, for those that come after it; read anew each time where
 * they take more than `bytes`.
 */
export function remembered(source: BatchSource, bytes: number): BatchSource {
  let kept: readonly ColumnBatch[] | undefined;
  async function* keeping(): AsyncGenerator<ColumnBatch> {
    const seen: ColumnBatch[] = [];
    let size = 0;
    for await (const batch of source()) {
      size += bytesOf(batch);
      if (size <= bytes) seen.push(batch);
      else seen.length = 0;
      yield batch;
    }
    if (size <= bytes) kept = seen;
  }
  return () => (kept === undefined ? keeping() : replay(kept));
}

async function* replay(batches: readonly ColumnBatch[]): AsyncGenerator<ColumnBatch> {
  yield* batches;
}

function bytesOf(batch: ColumnBatch): number {
  return [...batch.columns.values()].reduce((bytes, column) => bytes + (column.storage === 'number' ? column.values.byteLength + (column.nulls?.byteLength ?? 0) : column.codes.byteLength), 0);
}

/** What streams took: seconds spent waiting for their rows, and the rows. */
export class StreamMeter {
  seconds = 0;
  rows = 0;

  /** The same rows, measured at every reading. */
  over(source: BatchSource): BatchSource {
    return () => this.#measured(source());
  }

  async *#measured(batches: AsyncIterable<ColumnBatch>): AsyncGenerator<ColumnBatch> {
    let start = performance.now();
    for await (const batch of batches) {
      this.seconds += (performance.now() - start) / 1000;
      this.rows += batch.rows;
      yield batch;
      start = performance.now();
    }
    this.seconds += (performance.now() - start) / 1000;
  }
}

/** How a contract's features are held. */
export function featureStorage(contract: Contract): Readonly<Record<string, Storage>> {
  return Object.fromEntries(contract.features.map(({ name, kind }) => [name, kind === 'number' ? 'number' : 'text']));
}

/** How columns of a relation are best held: numbers where the engine holds numbers, text otherwise, and in a relation without rows. */
export async function storageOf(warehouse: Warehouse, relation: string, columns: readonly string[]): Promise<Readonly<Record<string, Storage>>> {
  const { identifier } = warehouse.dialect;
  const [first] = await warehouse.rows(`SELECT ${columns.map(identifier).join(', ')} FROM ${identifier(relation)} LIMIT 1`);
  return Object.fromEntries(columns.map((name) => [name, typeof first?.[name] === 'number' ? 'number' : 'text']));
}

/** Types of the key's columns, for a table that holds them as they were read. */
export function keyTypes(step: StepContext, keys: ColumnBatch | undefined, names: readonly string[] = keyColumns(step.config)): Readonly<Record<string, SqlType>> {
  const declared = Object.assign({}, ...Object.values(step.config.sources).map(({ types }) => types)) as Record<string, SqlType>;
  return Object.fromEntries(names.map((name): [string, SqlType] => {
    const type = declared[name];
    if (keys !== undefined && columnOf(keys, name).storage === 'number') return [name, type === 'number' ? 'number' : 'integer'];
    return [name, type === 'date' || type === 'timestamp' ? type : 'text'];
  }));
}

/** How the label is held. */
export function labelStorage(contract: Contract): Readonly<Record<string, Storage>> {
  return { [contract.label]: contract.task === 'multiclass' ? 'text' : 'number' };
}

/** A column of a batch that the query is known to give. */
export function columnOf(batch: ColumnBatch, name: string): Column {
  const column = batch.columns.get(name);
  if (column === undefined) throw new Error(`the stream lacks the column ${name}`);
  return column;
}

/** The values of a column of numbers. */
export function numbersOf(batch: ColumnBatch, name: string): Float64Array {
  const column = columnOf(batch, name);
  if (column.storage === 'number') return column.values;
  throw new Error(`${name} is no number`);
}
