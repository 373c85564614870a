import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BatchSource } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { type Decision, settleDecision } from '../../evaluation/decision.ts';
import { type LabelSummary, baselineOf, summariseLabels } from '../../evaluation/baseline.ts';
import { type PredictionInterval, settleInterval } from '../../evaluation/interval.ts';
import { calibrate } from '../../model/calibrated.ts';
import type { FitInput, FittedModel, FitProgress, Grouping, HeldOut } from '../../model/family.ts';
import { familyOf } from '../../model/families.ts';
import { modelHash, saveModel } from '../../model/folder.ts';
import { labelsOf } from '../../model/labels.ts';
import { makeFolder } from '../../shared/files.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { decidingConfig } from '../../shared/config/deciding.ts';
import { dayColumn } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { type Choice, earlierChoice } from './choice.ts';
import { type Entities, entitiesOf } from './entities.ts';
import { modelProfile } from './drift.ts';
import { CONTRACT_RESULT } from './feature-contract.ts';
import { CHOICE_FILE, CONFIG_FILE, DECISION_FILE, FEATURES_FILE, INTERVAL_FILE, PROFILE_FILE } from './model-files.ts';
import { concatenate } from '../../dataset/floats.ts';
import { predictRows } from '../../model/predict-rows.ts';
import { StreamMeter, featureStorage, labelStorage, numbersOf, remembered, streamOf } from './streams.ts';
import { type Weights, weightStorage, weightsOf } from './weights.ts';

/** What 03-train leaves to the steps after it. */
export interface ModelResult {
  readonly folder: string;
  readonly hash: string;
  readonly family: string;
  /** The linear model beside it, in the run's working folder; the model itself where that is linear. */
  readonly linear: string;
  readonly labels: LabelSummary;
}

/** Trains the configured family and, to hold it against, the linear one; settles the decision; saves the model whole. */
export async function trainModel(step: StepContext): Promise<ModelResult> {
  step.require('train');
  const warehouse = await step.warehouse();
  const contract = await contractOf(step, warehouse);
  const labels = await labelSummary(step, warehouse, contract);
  const weights = await weightsOf(step, warehouse, { contract, labels });
  const entities = await entitiesOf(step, warehouse);
  const folds = foldsOf(step, warehouse, { contract, entities });
  const { family, options, budget } = step.config.model;
  const choice = earlierChoice(step);
  if (choice.recipe !== undefined) step.log({ event: 'choice', message: `what run ${choice.run} chose on ${choice.as_of} is trained again`, show: true });
  const trained = await fit(step, { family, options, contract, folds, entities, weigh: weights.all, budget, recipe: choice.recipe });
  step.rows = labelRows(labels);
  try {
    await keep(step, { trained, weights, folds, labels, choice });
    // Its rows weigh as they do for the candidate; classes do not, since its probabilities are used as they come.
    const onTheWay = weights.factors === undefined ? trained.linear : undefined;
    const alone = (): Promise<FittedModel> => fit(step, { family: 'linear', options: {}, contract, folds, entities, weigh: weights.rows });
    const linear = family === 'linear' ? step.modelFolder : await keepLinear(step, onTheWay ?? (await alone()));
    return { folder: step.modelFolder, hash: modelHash(step.modelFolder), family, linear, labels };
  } finally {
    trained.dispose();
  }
}

interface Kept {
  readonly trained: FittedModel;
  readonly weights: Weights;
  readonly folds: Folds;
  readonly labels: LabelSummary;
  readonly choice: Choice;
}

/** Saves the model, whole, with what was settled by rows that it had not seen. */
async function keep(step: StepContext, { trained, weights, folds, labels, choice }: Kept): Promise<void> {
  const candidate = await corrected(trained, weights, { folds, labels });
  const held = candidate.held ?? (await predictRows(candidate, folds.validation));
  const profile = await modelProfile(step, { contract: candidate.contract, rows: bothOf(folds), predictions: held.predictions });
  const extra = { [PROFILE_FILE]: json(profile), [DECISION_FILE]: json(decisionOf(step, held)), [INTERVAL_FILE]: json(intervalOf(step, held)), [CONFIG_FILE]: json(decidingConfig(step.config)), [CHOICE_FILE]: json({ run: choice.run, as_of: choice.as_of }), ...featuresFile(step), ...(await sqlFiles(step)) };
  await saveModel(step.modelFolder, candidate, extra);
}

/** Several families read the same rows: what is within this is read once. A million rows of thirty columns are. */
const REMEMBERED_BYTES = 256 * 2 ** 20;

interface Folds {
  readonly train: BatchSource;
  readonly validation: BatchSource;
}

function bothOf({ train, validation }: Folds): BatchSource {
  return async function* () {
    yield* train();
    yield* validation();
  };
}

async function contractOf(step: StepContext, warehouse: Warehouse): Promise<Contract> {
  const { features, label, task } = step.config;
  const named = [...features.number.map((name) => ({ name, kind: 'number' as const })), ...features.category.map((name) => ({ name, kind: 'category' as const }))];
  const { identifier } = warehouse.dialect;
  const classes = task === 'multiclass' ? await warehouse.rows(`SELECT DISTINCT CAST(${identifier(label.column)} AS TEXT) AS class FROM ${identifier('train')} ORDER BY 1`) : [];
  return { task, features: named, label: label.column, classes: classes.map((row) => String(row['class'])) };
}

