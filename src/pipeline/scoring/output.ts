import type { Writable } from 'node:stream';
import { readKept } from '../../batchfile/kept-file.ts';
import type { BatchFormat, RowCounts } from '../../batchfile/read.ts';
import type { BatchWriter } from '../../batchfile/write.ts';
import { openKeptRowsWriter } from '../../batchfile/write-kept.ts';
import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import type { Contract, Task } from '../../dataset/contract.ts';
import { pickRows } from '../../dataset/pick.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import type { SqlType } from '../../warehouse/warehouse.ts';
import { type ResultColumns, numbers, resultColumns } from '../job/result-columns.ts';
import { columnOf } from '../job/streams.ts';
import { Pace } from './pace.ts';
import type { Made, Scorer } from './predict.ts';
import type { ScoreRequest } from './score-batch.ts';
import { typedColumn } from './stage.ts';
import { WHY, whyColumn } from './why.ts';

/** Where scores go: to text, for which rows are kept while they are read, or to a table of columns, for which they are read once more. */
export type ScoreOutput =
  | { readonly format: BatchFormat; readonly output: Writable | string }
  | { readonly table: (columns: Readonly<Record<string, SqlType>>) => Promise<BatchWriter> };

export interface Scored {
  readonly made: Made;
  readonly task: Task;
  /** Columns of the batch that stand before the scores. */
  readonly brought: readonly string[];
  /** The file of kept rows. */
  readonly kept: string;
  /** What the first reading found; a second has to find the same. */
  readonly counts: RowCounts;
}

/** Writes each row with what the model said of it, in the batch's order. */
export async function writeOutput(request: ScoreRequest, scorer: Scorer, scored: Scored): Promise<void> {
  const scores = new Scores(request, scored);
  const { output } = request;
  if ('table' in output) await writeTable(output.table, { request, scorer, scored, scores });
  else await writeText(output, { scorer, scored, scores });
}

interface Writing {
  readonly request: ScoreRequest;
  readonly scorer: Scorer;
  readonly scored: Scored;
  readonly scores: Scores;
}

async function writeText(output: { readonly format: BatchFormat; readonly output: Writable | string }, { scorer, scored, scores }: Omit<Writing, 'request'>): Promise<void> {
  const writer = await openKeptRowsWriter({ ...output, kept: scored.brought, further: Object.keys(scores.types) });
  await whole(writer, async () => {
    let from = 0;
    for await (const rows of readKept(scored.kept)) {
      const to = from + rows.ends.length;
      await writer.write(rows, scores.columns(from, to), scored.made.isMade.subarray(from, to));
      from = to;
      await scores.went(to, scorer);
    }
  });
}

async function writeTable(open: (columns: Readonly<Record<string, SqlType>>) => Promise<BatchWriter>, { request, scorer, scored, scores }: Writing): Promise<void> {
  const { brought, made, counts } = scored;
  const file = await request.open(scorer.contract);
  const declared = new Map(scorer.contract.columns.map(({ name, type }) => [name, type]));
  const types = Object.fromEntries(brought.map((name) => [name, declared.get(name) ?? 'text']));
  const writer = await open({ ...types, ...scores.types });
  await whole(writer, async () => {
    let from = 0;
    for await (const { batch } of file.batches()) {
      const to = from + batch.rows;
      if (to > made.rows) throw changed(file.counts(), counts);
      const columns = new Map(brought.map((name): [string, Column] => [name, typedColumn(columnOf(batch, name), types[name]!)]));
      const whole = { rows: batch.rows, columns: new Map([...columns, ...scores.columns(from, to).columns]) };
      await writer.write(picked(whole, made.isMade.subarray(from, to)));
      from = to;
      await scores.went(to, scorer);
    }
    const now = file.counts();
    if (now.read !== counts.read || now.rejected !== counts.rejected) throw changed(now, counts);
  }).finally(() => file.close());
}

/** Complete or absent. */
async function whole(writer: { finish(): Promise<unknown>; abort(): Promise<void> }, write: () => Promise<void>): Promise<void> {
  try {
    await write();
    await writer.finish();
  } catch (thrown) {
    await writer.abort();
    throw thrown;
  }
}

/** The columns that scores add to a batch. */
class Scores {
  readonly types: Readonly<Record<string, SqlType>>;
  readonly #request: ScoreRequest;
  readonly #made: Made;
  readonly #results: ResultColumns;
  readonly #pace: Pace;

  constructor(request: ScoreRequest, { made, task }: Scored) {
    this.#request = request;
    this.#made = made;
    this.#results = resultColumns(task, made);
    this.#pace = new Pace('written', made.rows);
    const further = [...this.#results.further(0, 0).keys()].map((name): [string, SqlType] => [name, 'number']);
    this.types = { score: 'number', class: made.decision === null ? 'text' : 'integer', run_id: 'text', as_of: 'text', ...Object.fromEntries(further), ...(request.explain > 0 ? { [WHY]: 'text' } : {}) };
  }

  columns(from: number, to: number): ColumnBatch {
    const constant = (value: string): Column => ({ storage: 'text', codes: new Int32Array(to - from), dictionary: [value] });
    const columns = new Map<string, Column>([['score', numbers(this.#results.score.subarray(from, to))], ['class', this.#results.label(from, to)]]);
    columns.set('run_id', constant(this.#request.modelRun)).set('as_of', constant(this.#request.asOf));
    for (const [name, column] of this.#results.further(from, to)) columns.set(name, column);
    if (this.#request.explain > 0) columns.set(WHY, whyColumn(Array.from({ length: to - from }, (_, i) => this.#made.why.get(from + i))));
    return { rows: to - from, columns };
  }

  async went(rows: number, { check }: Scorer): Promise<void> {
    this.#request.talk.progress(this.#pace.text(rows, rows / this.#made.rows));
    await check();
  }
}

/** Throws `column-taken` where columns of the batch have the names of those that scores are written to. */
export function assertFree(brought: readonly string[], { task, classes }: Contract, { explain }: Pick<ScoreRequest, 'explain'>): void {
  const none = { rows: 0, outputs: 1, classes, predictions: new Float64Array(0), decision: null, interval: null };
  const own = ['score', 'class', 'run_id', 'as_of', ...resultColumns(task, none).further(0, 0).keys(), ...(explain > 0 ? [WHY] : [])];
  const taken = own.filter((name) => brought.some((one) => one.toLowerCase() === name.toLowerCase()));
  if (taken.length === 0) return;
  throw new NightshiftError({ code: 'column-taken', what: 'The batch has columns that scores are written to', found: taken.join(', '), fix: 'rename them, or leave them out, since a label is not needed; where the batch brings its key, --columns key writes that alone', exitCode: ExitCode.usage });
}

function changed(now: RowCounts, before: RowCounts): NightshiftError {
  return new NightshiftError({ code: 'batch-changed', what: 'The batch changed while it was scored, so nothing is delivered', found: `${now.read} rows, ${now.rejected} rejected`, expected: `${before.read} rows, ${before.rejected} rejected, as at first`, fix: 'score it again, when whatever writes it is done' });
}

/** The rows that are wanted. */
function picked(batch: ColumnBatch, isWanted: Uint8Array): ColumnBatch {
  if (!isWanted.includes(0)) return batch;
  const rows = Int32Array.from(isWanted.keys()).filter((row) => isWanted[row] === 1);
  return pickRows(batch, rows);
}
