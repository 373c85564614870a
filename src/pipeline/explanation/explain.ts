import { join, relative } from 'node:path';
import { type Contributions, contributionsOf } from '../../model/contributions.ts';
import type { FittedModel } from '../../model/family.ts';
import type { Explanation } from '../../report/explanation.ts';
import type { Config } from '../../shared/config/schema.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { readJsonFile } from '../../shared/files.ts';
import { Mask } from '../../shared/sensitive.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { loadRecorded } from '../comparison/recorded-model.ts';
import { CONFIG_FILE } from '../job/model-files.ts';
import { keptFile, openKept } from '../kept-batches.ts';
import type { Project } from '../prepare.ts';
import type { Record } from '../record.ts';
import { explainedFeatures, sqlFolder } from './explained-features.ts';
import { givenKey } from './given-key.ts';
import { findRow } from './kept-row.ts';
import { medianRow } from './median-row.ts';
import { type Night, type NightChoice, kindOf, nightOf } from './night.ts';
import { type Scored, keptScore, publishedScore, readDecision } from './scored.ts';
import { changesSince } from './since.ts';

export interface ExplainRequest extends NightChoice {
  /** The row's key, as a person writes it. */
  readonly key: string;
  /** Loads the project as it is today, for what has changed in the source since. */
  readonly project: () => Promise<Project>;
  readonly progress: (text: string) => void;
}

/**
 * Why a row was scored as it was, from what its night kept: its features, the model and its SQL. Throws `batch-gone`, `model-missing`,
 * `model-altered`, `key-unknown`, `key-ambiguous`, and what naming a night may throw.
 */
export async function explain(record: Record, request: ExplainRequest): Promise<Explanation> {
  const night = await nightOf(record, request);
  const kept = await keptOf(record, night, request.key);
  try {
    const folder = join(record.places.models, night.modelRun);
    const model = await loadRecorded(record.places, night.modelRun, record.registry.runs.detail(night.modelRun)?.artefacts ?? []);
    try {
      return await explainBy(record, request, { night, kept, folder, model });
    } finally {
      model.dispose();
    }
  } finally {
    await kept.close();
  }
}

interface Found {
  readonly night: Night;
  readonly kept: Warehouse;
  readonly folder: string;
  readonly model: FittedModel;
}

async function explainBy(record: Record, { key, project, progress }: ExplainRequest, { night, kept, folder, model }: Found): Promise<Explanation> {
  const { run, config, modelRun } = night;
  const own = readJsonFile(join(folder, CONFIG_FILE)) as Config;
  // What was not sensitive then may be now, and the other way round.
  const mask = new Mask([...record.config.sensitive, ...config.sensitive, ...own.sensitive], record.places.data);
  const row = await findRow(kept, { text: key, config, contract: model.contract, mask, night: run.runId });
  const published = night.published ? await publishedScore(record.places, night, row.key) : undefined;
  const scored = published ?? (await keptScore(kept, { config, model, folder, key: row.key }));
  progress('asking the model');
  const output = outputOf(model, await model.predict(row.features));
  const against = medianRow(folder, model.contract);
  const found = await contributionsOf(model, { row: row.features, against, output, seed: own.seed });
  progress('asking the sources');
  const since = await changesSince({ project, night, folder, model, row, mask, progress });
  const { task, classes } = model.contract;
  return {
    task,
    target: config.label.column,
    key: [...row.key].map(([column, value]) => ({ column, value: mask.shown(column, value) })),
    asOf: run.asOf,
    runId: run.runId,
    published: published !== undefined,
    modelRun,
    family: model.summary.family,
    ...scored,
    unit: task === 'binary' ? 'probability' : task === 'multiclass' ? `probability of ${classes[output] ?? ''}` : config.label.column,
    rows: row.rows,
    decision: readDecision(folder),
    base: found.empty,
    features: explainedFeatures(model, { found, row: row.features, against, mask, folder, dialect: kept.dialect.name }),
    sqlFolder: relative(record.places.state, sqlFolder(folder)).replaceAll('\\', '/'),
    method: { exact: found.orders === null, predictions: found.measured, orders: found.orders, seed: own.seed },
    since,
    notes: notesOf(scored, found, { runId: run.runId, asOf: run.asOf, published: published !== undefined }),
  };
}

/** The kept rows of a night. Throws `batch-gone`, which still says what was published. */
async function keptOf({ places }: Record, night: Night, key: string): Promise<Warehouse> {
  const { run, config } = night;
  const kept = await openKept(places, { runId: run.runId, kept: 'scored' });
  if (kept !== undefined) return kept;
  const scored = night.published ? await publishedScore(places, night, givenKey(config, key)) : undefined;
  throw new NightshiftError({
    code: 'batch-gone',
    what: `The rows that run ${run.runId} scored are not kept, or no longer, so that nothing says why`,
    where: keptFile(places, { runId: run.runId, kind: kindOf(run), kept: 'scored' }),
    found: scored === undefined ? 'no such file' : `no such file; published for that key: score ${scored.score}, rank ${scored.rank}${scored.class === null ? '' : `, class ${scored.class}`}`,
    expected: 'what the night kept; retention.rows in pipeline.yaml says for how long',
    fix: '--as-of or --run names another night',
  });
}

/** Which of the model's outputs the score is: of several classes that of the likeliest. */
function outputOf({ contract }: FittedModel, predictions: Float64Array): number {
  return contract.task === 'multiclass' ? predictions.indexOf(Math.max(...predictions)) : 0;
}

function notesOf(scored: Scored, { full }: Contributions, { runId, asOf, published }: { runId: string; asOf: string; published: boolean }): readonly string[] {
  return [
    ...(published ? [] : [`Run ${runId} is not what is published for ${asOf}: its score is what its model gives the kept row.`]),
    ...(Object.is(scored.score, full) ? [] : [`The model gives ${full} today, and ${scored.score} was published: run.sh verify ${runId} tells what differs.`]),
  ];
}