function foldsOf(step: StepContext, warehouse: Warehouse, { contract, entities }: { contract: Contract; entities: Entities }): Folds {
  const day = step.config.time === undefined ? {} : { [dayColumn(step.config.time)]: 'number' as const };
  const columns = { ...day, ...entities.storage, ...featureStorage(contract), ...labelStorage(contract), ...weightStorage(step) };
  const fold = warehouse.dialect.identifier('fold');
  const of = (name: string): BatchSource => remembered(streamOf(step, warehouse, { relation: 'train', columns, where: `${fold} = ${warehouse.dialect.literal(name)}` }), REMEMBERED_BYTES);
  return { train: of('fit'), validation: of('validation') };
}

interface Fit extends Pick<FitInput, 'weigh' | 'budget' | 'recipe'> {
  readonly family: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly contract: Contract;
  readonly folds: Folds;
  readonly entities: Entities;
}

async function fit(step: StepContext, { family: name, options, contract, folds, entities, ...rest }: Fit): Promise<FittedModel> {
  const family = await familyOf(name);
  const start = performance.now();
  step.progress(`${name}: reading rows`);
  const meter = new StreamMeter();
  const model = await family.fit({
    ...rest,
    contract,
    train: meter.over(folds.train),
    validation: meter.over(folds.validation),
    options: family.parseOptions(options),
    backend: step.run.backend,
    independent: entities.independent,
    groups: entities.groups,
    days: daysOf(step, entities),
    seed: step.config.seed,
    progress: (at) => step.progress(`${name}: ${shown(at)}`),
    tell: (line) => step.log({ event: `plan ${name}`, message: line, show: true }),
  });
  const { rows, unit, rounds, bestRound, backend, notes, parameters } = model.summary;
  step.log({ event: `read rows for ${name}`, rows: meter.rows, seconds: meter.seconds, message: 'part of the fit' });
  const kept = unit === 'training' ? `${bestRound} of ${rounds} trainings kept` : `best of ${rounds} ${unit}s: ${bestRound}`;
  step.log({ event: `fit ${name}`, rows, seconds: (performance.now() - start) / 1000, message: `${backend}, ${parameters} parameters, ${kept}` });
  for (const note of notes) step.log({ event: `note ${name}`, message: note });
  return model;
}

function daysOf({ config: { time } }: StepContext, { independent }: Entities): Grouping | undefined {
  return independent || time === undefined ? undefined : (batch) => numbersOf(batch, dayColumn(time));
}

/** Class weights are taken out of the probabilities again. */
async function corrected(model: FittedModel, { factors }: Weights, { folds, labels }: { folds: Folds; labels: LabelSummary }): Promise<FittedModel> {
  if (factors === undefined) return model;
  return calibrate(model, { factors, prior: baselineOf(labels).outputs, held: model.held ?? (await predictRows(model, folds.validation)) });
}

function shown({ part, unit, round, rounds, rowsPerSecond, secondsLeft, validationLoss }: FitProgress): string {
  const which = part === undefined ? '' : `${part}, `;
  return `${which}${unit} ${round} of ${rounds}, ${Math.round(rowsPerSecond).toLocaleString('en')} rows/s, ${secondsLeft.toFixed(0)} s left at most, held-out loss ${Number.isFinite(validationLoss) ? validationLoss.toFixed(4) : 'not measured yet'}`;
}

/** Saves the linear model that the candidate is held against. */
async function keepLinear(step: StepContext, linear: FittedModel): Promise<string> {
  const folder = join(step.work, 'linear');
  rmSync(folder, { recursive: true, force: true });
  makeFolder(step.work);
  await saveModel(folder, linear, {});
  return folder;
}

function decisionOf(step: StepContext, { labels, predictions }: HeldOut): Decision | null {
  return step.config.task === 'binary' ? settleDecision(step.config.decision, { labels, scores: predictions }) : null;
}

function intervalOf(step: StepContext, { labels, predictions }: HeldOut): PredictionInterval | null {
  return step.config.task === 'regression' ? settleInterval({ labels, scores: predictions }, step.config.metrics.level) : null;
}

/** Of all training rows, those held out among them: what the naive baseline predicts. */
async function labelSummary(step: StepContext, warehouse: Warehouse, contract: Contract): Promise<LabelSummary> {
  const stream = streamOf(step, warehouse, { relation: 'train', columns: labelStorage(contract) });
  const labels: Float64Array[] = [];
  for await (const batch of stream()) labels.push(labelsOf(contract, batch));
  return summariseLabels(contract.task, concatenate(labels), contract.classes.length);
}

function labelRows(summary: LabelSummary): number {
  return summary.task === 'multiclass' ? summary.counts.reduce((sum, count) => sum + count, 0) : summary.rows;
}

/** The texts of the scripts that made its rows, under the relations' names also where an override was run: the model is scored with its own. */
async function sqlFiles(step: StepContext): Promise<Record<string, string>> {
  const maker = step.run.makers['features'] ?? '';
  return Object.fromEntries((await step.scriptsOf(maker)).map(({ name, text }) => [`sql/${maker}/${name}.sql`, text]));
}

/** The feature contract of the run, in a project whose steps write one. */
function featuresFile(step: StepContext): Record<string, string> {
  return step.run.makers[CONTRACT_RESULT] === undefined ? {} : { [FEATURES_FILE]: json(step.readResult(CONTRACT_RESULT)) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
