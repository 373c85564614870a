import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { verifyManifest } from '../model/manifest.ts';
import type { Registry } from '../registry/registry.ts';
import type { MetricRecord, RunDetail } from '../registry/records.ts';
import { NightshiftError } from '../shared/errors.ts';
import { sha256OfFile } from '../shared/hash.ts';
import { openWarehouse } from '../warehouse/open.ts';
import type { Talk } from './context.ts';
import { environmentOf } from './environment.ts';
import { firstDifference } from './first-difference.ts';
import { openKept } from './kept-batches.ts';
import { warehouseFile } from './places.ts';
import type { Project } from './prepare.ts';
import { writeScores } from './published.ts';
import { type Relearned, relearn } from './relearn.ts';

export interface Finding {
  /** `batch train`, a file of the model, `metrics`, `scores`, `environment`. */
  readonly artefact: string;
  readonly outcome: 'equal' | 'differs' | 'gone';
  /** Where it first differs, or what is gone; null where it is equal. */
  readonly detail: string | null;
}

export interface VerifyRequest {
  readonly project: Project;
  readonly registry: Registry;
  readonly run: RunDetail;
  readonly talk: Talk;
}

/**
 * Looks whether what a run made is still as it was recorded, and comes out the same again from what was kept: batches, model, metrics, scores.
 * What is made with other versions than then is said, too. Throws `batches-gone` where nothing was kept to make it from.
 */
export async function verifyRun(request: VerifyRequest): Promise<readonly Finding[]> {
  const { project, run } = request;
  requireLearned(run);
  const before = [...environmentFindings(request), ...(await batchFindings(request)), ...stillThere(request)];
  // A model that was trained on the same rows again is compared with the folder as it is; one that was altered is said above.
  const score = existsSync(join(project.places.data, 'batches', run.runId)) && run.batches.some(({ batch }) => batch === 'fresh');
  return relearn({ project, run, score, talk: request.talk }, async (again) => [...before, ...modelFindings(request, again), metricFinding(request, again), ...(score ? await scoreFindings(request, again) : [])]);
}

function requireLearned(run: RunDetail): void {
  if (run.artefacts.some(({ path }) => path.startsWith(`models/${run.runId}/`))) return;
  const scorer = run.inputs['scorer'];
  const why = typeof scorer === 'string' ? `it was scored by ${scorer}` : `it ended as ${run.status}`;
  throw new NightshiftError({ code: 'nothing-to-verify', what: `Run ${run.runId} trained no model`, found: why, expected: 'a run that trained', fix: typeof scorer === 'string' ? `run.sh verify ${scorer}` : 'run.sh runs lists others' });
}

/** What could explain that something comes out otherwise. */
function environmentFindings({ project, run }: VerifyRequest): readonly Finding[] {
  const then = run.environment?.versions ?? {};
  const now = environmentOf(project.places.project).versions;
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].filter((name) => then[name] !== now[name]);
  return [{ artefact: 'versions', outcome: names.length === 0 ? 'equal' : 'differs', detail: names.length === 0 ? null : names.map((name) => `${name} ${then[name] ?? 'none'} → ${now[name] ?? 'none'}`).join(', ') }];
}

/** Whether kept batches are what was recorded of them. */
async function batchFindings({ project, run }: VerifyRequest): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const kept of ['learned', 'scored'] as const) {
    const warehouse = await openKept(project.places, { runId: run.runId, kept });
    const names = kept === 'learned' ? ['predicted', 'test', 'train'] : ['fresh'];
    for (const recorded of run.batches.filter(({ batch }) => names.includes(batch))) {
      const found = warehouse === undefined ? undefined : await warehouse.fingerprint(recorded.batch);
      const outcome = found === undefined ? 'gone' : found === recorded.sha256 ? 'equal' : 'differs';
      findings.push({ artefact: `batch ${recorded.batch}`, outcome, detail: outcome === 'equal' ? null : outcome === 'gone' ? 'its kept batch was removed' : `its rows are not the ${recorded.rows} that were recorded` });
    }
    await warehouse?.close();
  }
  return findings;
}

