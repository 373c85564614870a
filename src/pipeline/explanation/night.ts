import { join } from 'node:path';
import { resolveRun } from '../../registry/name-run.ts';
import type { RunDetail } from '../../registry/records.ts';
import type { Config } from '../../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { readJsonFile } from '../../shared/files.ts';
import { openWarehouse } from '../../warehouse/open.ts';
import { configOf } from '../comparison/compare.ts';
import { warehouseFile, workFolder } from '../places.ts';
import { type Published, readPublished } from '../published.ts';
import type { Record } from '../record.ts';

export interface NightChoice {
  /** The night of this as-of date; the latest published unless said. */
  readonly asOf?: string | undefined;
  /** A run, published or not, as `resolveRun` takes it. */
  readonly run?: string | undefined;
}

/** A night whose scores are asked about. */
export interface Night {
  readonly run: RunDetail;
  /** The configuration that names the run. */
  readonly config: Config;
  /** The run whose model scored. */
  readonly modelRun: string;
  /** Whether its scores are the published ones of its as-of date. */
  readonly published: boolean;
}

/** The night that is meant. Throws `not-published`, `scorer-unknown`, or what `resolveRun` does. */
export async function nightOf(record: Record, { asOf, run }: NightChoice): Promise<Night> {
  if (run === undefined) return publishedNight(record, asOf);
  const detail = detailOf(record, resolveRun(record.registry, run));
  if (asOf !== undefined && asOf !== detail.asOf) throw new NightshiftError({ code: 'usage', what: 'The run is not of that as-of date', found: `${detail.runId}, of ${detail.asOf}`, expected: `a run of ${asOf}`, fix: 'say one of --run and --as-of', exitCode: ExitCode.usage });
  const night = (await publishedIn(record, kindOf(detail))).find(({ runId }) => runId === detail.runId);
  return { run: detail, config: configOf(detail.runId, detail.inputs), modelRun: night?.modelRun ?? scorerOf(record, detail), published: night !== undefined };
}

async function publishedNight(record: Record, asOf: string | undefined): Promise<Night> {
  const nights = await publishedIn(record, record.config.warehouse);
  const night = asOf === undefined ? nights.at(-1) : nights.find((one) => one.asOf === asOf);
  if (night === undefined) throw notPublished(record, nights, asOf);
  const run = detailOf(record, night.runId);
  return { run, config: configOf(run.runId, run.inputs), modelRun: night.modelRun, published: true };
}

async function publishedIn({ places }: Record, kind: Config['warehouse']): Promise<readonly Published[]> {
  const warehouse = await openWarehouse({ kind, file: warehouseFile(places, kind), readOnly: true });
  try {
    return await readPublished(warehouse);
  } finally {
    await warehouse.close();
  }
}

export function kindOf({ warehouse }: RunDetail): Config['warehouse'] {
  return warehouse === 'duckdb' ? 'duckdb' : 'sqlite';
}

function detailOf({ registry }: Record, runId: string): RunDetail {
  const detail = registry.runs.detail(runId);
  if (detail !== undefined) return detail;
  throw new NightshiftError({ code: 'run-unknown', what: 'The record does not have the run that was published', found: runId, expected: 'the record that the night wrote, data/runs.db' });
}

/** Of a run that is not published, or no longer: what it recorded when it was, or what its scoring left. */
function scorerOf({ registry, places }: Record, { runId, status }: RunDetail): string {
  const left = readJsonFile(join(workFolder(places, runId), 'scoring.json')) as { modelRun?: string } | undefined;
  const scorer = registry.runs.scoredBy(runId) ?? left?.modelRun;
  if (scorer !== undefined) return scorer;
  throw new NightshiftError({ code: 'scorer-unknown', what: `Run ${runId} scored nothing, or what it left is gone`, where: workFolder(places, runId), found: `it ended as ${status}, and there is no scoring.json`, expected: 'a run that came to its scores', fix: 'run.sh runs lists others' });
}

const SHOWN = 5;

function notPublished({ config }: Record, nights: readonly Published[], asOf: string | undefined): NightshiftError {
  const known = nights.slice(-SHOWN).map((night) => night.asOf);
  return new NightshiftError({
    code: 'not-published',
    what: asOf === undefined ? `No night has been published in ${config.warehouse}` : `No scores were published for ${asOf} in ${config.warehouse}`,
    found: nights.length === 0 ? 'no published night' : `${nights.length} published nights, the last ${known.length}: ${known.join(', ')}`,
    expected: 'an as-of date that was published',
    fix: 'run.sh runs lists nights; --run explains one that was not published',
    exitCode: ExitCode.usage,
  });
}
