import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import { type Decision, decide } from '../../evaluation/decision.ts';
import type { PredictionInterval } from '../../evaluation/interval.ts';
import { descendingOrder } from '../../evaluation/order.ts';
import { loadModel, modelHash, requireModel } from '../../model/folder.ts';
import type { Config } from '../../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { readJsonFile } from '../../shared/files.ts';
import { canonicalJson } from '../../shared/hash.ts';
import type { SqlType, Warehouse } from '../../warehouse/warehouse.ts';
import { keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { type Script, findScripts } from '../find.ts';
import type { Evaluation } from './evaluate.ts';
import { extractAside } from './extract-aside.ts';
import { concatenate } from '../../dataset/floats.ts';
import { columnOf, featureStorage, storageOf, streamOf } from './streams.ts';
import { CONFIG_FILE, DECISION_FILE, INTERVAL_FILE } from './model-files.ts';

/** What 05-score leaves to the steps after it. */
export interface ScoringResult {
  /** The run whose model scored. */
  readonly modelRun: string;
  readonly family: string;
  readonly modelHash: string;
  readonly rows: number;
  /** The relation with the rows that were scored: `fresh`, or the champion's own extraction of them. */
  readonly relation: string;
  /** The columns of `staged`, in order. */
  readonly columns: readonly string[];
}

/** The rows of the fresh window as a champion's own SQL gives them. */
const CHAMPION_ROWS = 'champion_fresh';

/** Scores the fresh batch with the model that won and stages key, as-of date, run id, score, class and rank. */
export async function scoreFresh(step: StepContext): Promise<ScoringResult> {
  step.require('fresh');
  const evaluation = step.readResult('evaluation') as Evaluation;
  const { winner } = evaluation;
  if (winner === null) throw refusedWithoutChampion(evaluation);
  const folder = join(step.run.places.models, winner);
  const family = requireModel(folder);
  const scored = await step.timedResult('score fresh', () => scoreBy(step, folder));
  const types = await stagedTypes(step, scored);
  const warehouse = await step.warehouse();
  step.rows = scored.rows;
  const rows = await step.timed('staged', () => step.stamped('staged', () => warehouse.load('staged', types, once(staged(step, scored)))));
  return { modelRun: winner, family, modelHash: modelHash(folder), rows, relation: scored.relation, columns: Object.keys(types) };
}

function refusedWithoutChampion({ judgement }: Evaluation): NightshiftError {
  return new NightshiftError({
    code: 'refused-without-champion',
    what: 'The gates refuse the model, and there is no champion that could score instead',
    where: 'gates: in pipeline.yaml',
    found: judgement.gates.filter(({ outcome }) => outcome === 'fail').map(({ reason }) => reason).join('; '),
    expected: 'every gate passed',
    fix: 'see logs/04-evaluate.csv; nothing was published',
    exitCode: ExitCode.checksFailed,
  });
}

/** A model is scored with its own SQL: a champion's rows are extracted anew where tonight's SQL or configuration is another. */
async function scoreBy(step: StepContext, folder: string): Promise<Scored> {
  const extract = step.run.makers['features'] ?? '';
  const own = join(folder, 'sql', extract);
  const { dialect } = await step.warehouse();
  const scripts = findScripts(own, relative(step.run.places.state, own), dialect.name);
  const config = readJsonFile(join(folder, CONFIG_FILE)) as Config;
  const isTonights = folder === step.modelFolder || (texts(scripts) === texts(await step.scriptsOf(extract)) && canonicalJson([config.features, config.params]) === canonicalJson([step.config.features, step.config.params]));
  if (isTonights) return scoreWith(step, folder, { relation: 'fresh' });
  step.log({ event: 'champion’s own SQL', message: own });
  await step.attach();
  const { asOfDay, freshUntilDay } = step.run.windows;
  return extractAside(step, { scripts, prefix: 'champion_', window: { rowsFromDay: asOfDay, rowsUntilDay: freshUntilDay }, config }, async () => {
    await step.make(CHAMPION_ROWS, `SELECT * FROM ${dialect.identifier('champion_features')}`, own);
    return scoreWith(step, folder, { relation: CHAMPION_ROWS });
  });
}

function texts(scripts: readonly Script[]): string {
  return canonicalJson(scripts.map(({ name, text }) => [name, text]));
}

/** Keys and predictions of the fresh batch, in the order of time and key. */
interface Scored {
  readonly rows: number;
  readonly relation: string;
  readonly keys: readonly ColumnBatch[];
  readonly outputs: number;
  readonly classes: readonly string[];
  readonly predictions: Float64Array;
  readonly decision: Decision | null;
  /** Of a regression: how far around a prediction its label is expected, where the model says. */
  readonly interval: PredictionInterval | null;
}

async function scoreWith(step: StepContext, folder: string, { relation }: { relation: string }): Promise<Scored> {
  const model = await loadModel(folder);
  try {
    const warehouse = await step.warehouse();
    await checkContract(step, warehouse, { relation, needed: model.contract.features.map(({ name }) => name) });
    const keyed = await storageOf(warehouse, 'fresh', keyColumns(step.config));
    const keys: ColumnBatch[] = [];
    const predictions: Float64Array[] = [];
    const stream = streamOf(step, warehouse, { relation, columns: { ...featureStorage(model.contract), ...keyed } });
    for await (const batch of stream()) {
      keys.push({ rows: batch.rows, columns: new Map(Object.keys(keyed).map((name) => [name, columnOf(batch, name)])) });
      predictions.push(await model.predict(batch));
    }
    const file = join(folder, DECISION_FILE);
    const decision = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Decision | null) : null;
    const interval = (readJsonFile(join(folder, INTERVAL_FILE)) ?? null) as PredictionInterval | null;
    const { classes } = model.contract;
    return { rows: keys.reduce((rows, batch) => rows + batch.rows, 0), relation, keys, outputs: Math.max(1, classes.length), classes, predictions: concatenate(predictions), decision, interval };
  } finally {
    model.dispose();
  }
}

