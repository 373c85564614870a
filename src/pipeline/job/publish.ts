import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonFile } from '../../shared/files.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { workFolder } from '../places.ts';
import type { StepContext } from '../context.ts';
import { deliverNight, requireColumns } from '../delivery.ts';
import { PUBLISHED, SCORES, SCORES_CURRENT, type ScoresFile, writeScores } from '../published.ts';
import { interruptAt } from '../interrupt.ts';
import { updateOutcomes } from '../outcomes/night-outcomes.ts';
import type { ScoringResult } from './score.ts';

/**
 * Publishes the night: one transaction in the warehouse writes scores and the row of `published`, which alone is the truth;
 * the file and the record follow, and a start that finds them behind brings them up. Then earlier nights are held against the labels
 * that tonight knows.
 */
export async function publishNight(step: StepContext): Promise<void> {
  step.require('staged');
  requireTests(step);
  const warehouse = await step.warehouse();
  const scoring = step.readResult('scoring') as ScoringResult;
  const { asOf } = step.run.windows;
  requireColumns(step.config, scoring.columns);
  const aside = await writeScores(warehouse, { relation: 'staged', asOf, keys: scoring.columns, folder: join(step.run.places.data, 'scores') });
  step.rows = aside.rows;
  interruptAt('before-publishing');
  const record = { as_of: asOf, run_id: step.run.runId, model_run: scoring.modelRun, model_hash: scoring.modelHash, inputs_hash: step.run.inputsHash, rows: BigInt(aside.rows), scores_hash: aside.hash };
  await step.timed('scores', async () => {
    await warehouse.publish({ table: SCORES, staged: 'staged', asOf, recordTable: PUBLISHED, record, currentView: SCORES_CURRENT });
    return aside.rows;
  });
  interruptAt('published');
  await follow(step, aside, scoring.modelRun);
  await updateOutcomes(step);
}

async function follow(step: StepContext, aside: ScoresFile, modelRun: string): Promise<void> {
  const { asOf } = step.run.windows;
  renameSync(aside.temporary, aside.file);
  step.log({ event: 'scores file', rows: aside.rows, message: aside.file });
  interruptAt('file-renamed');
  const delivered = await deliverNight(await step.warehouse(), { config: step.config, places: step.run.places, asOf });
  if (delivered.length > 0) step.log({ event: 'delivered', message: delivered.join(', '), show: true });
  await step.record((registry) => registry.recordPublished({ asOf, warehouse: step.config.warehouse, runId: step.run.runId, modelRun, rows: aside.rows, scoresHash: aside.hash, meanScore: aside.meanScore }));
  interruptAt('recorded');
}

/** Only a batch whose tests held is published, also by `run.sh step`. */
function requireTests(step: StepContext): void {
  const tester = step.run.makers['tests'] ?? '06-test';
  const result = readJsonFile(join(workFolder(step.run.places, step.run.runId), `${tester}.result.json`)) as { status?: string } | undefined;
  if (result?.status === 'done') return;
  throw new NightshiftError({ code: 'not-tested', what: 'The batch is published only when its tests held', found: result === undefined ? `${tester} has not run` : `${tester} failed`, expected: `${tester} done for run ${step.run.runId}`, fix: `run.sh step ${tester} --as-of ${step.run.windows.asOf}` });
}
