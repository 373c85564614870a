import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnBatch, TextColumn } from '../../dataset/batch.ts';
import { concatenate } from '../../dataset/floats.ts';
import { baselineData, baselineOf } from '../../evaluation/baseline.ts';
import { type Decision, decide } from '../../evaluation/decision.ts';
import type { PredictionInterval } from '../../evaluation/interval.ts';
import type { Opponent } from '../../evaluation/opponent.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import { loadModel } from '../../model/folder.ts';
import type { FittedModel } from '../../model/family.ts';
import { predictRows } from '../../model/predict-rows.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { readJsonFile } from '../../shared/files.ts';
import { dayColumn, keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { recurringEntities } from './entities.ts';
import { DECISION_FILE, INTERVAL_FILE } from './model-files.ts';
import { withOwnRows } from './own-rows.ts';
import { RuleColumn } from './rule-column.ts';
import { SliceColumn } from './slice-column.ts';
import { columnOf, featureStorage, labelStorage, numbersOf, storageOf, streamOf } from './streams.ts';
import { knownClasses, leftOut } from './test-classes.ts';
import type { ModelResult } from './train.ts';

/** Whatever is measured on the test batch: the candidate, and what it is held against. */
export type TestedModel = 'candidate' | Opponent;

/** Labels and predictions of the test batch's rows, in the order of time and key. */
export interface Tested {
  readonly candidate: EvaluationData;
  readonly opponents: ReadonlyMap<Opponent, EvaluationData>;
  /** Opponents that there are not tonight, and why. */
  readonly absent: ReadonlyMap<Opponent, string>;
  /** For each row the number of its entity, where entities recur. */
  readonly clusters: Int32Array | undefined;
  /** The day of each row, where rows have a time. */
  readonly days: Float64Array | undefined;
  /** The values of each slice column. */
  readonly slices: ReadonlyMap<string, TextColumn>;
  /** The key of each row, batch by batch. */
  readonly keys: readonly ColumnBatch[];
}

/** Lets every model predict the test batch. */
export async function testModels(step: StepContext, result: ModelResult): Promise<Tested> {
  const candidate = await loadModel(result.folder);
  await leftOut(step, candidate.contract);
  const slices = new Map(step.config.slices.map((name) => [name, new SliceColumn(name)]));
  const keyed = await storageOf(await step.warehouse(), 'test', keyColumns(step.config));
  const entities = await recurringEntities(step, await step.warehouse(), 'test');
  const clusters: Float64Array[] = [];
  const rule = new RuleColumn(step.config.rule, candidate.contract);
  const day = step.config.time === undefined ? undefined : dayColumn(step.config.time);
  const days: Float64Array[] = [];
  const keys: ColumnBatch[] = [];
  const watch = (batch: ColumnBatch): void => {
    slices.forEach((slice) => slice.add(batch));
    rule.add(batch);
    if (entities !== undefined) clusters.push(entities.groups(batch));
    if (day !== undefined) days.push(numbersOf(batch, day));
    keys.push({ rows: batch.rows, columns: new Map(Object.keys(keyed).map((name) => [name, columnOf(batch, name)])) });
  };
  const more = { ...(day === undefined ? {} : { [day]: 'number' as const }), ...entities?.storage, ...rule.storage, ...Object.fromEntries(step.config.slices.map((name) => [name, 'text' as const])), ...keyed };
  const data = await predicted(step, { folder: result.folder, model: candidate, relation: 'test', more, watch });
  return { candidate: data, clusters: entities === undefined ? undefined : Int32Array.from(concatenate(clusters)), days: day === undefined ? undefined : concatenate(days), ...(await opponentsOf(step, result, { data, rule })), slices: new Map([...slices].map(([name, slice]) => [name, slice.column()])), keys };
}

async function opponentsOf(step: StepContext, result: ModelResult, { data, rule }: { data: EvaluationData; rule: RuleColumn }): Promise<Pick<Tested, 'opponents' | 'absent'>> {
  const opponents = new Map<Opponent, EvaluationData>();
  const absent = new Map<Opponent, string>();
  opponents.set('baseline', baselineData(baselineOf(result.labels), data));
  opponents.set('linear', result.linear === result.folder ? data : await predicted(step, { folder: result.linear, model: await loadModel(result.linear), relation: 'test' }));
  const ruled = rule.predictions();
  if (ruled === undefined) absent.set('rule', 'rule: in pipeline.yaml names no column');
  else opponents.set('rule', { labels: data.labels, ...ruled, classes: data.classes, cost: data.cost });
  for (const [opponent, runId] of [['champion', step.run.champion], ['reference', step.config.reference ?? null]] as const) {
    const found = await earlier(step, { opponent, runId, candidate: data });
    if (typeof found === 'string') absent.set(opponent, found);
    else opponents.set(opponent, found);
  }
  return { opponents, absent };
}

interface Prediction {
  readonly folder: string;
  readonly model: FittedModel;
  readonly relation: string;
  /** Further columns of the relation, for `watch`. */
  readonly more?: Readonly<Record<string, 'text' | 'number'>>;
  readonly watch?: (batch: ColumnBatch) => void;
}

async function predicted(step: StepContext, { folder, model, relation, more = {}, watch }: Prediction): Promise<EvaluationData> {
  const warehouse = await step.warehouse();
  const columns = { ...more, ...featureStorage(model.contract), ...labelStorage(model.contract) };
  try {
    const { labels, predictions } = await predictRows(model, streamOf(step, warehouse, { relation, columns, where: knownClasses(warehouse, model.contract) }), watch);
    const decision = (readJsonFile(join(folder, DECISION_FILE)) ?? null) as Decision | null;
    const interval = (readJsonFile(join(folder, INTERVAL_FILE)) ?? null) as PredictionInterval | null;
    return { labels, predictions, decided: decision === null ? undefined : decide(decision, predictions).class, classes: model.contract.classes, cost: costsOf(step), margin: interval?.margin };
  } finally {
    model.dispose();
  }
}

function costsOf({ config: { decision } }: StepContext): EvaluationData['cost'] {
  return decision !== undefined && 'cost' in decision ? decision.cost : undefined;
}

interface Earlier {
  readonly opponent: 'champion' | 'reference';
  readonly runId: string | null;
  readonly candidate: EvaluationData;
}

/** An earlier model, with its own SQL and encoder, on tonight's rows; or why there is none, or it cannot be held against the candidate. */
async function earlier(step: StepContext, { opponent, runId, candidate }: Earlier): Promise<EvaluationData | string> {
  if (runId === null) return opponent === 'champion' ? 'no model was published before this as-of date' : 'reference: in pipeline.yaml names no run';
  const folder = join(step.run.places.models, runId);
  const cannot = (why: string): string => {
    step.log({ event: opponent, status: 'warn', message: `the ${opponent} ${runId} is not held against the candidate: ${why}`, show: true });
    return why;
  };
  if (!existsSync(folder)) return cannot(`its model is gone from ${folder}`);
  try {
    const model = await loadModel(folder);
    const data = await withOwnRows(step, { folder, batch: 'test' }, (relation) => predicted(step, { folder, model, relation }));
    return isSame(data, candidate) ? data : cannot(`of ${candidate.labels.length} rows its own SQL and classes give ${data.labels.length}, or other labels`);
  } catch (thrown) {
    if (thrown instanceof NightshiftError && ITS_OWN.includes(thrown.code)) return cannot(thrown.message);
    throw thrown;
  }
}

/** What may be wrong with an earlier model alone, and no fault of the night. */
const ITS_OWN = ['sql-invalid', 'template-invalid', 'name-unknown', 'script-circle', 'contract-broken', 'model-altered', 'model-missing'];

function isSame(a: EvaluationData, b: EvaluationData): boolean {
  return a.labels.length === b.labels.length && a.labels.every((label, row) => label === b.labels[row]) && (a.classes ?? []).join('\u0000') === (b.classes ?? []).join('\u0000');
}