/** A champion that was trained on other columns cannot score tonight's rows; say so by name. */
async function checkContract(step: StepContext, warehouse: Warehouse, { relation, needed }: { relation: string; needed: readonly string[] }): Promise<void> {
  const found = (await warehouse.columns(`SELECT * FROM ${warehouse.dialect.identifier(relation)}`, relation)).map(({ name }) => name);
  const missing = needed.filter((name) => !found.includes(name));
  if (missing.length === 0) return;
  throw new NightshiftError({ code: 'contract-broken', what: 'The model that won needs columns that the fresh batch lacks', where: `steps/${step.run.step}`, found: found.join(', '), expected: missing.join(', ') });
}

async function stagedTypes(step: StepContext, { keys, classes, decision }: Scored): Promise<Readonly<Record<string, SqlType>>> {
  const first = keys[0];
  const declared = Object.assign({}, ...step.sources.map(({ types }) => types)) as Record<string, SqlType>;
  const keyed = keyColumns(step.config).map((name): [string, SqlType] => {
    const storage = first === undefined ? 'text' : columnOf(first, name).storage;
    const type = declared[name];
    if (storage === 'number') return [name, type === 'number' ? 'number' : 'integer'];
    return [name, type === 'date' || type === 'timestamp' ? type : 'text'];
  });
  const more = step.config.task === 'regression' ? ['low', 'high'] : classes;
  const perClass = more.map((name): [string, SqlType] => [`score_${name}`, 'number']);
  return { ...Object.fromEntries(keyed), as_of: 'text', run_id: 'text', score: 'number', class: decision === null ? 'text' : 'integer', rank: 'integer', ...Object.fromEntries(perClass) };
}

/** The staged rows: one batch for each batch of keys. */
function* staged(step: StepContext, scored: Scored): Iterable<ColumnBatch> {
  const { score, label, rank } = resultColumns(scored);
  let from = 0;
  for (const batch of scored.keys) {
    const to = from + batch.rows;
    const constant = (value: string): Column => ({ storage: 'text', codes: new Int32Array(batch.rows), dictionary: [value] });
    const columns = new Map(batch.columns);
    columns.set('as_of', constant(step.run.windows.asOf)).set('run_id', constant(step.run.runId));
    columns.set('score', numbers(score.subarray(from, to))).set('class', label(from, to)).set('rank', numbers(Float64Array.from(rank.subarray(from, to))));
    scored.classes.forEach((name, k) => columns.set(`score_${name}`, numbers(Float64Array.from({ length: batch.rows }, (_, row) => scored.predictions[(from + row) * scored.outputs + k] ?? Number.NaN))));
    if (step.config.task === 'regression') for (const [name, sign] of [['score_low', -1], ['score_high', 1]] as const) columns.set(name, bound(score.subarray(from, to), sign, scored.interval));
    yield { rows: batch.rows, columns };
    from = to;
  }
}

interface ResultColumns {
  readonly score: Float64Array;
  readonly label: (from: number, to: number) => Column;
  readonly rank: Int32Array;
}

/** Binary: the probability, the decision's class, the rank. Multiclass: the winning class and its probability. Regression: the prediction, no class. */
function resultColumns({ rows, outputs, classes, predictions, decision }: Scored): ResultColumns {
  if (decision !== null) {
    const decided = decide(decision, predictions);
    return { score: predictions, rank: decided.rank, label: (from, to) => numbers(Float64Array.from(decided.class.subarray(from, to))) };
  }
  const best = Int32Array.from({ length: rows }, (_, row) => indexOfHighest(predictions.subarray(row * outputs, (row + 1) * outputs)));
  const score = Float64Array.from(best, (k, row) => predictions[row * outputs + k] ?? Number.NaN);
  const rank = new Int32Array(rows);
  descendingOrder(score).forEach((row, place) => {
    rank[row] = place + 1;
  });
  const codes = classes.length > 0 ? best : new Int32Array(rows).fill(-1);
  return { score, rank, label: (from, to) => ({ storage: 'text', codes: codes.slice(from, to), dictionary: classes }) };
}

/** One end of the interval around each score; missing where the model knows none. */
function bound(score: Float64Array, sign: number, interval: PredictionInterval | null): Column {
  if (interval === null) return { storage: 'number', values: new Float64Array(score.length).fill(Number.NaN), nulls: new Uint8Array(score.length).fill(1) };
  return numbers(score.map((value) => value + sign * interval.margin));
}

function indexOfHighest(values: Float64Array): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? Number.NEGATIVE_INFINITY) ? i : best), 0);
}

function numbers(values: Float64Array): Column {
  return { storage: 'number', values, nulls: undefined };
}

async function* once(batches: Iterable<ColumnBatch>): AsyncIterable<ColumnBatch> {
  yield* batches;
}
