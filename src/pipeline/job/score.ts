import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import type { Decision } from '../../evaluation/decision.ts';
import type { FeatureDrift } from '../../evaluation/drift.ts';
import type { PredictionInterval } from '../../evaluation/interval.ts';
import { loadModel, modelHash, requireModel } from '../../model/folder.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { readJsonFile } from '../../shared/files.ts';
import type { SqlType, Warehouse } from '../../warehouse/warehouse.ts';
import { keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';
import type { Evaluation } from './evaluate.ts';
import { concatenate } from '../../dataset/floats.ts';
import { columnOf, featureStorage, keyTypes, storageOf, streamOf } from './streams.ts';
import { DECISION_FILE, INTERVAL_FILE } from './model-files.ts';
import { keepScored } from './keep-batches.ts';
import { measureDrift, requireNoBlock } from './drift.ts';
import { type Predicted, numbers, resultColumns, scoresOf } from './result-columns.ts';
import { withOwnRows } from './own-rows.ts';

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
  /** How far what was scored has moved from what the model was trained on. */
  readonly drift: readonly FeatureDrift[];
}

/** Scores the fresh batch with the model that won and stages key, as-of date, run id, score, class and rank. */
export async function scoreFresh(step: StepContext): Promise<ScoringResult> {
  step.require('fresh');
  const winner = step.run.scorer ?? winnerOf(step.readResult('evaluation') as Evaluation);
  const folder = join(step.run.places.models, winner);
  const family = requireModel(folder);
  const scored = await step.timedResult('score fresh', () => withOwnRows(step, { folder, batch: 'fresh' }, (relation) => scoreWith(step, folder, { relation })));
  const types = stagedTypes(step, scored);
  const warehouse = await step.warehouse();
  step.rows = scored.rows;
  const rows = await step.timed('staged', () => step.stamped('staged', () => warehouse.load('staged', types, once(staged(step, scored)))));
  await keepScored(step, scored.relation);
  requireNoBlock(scored.drift, step.config.drift.block);
  return { modelRun: winner, family, modelHash: modelHash(folder), rows, relation: scored.relation, columns: Object.keys(types), drift: scored.drift };
}

function winnerOf(evaluation: Evaluation): string {
  if (evaluation.winner === null) throw refusedWithoutChampion(evaluation);
  return evaluation.winner;
}

function refusedWithoutChampion({ judgement }: Evaluation): NightshiftError {
  return new NightshiftError({
    code: 'refused-without-champion',
    what: 'The gates refuse the model, and there is no champion that could score instead',
    where: 'gates: in pipeline.yaml',
    found: judgement.gates.filter(({ blocks }) => blocks).map(({ reason }) => reason).join('; '),
    expected: 'every gate passed',
    fix: 'see logs/04-evaluate.csv; nothing was published',
    exitCode: ExitCode.checksFailed,
  });
}

/** Keys and predictions of the fresh batch, in the order of time and key. */
interface Scored extends Predicted {
  readonly relation: string;
  readonly keys: readonly ColumnBatch[];
  readonly drift: readonly FeatureDrift[];
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
    const all = concatenate(predictions);
    const drift = await measureDrift(step, { folder, contract: model.contract, relation, scores: scoresOf(all, classes.length) });
    return { rows: keys.reduce((rows, batch) => rows + batch.rows, 0), relation, keys, outputs: Math.max(1, classes.length), classes, predictions: all, decision, interval, drift };
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

function stagedTypes(step: StepContext, { keys, classes, decision }: Scored): Readonly<Record<string, SqlType>> {
  const more = step.config.task === 'regression' ? ['low', 'high'] : classes;
  const perClass = more.map((name): [string, SqlType] => [`score_${name}`, 'number']);
  return { ...keyTypes(step, keys[0]), as_of: 'text', run_id: 'text', score: 'number', class: decision === null ? 'text' : 'integer', rank: 'integer', ...Object.fromEntries(perClass) };
}

/** The staged rows: one batch for each batch of keys. */
function* staged(step: StepContext, scored: Scored): Iterable<ColumnBatch> {
  const { score, label, rank, further } = resultColumns(step.config.task, scored);
  const ranks = rank();
  let from = 0;
  for (const batch of scored.keys) {
    const to = from + batch.rows;
    const constant = (value: string): Column => ({ storage: 'text', codes: new Int32Array(batch.rows), dictionary: [value] });
    const columns = new Map(batch.columns);
    columns.set('as_of', constant(step.run.windows.asOf)).set('run_id', constant(step.run.runId));
    columns.set('score', numbers(score.subarray(from, to))).set('class', label(from, to)).set('rank', numbers(Float64Array.from(ranks.subarray(from, to))));
    for (const [name, column] of further(from, to)) columns.set(name, column);
    yield { rows: batch.rows, columns };
    from = to;
  }
}

async function* once(batches: Iterable<ColumnBatch>): AsyncIterable<ColumnBatch> {
  yield* batches;
}
