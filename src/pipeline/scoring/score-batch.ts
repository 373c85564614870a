import { join, relative } from 'node:path';
import type { BatchFile, InputBatch, Reject } from '../../batchfile/read.ts';
import type { BatchWriter } from '../../batchfile/write.ts';
import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import type { SqlType } from '../../dataset/sql-type.ts';
import type { Decision } from '../../evaluation/decision.ts';
import type { PredictionInterval } from '../../evaluation/interval.ts';
import { loadModel } from '../../model/folder.ts';
import type { FittedModel } from '../../model/family.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { readJsonFile } from '../../shared/files.ts';
import { Mask } from '../../shared/sensitive.ts';
import type { StepContext, Talk } from '../context.ts';
import { findScripts } from '../find.ts';
import { extractAside } from '../job/extract-aside.ts';
import { DECISION_FILE, INTERVAL_FILE } from '../job/model-files.ts';
import { type Predicted, numbers, resultColumns, scoresOf } from '../job/result-columns.ts';
import { cellText } from '../comparison/kept-test.ts';
import { columnOf, featureStorage } from '../job/streams.ts';
import { makersOf } from '../plan.ts';
import type { Project } from '../prepare.ts';
import { type BatchContract, batchContract, widerWarnings } from './batch-contract.ts';
import { type Beyond, BeyondContract } from './beyond.ts';
import { modelConfig } from './model-config.ts';
import { withScratch } from './scratch.ts';
import { ROW_NUMBER, type Staged, featuresOfBatch, stageBatch } from './stage.ts';
import { WHY, whyColumn, whyHighest } from './why.ts';

export interface ScoreRequest {
  readonly project: Project;
  readonly modelRun: string;
  readonly asOf: string;
  /** Opens the batch at its beginning; called twice, for the features and for the output. */
  readonly open: (contract: BatchContract) => Promise<BatchFile>;
  /** What the batch's columns were held as before it was written as text, where that is known. */
  readonly held: ReadonlyMap<string, SqlType>;
  /** Opens the output, once it is known that there is one. */
  readonly output: (columns: readonly string[]) => Promise<BatchWriter>;
  readonly reject: (rejects: readonly Reject[]) => Promise<void>;
  /** Every column of the batch, or its key alone. */
  readonly columns: 'all' | 'key';
  /** Of how many rows, those with the highest scores, the output says why. */
  readonly explain: number;
  /** The most that may be rejected, from 0 to 1. */
  readonly maxRejectShare: number;
  readonly talk: Talk;
}

export interface ScoreResult {
  readonly read: number;
  readonly scored: number;
  readonly rejected: number;
  readonly byReason: Readonly<Record<string, number>>;
  /** Rows whose key the history has, and which were scored as they were brought. */
  readonly known: number;
  /** What was taken though it is not as it should be, in words. */
  readonly warnings: readonly string[];
  /** What of the features is unlike anything that the model was trained on. */
  readonly beyond: readonly Beyond[];
}

/** Scores a batch by a model, its features made by the model's own SQL beside the history of the sources. */
export async function scoreBatch(request: ScoreRequest): Promise<ScoreResult> {
  const folder = join(request.project.places.models, request.modelRun);
  const model = await loadModel(folder);
  try {
    const config = modelConfig(folder, request.project);
    const contract = batchContract(config);
    return await withScratch({ ...request, places: request.project.places, makers: makersOf(request.project.plan), config }, (step) => scoreIn(step, request, { folder, model, contract }));
  } finally {
    model.dispose();
  }
}

interface Scorer {
  readonly folder: string;
  readonly model: FittedModel;
  readonly contract: BatchContract;
}

async function scoreIn(step: StepContext, request: ScoreRequest, scorer: Scorer): Promise<ScoreResult> {
  const file = await request.open(scorer.contract);
  const staged = await stageBatch(step, scorer.contract, accepted(file, request.reject));
  const made = await predict(step, staged, { ...scorer, explain: request.explain });
  const counts = countsOf(file, made);
  requireFew(counts, request.maxRejectShare);
  await deliver(request, scorer, { step, made });
  return { ...counts, known: staged.known, warnings: [...widerWarnings(scorer.contract, request.held), ...file.warnings], beyond: made.beyond };
}