/** Whether the model's folder is as it was saved. */
function stillThere({ project, run }: VerifyRequest): readonly Finding[] {
  const folder = join(project.places.models, run.runId);
  try {
    verifyManifest(folder);
    return [{ artefact: 'model folder', outcome: 'equal', detail: null }];
  } catch (thrown) {
    if (!(thrown instanceof NightshiftError)) throw thrown;
    return [{ artefact: 'model folder', outcome: thrown.code === 'model-missing' ? 'gone' : 'differs', detail: `${thrown.details.where ?? folder}: ${thrown.details.found ?? thrown.details.what}` }];
  }
}

/** Each file of the model, as it was recorded and as it came out again. */
function modelFindings({ project, run }: VerifyRequest, { places }: Relearned): readonly Finding[] {
  return run.artefacts
    .filter(({ path }) => path.startsWith(`models/${run.runId}/`) && !REPORTS.test(path))
    .map(({ path, sha256 }): Finding => {
      const again = join(places.state, path);
      if (!existsSync(again)) return { artefact: path, outcome: 'differs', detail: 'it is not made again' };
      if (sha256OfFile(again) === sha256) return { artefact: path, outcome: 'equal', detail: null };
      return { artefact: path, outcome: 'differs', detail: firstDifference(join(project.places.state, path), again) };
    });
}

/** Pages about a run tell of times, which differ; the manifest lists the other files. */
const REPORTS = /\/(report\.html|card\.md|figures\.json|manifest\.json)$/;

function metricFinding({ run }: VerifyRequest, { registry }: Relearned): Finding {
  const again = new Map(registry.runs.metrics(run.runId).map((one) => [nameOf(one), one.value]));
  const own = run.metrics.filter(({ model }) => model !== 'champion');
  const other = own.find((one) => again.get(nameOf(one)) !== one.value);
  if (other === undefined) return { artefact: 'metrics', outcome: 'equal', detail: null };
  return { artefact: 'metrics', outcome: 'differs', detail: `${nameOf(other)}: ${String(other.value)} → ${String(again.get(nameOf(other)) ?? 'none')}` };
}

function nameOf({ model, batch, slice, metric }: MetricRecord): string {
  return `${metric} of ${model}${slice === 'all' ? '' : `, ${slice}`}${batch === 'test' ? '' : `, ${batch}`}`;
}

/** The scores that the run published, where its own model made them. */
async function scoreFindings({ project, run }: VerifyRequest, { places, config }: Relearned): Promise<readonly Finding[]> {
  const path = `data/scores/${run.asOf}.csv`;
  const recorded = run.artefacts.find((one) => one.path === path);
  if (recorded === undefined || run.status !== 'done') return [];
  const kind = config.warehouse;
  const warehouse = await openWarehouse({ kind, file: warehouseFile(places, kind), readOnly: true });
  try {
    const columns = (await warehouse.columns('SELECT * FROM staged', 'staged')).map(({ name }) => name);
    const { hash, temporary } = await writeScores(warehouse, { relation: 'staged', asOf: run.asOf, keys: columns, folder: join(places.data, 'scores') });
    if (hash === recorded.sha256) return [{ artefact: path, outcome: 'equal', detail: null }];
    return [{ artefact: path, outcome: 'differs', detail: firstDifference(join(project.places.state, path), temporary) }];
  } finally {
    await warehouse.close();
  }
}

/** How many of each outcome. */
export function tally(findings: readonly Finding[]): Readonly<Record<Finding['outcome'], number>> {
  const count = (outcome: Finding['outcome']): number => findings.filter((one) => one.outcome === outcome).length;
  return { equal: count('equal'), differs: count('differs'), gone: count('gone') };
}
