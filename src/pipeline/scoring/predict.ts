import { join, relative } from 'node:path';
import type { ColumnBatch } from '../../dataset/batch.ts';
import type { Decision } from '../../evaluation/decision.ts';
import type { PredictionInterval } from '../../evaluation/interval.ts';
import type { FittedModel } from '../../model/family.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { readJsonFile } from '../../shared/files.ts';
import { Mask } from '../../shared/sensitive.ts';
import type { StepContext } from '../context.ts';
import { findScripts } from '../find.ts';
import { extractAside } from '../job/extract-aside.ts';
import { DECISION_FILE, INTERVAL_FILE } from '../job/model-files.ts';
import { type Predicted, scoresOf } from '../job/result-columns.ts';
import { featureStorage } from '../job/streams.ts';
import type { BatchContract } from './batch-contract.ts';
import { type Beyond, BeyondContract } from './beyond.ts';
import type { Phases } from './phases.ts';
import { Pace } from './pace.ts';
import { ROW_NUMBER, type Staged, featuresOfBatch, keysOf } from './stage.ts';
import { whyHighest } from './why.ts';

/** What scores a batch, and how it is going. */
export interface Scorer {
  readonly folder: string;
  readonly model: FittedModel;
  readonly contract: BatchContract;
  readonly phases: Phases;
  /** Throws `interrupted` where somebody asked for it. */
  readonly check: () => Promise<void>;
}

/** What the model says of the batch's rows, by their numbers; of those without features it says −∞, which nobody is shown. */
export interface Made extends Predicted {
  /** 1 for each row of the batch that the SQL gave features. */
  readonly isMade: Uint8Array;
  /** The keys of those that it gave none, by their numbers. */
  readonly unmade: ReadonlyMap<number, string>;
  /** What of the features is unlike anything that the model was trained on. */
  readonly beyond: readonly Beyond[];
  /** Why the highest scores are what they are, by their rows' numbers. */
  readonly why: ReadonlyMap<number, string>;
}

/** Makes the features of a staged batch by the model's own SQL, and predicts. */
export async function predict(step: StepContext, staged: Staged, scorer: Scorer & { readonly explain: number }): Promise<Made> {
  const { folder, contract, phases, check } = scorer;
  const own = join(folder, 'sql', step.run.makers['features'] ?? '');
  const scripts = findScripts(own, relative(step.run.places.state, own), (await step.warehouse()).dialect.name);
  const before = async (file: string): Promise<void> => {
    step.progress(`${staged.rows} rows staged; ${file}`);
    await check();
  };
  phases.begin('features');
  return extractAside(step, { scripts, prefix: 'batch_', window: staged.window, standIns: new Map([[contract.table, staged.standIn]]), config: step.config, before }, async () => {
    phases.begin('predict');
    const made = new MadeRows(staged.rows, { outputs: Math.max(1, scorer.model.contract.classes.length), madeKey: contract.madeKey });
    const sql = await featuresOfBatch(step, { contract, made: scripts.map(({ name }) => `batch_${name}`), features: 'batch_features', columns: scorer.model.contract.features.map(({ name }) => name) });
    const beyond = await predictRows(step, scorer, { sql, made });
    const unmade = made.rows === made.total ? new Map<number, string>() : await keysOf(step, contract, (row) => !made.has(row));
    return { ...made.result(scorer), unmade, beyond, why: await whyHighest(step, { sql, model: scorer.model, folder, scores: made.scores(), most: scorer.explain }) };
  });
}

async function predictRows(step: StepContext, { folder, model, check }: Scorer, { sql, made }: { readonly sql: string; readonly made: MadeRows }): Promise<readonly Beyond[]> {
  const warehouse = await step.warehouse();
  const contracted = new BeyondContract(folder, new Mask(step.config.sensitive, step.run.places.data));
  const pace = new Pace('scored', made.total);
  for await (const batch of warehouse.stream(sql, { columns: { [ROW_NUMBER]: 'number', ...featureStorage(model.contract) } })) {
    made.put(batch, await model.predict(batch));
    contracted.look(batch);
    step.progress(pace.text(made.rows, made.rows / made.total));
    await check();
  }
  return contracted.found();
}

/** Predictions as they come, each put where its row is. */
class MadeRows {
  readonly total: number;
  rows = 0;
  readonly #outputs: number;
  readonly #madeKey: readonly string[];
  readonly #predictions: Float64Array;
  readonly #isMade: Uint8Array;

  constructor(total: number, { outputs, madeKey }: { readonly outputs: number; readonly madeKey: readonly string[] }) {
    this.total = total;
    this.#outputs = outputs;
    this.#madeKey = madeKey;
    this.#predictions = new Float64Array(total * outputs).fill(Number.NEGATIVE_INFINITY);
    this.#isMade = new Uint8Array(total);
  }

  put(batch: ColumnBatch, predictions: Float64Array): void {
    const numbers = batch.columns.get(ROW_NUMBER);
    if (numbers?.storage !== 'number') throw new Error('the stream lacks the row numbers');
    const outputs = this.#outputs;
    for (let i = 0; i < batch.rows; i++) {
      const row = numbers.values[i]!;
      if (this.#isMade[row] === 1) throw rowTwice(this.#madeKey);
      this.#isMade[row] = 1;
      for (let k = 0; k < outputs; k++) this.#predictions[row * outputs + k] = predictions[i * outputs + k]!;
    }
    this.rows += batch.rows;
  }

  has(row: number): boolean {
    return this.#isMade[row] === 1;
  }

  /** One score a row, −∞ where it has none. */
  scores(): Float64Array {
    return scoresOf(this.#predictions, this.#outputs);
  }

  result({ folder, model }: Scorer): Omit<Made, 'unmade' | 'beyond' | 'why'> {
    const decision = (readJsonFile(join(folder, DECISION_FILE)) ?? null) as Decision | null;
    const interval = (readJsonFile(join(folder, INTERVAL_FILE)) ?? null) as PredictionInterval | null;
    return { rows: this.total, outputs: this.#outputs, classes: model.contract.classes, predictions: this.#predictions, decision, interval, isMade: this.#isMade };
  }
}

function rowTwice(madeKey: readonly string[]): NightshiftError {
  if (madeKey.length > 0) return new NightshiftError({ code: 'row-twice', what: 'Two rows have one key, so that it cannot be told which of them a row of the batch is', found: `${madeKey.join(', ')}, which the SQL makes`, expected: 'a key that no two rows share, whether the batch brings them or the history has them', fix: 'number rows that are alike, as rows.sql of init does' });
  return new NightshiftError({ code: 'row-twice', what: 'The model’s own SQL gives a row of the batch more than once', expected: 'each row at most once', fix: 'see whether a table that its scripts join has a key twice' });
}
