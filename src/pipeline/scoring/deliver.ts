import type { BatchFile, InputBatch, Reject } from '../../batchfile/read.ts';
import type { BatchWriter } from '../../batchfile/write.ts';
import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import type { Task } from '../../dataset/contract.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import type { SqlType } from '../../warehouse/warehouse.ts';
import { cellText } from '../comparison/kept-test.ts';
import { type ResultColumns, numbers, resultColumns } from '../job/result-columns.ts';
import { columnOf } from '../job/streams.ts';
import type { BatchContract } from './batch-contract.ts';
import { Pace } from './pace.ts';
import type { Made, Scorer } from './predict.ts';
import type { ScoreRequest } from './score-batch.ts';

/** The reason of a row for which the model's own SQL gives no features. */
export const UNMADE = 'no-features';

export interface Delivery {
  readonly made: Made;
  readonly task: Task;
  /** What the first reading found; the second has to find the same. */
  readonly counts: ReturnType<BatchFile['counts']>;
}

/** Reads the batch once more and writes each row with what the model said of it, in its order. */
export async function deliver(request: ScoreRequest, { contract, check }: Scorer, { made, task, counts }: Delivery): Promise<void> {
  const file = await request.open(contract);
  const results = resultColumns(task, made);
  const brought = request.columns === 'key' ? contract.key : file.header;
  const types = outputTypes(brought, contract, { made, results });
  const writer = await request.output(types);
  const pace = new Pace('written', made.rows);
  try {
    let from = 0;
    for await (const input of file.batches()) {
      const to = from + input.batch.rows;
      if (to > made.rows) break;
      await writeRows(input, { from, brought, made, results, request, contract, writer });
      from = to;
      request.talk.progress(pace.text(to, to / made.rows));
      await check();
    }
    requireSame(file.counts(), counts);
    await writer.finish();
  } catch (thrown) {
    file.close();
    await writer.abort();
    throw thrown;
  }
}

interface Writing {
  /** The number of the first row. */
  readonly from: number;
  readonly brought: readonly string[];
  readonly made: Made;
  readonly results: ResultColumns;
  readonly request: ScoreRequest;
  readonly contract: BatchContract;
  readonly writer: BatchWriter;
}

async function writeRows(input: InputBatch, writing: Writing): Promise<void> {
  const { made, from, request, contract, writer } = writing;
  if (input.batch.rows === 0) return;
  const whole = withScores(input.batch, writing);
  const isMade = made.isMade.subarray(from, from + input.batch.rows);
  if (!isMade.includes(0)) return writer.write(whole);
  const rows = Array.from(isMade.keys());
  await request.reject(rows.filter((row) => isMade[row] === 0).map((row) => unmadeReject(input, contract.key, row)));
  const kept = picked(whole, Int32Array.from(rows.filter((row) => isMade[row] === 1)));
  if (kept.rows > 0) await writer.write(kept);
}

/** Names and types of the output's columns, in order. Throws `column-taken`. */
function outputTypes(brought: readonly string[], { columns }: BatchContract, { made, results }: { readonly made: Made; readonly results: ResultColumns }): Readonly<Record<string, SqlType>> {
  const declared = new Map(columns.map(({ name, type }) => [name, type]));
  const own: Record<string, SqlType> = { score: 'number', class: made.decision === null ? 'text' : 'integer', run_id: 'text', as_of: 'text' };
  for (const name of results.further(0, 0).keys()) own[name] = 'number';
  const taken = Object.keys(own).filter((name) => brought.some((one) => one.toLowerCase() === name.toLowerCase()));
  if (taken.length > 0) throw new NightshiftError({ code: 'column-taken', what: 'The batch has columns that scores are written to', found: taken.join(', '), fix: 'rename them, or say --columns key', exitCode: ExitCode.usage });
  return { ...Object.fromEntries(brought.map((name) => [name, declared.get(name) ?? 'text'])), ...own };
}

function requireSame(now: Delivery['counts'], before: Delivery['counts']): void {
  if (now.read === before.read && now.rejected === before.rejected) return;
  throw new NightshiftError({ code: 'batch-changed', what: 'The batch changed while it was scored, so nothing is delivered', found: `${now.read} rows, ${now.rejected} rejected`, expected: `${before.read} rows, ${before.rejected} rejected, as at first`, fix: 'score it again, when whatever writes it is done' });
}

function unmadeReject({ batch, lines }: InputBatch, key: readonly string[], row: number): Reject {
  const value = key.map((name) => cellText(columnOf(batch, name), row)).join(', ');
  return { line: lines[row]!, row: null, column: key.join(', '), value, reason: UNMADE };
}

function picked({ columns }: ColumnBatch, rows: Int32Array): ColumnBatch {
  return { rows: rows.length, columns: new Map([...columns].map(([name, column]) => [name, pick(column, rows)])) };
}

function pick(column: Column, rows: Int32Array): Column {
  if (column.storage === 'text') return { ...column, codes: rows.map((row) => column.codes[row]!) };
  const { nulls } = column;
  return { storage: 'number', values: Float64Array.from(rows, (row) => column.values[row]!), nulls: nulls === undefined ? undefined : Uint8Array.from(rows, (row) => nulls[row]!) };
}

function withScores(batch: ColumnBatch, { from, brought, results, request }: Writing): ColumnBatch {
  const to = from + batch.rows;
  const constant = (value: string): Column => ({ storage: 'text', codes: new Int32Array(batch.rows), dictionary: [value] });
  const columns = new Map<string, Column>(brought.map((name) => [name, columnOf(batch, name)]));
  columns.set('score', numbers(results.score.subarray(from, to))).set('class', results.label(from, to));
  columns.set('run_id', constant(request.modelRun)).set('as_of', constant(request.asOf));
  for (const [name, column] of results.further(from, to)) columns.set(name, column);
  return { rows: batch.rows, columns };
}