async function* accepted(file: BatchFile, reject: ScoreRequest['reject']): AsyncIterable<ColumnBatch> {
  for await (const { batch, rejects } of file.batches()) {
    if (rejects.length > 0) await reject(rejects);
    if (batch.rows > 0) yield batch;
  }
}

/** What the model says of the rows that have features, and which those are. */
interface Made extends Predicted {
  /** For each row of the batch its place among the predictions; −1 where the SQL gave it no features. */
  readonly place: Int32Array;
  readonly unmade: number;
  readonly beyond: readonly Beyond[];
  /** Why the highest scores are what they are, by place. */
  readonly why: ReadonlyMap<number, string>;
}

async function predict(step: StepContext, staged: Staged, { folder, model, contract, explain }: Scorer & Pick<ScoreRequest, 'explain'>): Promise<Made> {
  const extract = step.run.makers['features'] ?? '';
  const own = join(folder, 'sql', extract);
  const warehouse = await step.warehouse();
  const scripts = findScripts(own, relative(step.run.places.state, own), warehouse.dialect.name);
  return extractAside(step, { scripts, prefix: 'batch_', window: staged.window, standIns: new Map([[contract.table, staged.standIn]]), config: step.config }, async () => {
    const sql = await featuresOfBatch(step, { contract, features: 'batch_features', columns: model.contract.features.map(({ name }) => name) });
    const outputs = Math.max(1, model.contract.classes.length);
    const place = new Int32Array(staged.rows).fill(-1);
    const predictions = new Float64Array(staged.rows * outputs);
    const contracted = new BeyondContract(folder, new Mask(step.config.sensitive, step.run.places.data));
    let rows = 0;
    for await (const batch of warehouse.stream(sql, { columns: { [ROW_NUMBER]: 'number', ...featureStorage(model.contract) } })) {
      const row = batch.columns.get(ROW_NUMBER);
      if (row?.storage !== 'number') throw new Error('the stream lacks the row numbers');
      predictions.set(await model.predict(batch), rows * outputs);
      row.values.forEach((number, i) => (place[number] = rows + i));
      contracted.look(batch);
      rows += batch.rows;
      step.progress(`${rows} of ${staged.rows} rows scored`);
    }
    const decision = (readJsonFile(join(folder, DECISION_FILE)) ?? null) as Decision | null;
    const interval = (readJsonFile(join(folder, INTERVAL_FILE)) ?? null) as PredictionInterval | null;
    const made = { rows, outputs, classes: model.contract.classes, predictions: predictions.subarray(0, rows * outputs), decision, interval, place, unmade: staged.rows - rows, beyond: contracted.found() };
    const scores = scoresOf(made.predictions, outputs);
    const why = explain === 0 ? [] : await whyHighest(step, { sql, model, folder, scores: Float64Array.from(place, (at) => scores[at] ?? Number.NEGATIVE_INFINITY), most: explain });
    return { ...made, why: new Map([...why].map(([row, words]) => [place[row]!, words])) };
  });
}

type Counts = Pick<ScoreResult, 'read' | 'scored' | 'rejected' | 'byReason'>;

/** The reason of a row for which the model's own SQL gives no features. */
const UNMADE = 'no-features';

function countsOf(file: BatchFile, { unmade, rows }: Made): Counts {
  const { read, rejected, byReason } = file.counts();
  return { read, scored: rows, rejected: rejected + unmade, byReason: unmade === 0 ? byReason : { ...byReason, [UNMADE]: unmade } };
}

function requireFew({ read, rejected, byReason }: Counts, most: number): void {
  if (read === 0 || rejected / read <= most) return;
  const reasons = Object.entries(byReason).map(([reason, count]) => `${count} ${reason}`).join(', ');
  throw new NightshiftError({
    code: 'too-many-rejects',
    what: 'Too many rows of the batch break the contract, so nothing is delivered',
    where: 'score.limits.max_reject_share in pipeline.yaml',
    found: `${rejected} of ${read} rows: ${reasons}`,
    expected: `at most ${(most * 100).toFixed(1)}%`,
    fix: 'see the rejects, mend the batch, or allow more',
    exitCode: ExitCode.checksFailed,
  });
}

/** Reads the batch once more and writes each row with what the model said of it, in its order. */
async function deliver(request: ScoreRequest, { contract }: Scorer, { step, made }: { step: StepContext; made: Made }): Promise<void> {
  const file = await request.open(contract);
  const results = resultColumns(step.config.task, made);
  const own = ['score', 'class', 'run_id', 'as_of', ...results.further(0, 0).keys(), ...(request.explain === 0 ? [] : [WHY])];
  const brought = request.columns === 'key' ? contract.key : file.header;
  const taken = own.filter((name) => brought.includes(name));
  if (taken.length > 0) throw new NightshiftError({ code: 'column-taken', what: 'The batch has columns that scores are written to', found: taken.join(', '), fix: 'rename them, or say --columns key', exitCode: ExitCode.usage });
  const writer = await request.output([...brought, ...own]);
  try {
    let from = 0;
    for await (const input of file.batches()) {
      const { batch, places, unmade } = kept(input, { place: made.place.subarray(from, from + input.batch.rows), key: contract.key });
      if (unmade.length > 0) await request.reject(unmade);
      from += input.batch.rows;
      if (batch.rows > 0) await writer.write(withScores(batch, places, { brought, results, request, why: made.why }));
    }
    await writer.finish();
  } catch (thrown) {
    await writer.abort();
    throw thrown;
  }
}

interface KeptRows {
  readonly batch: ColumnBatch;
  readonly places: Int32Array;
  readonly unmade: readonly Reject[];
}

/** The rows that have features; the others are rejects. */
function kept({ batch, lines }: InputBatch, { place, key }: { place: Int32Array; key: readonly string[] }): KeptRows {
  const all = Array.from(place.keys());
  const unmade = all.filter((row) => place[row]! < 0).map((row): Reject => ({ line: lines[row]!, row: null, column: key.join(', '), value: keyText(batch, key, row), reason: UNMADE }));
  if (unmade.length === 0) return { batch, places: place, unmade };
  const rows = Int32Array.from(all.filter((row) => place[row]! >= 0));
  return { batch: { rows: rows.length, columns: new Map([...batch.columns].map(([name, column]) => [name, pick(column, rows)])) }, places: place.filter((at) => at >= 0), unmade };
}

function keyText(batch: ColumnBatch, key: readonly string[], row: number): string {
  return key.map((name) => cellText(columnOf(batch, name), row)).join(', ');
}

function pick(column: Column, rows: Int32Array): Column {
  if (column.storage === 'text') return { ...column, codes: rows.map((row) => column.codes[row]!) };
  const { nulls } = column;
  return { storage: 'number', values: Float64Array.from(rows, (row) => column.values[row]!), nulls: nulls === undefined ? undefined : Uint8Array.from(rows, (row) => nulls[row]!) };
}

interface Written {
  readonly brought: readonly string[];
  readonly results: ReturnType<typeof resultColumns>;
  readonly request: ScoreRequest;
  readonly why: Made['why'];
}

function withScores(batch: ColumnBatch, places: Int32Array, { brought, results, request, why }: Written): ColumnBatch {
  // Predictions stand in the order of the batch, so that those of its rows are consecutive.
  const [from, to] = [places[0]!, places.at(-1)! + 1];
  const constant = (value: string): Column => ({ storage: 'text', codes: new Int32Array(batch.rows), dictionary: [value] });
  const columns = new Map<string, Column>(brought.map((name) => [name, batch.columns.get(name)!]));
  columns.set('score', numbers(results.score.slice(from, to))).set('class', results.label(from, to));
  columns.set('run_id', constant(request.modelRun)).set('as_of', constant(request.asOf));
  for (const [name, column] of results.further(from, to)) columns.set(name, column);
  if (request.explain > 0) columns.set(WHY, whyColumn(Array.from(places, (at) => why.get(at))));
  return { rows: batch.rows, columns };
}
