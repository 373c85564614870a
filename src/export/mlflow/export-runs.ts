import type { RunDetail } from '../../registry/records.ts';
import type { Registry } from '../../registry/registry.ts';
import { NightshiftError } from '../../shared/errors.ts';
import type { Address } from './address.ts';
import { experimentOf } from './experiment.ts';
import { type ExportedRun, exportRun } from './export-run.ts';
import { findRun } from './logged-run.ts';
import { crown, crowned, findVersion } from './model-versions.ts';
import { type Patience } from './patience.ts';
import { type FileChoice, runExport } from './run-export.ts';
import { Server } from './server.ts';

export interface ExportChoices {
  readonly address: Address;
  readonly registry: Registry;
  /** The folder with a folder for each run's model. */
  readonly models: string;
  /** Ids of runs. */
  readonly runs: readonly string[];
  /** The experiment's name. */
  readonly experiment: string;
  /** The registered model's name. */
  readonly model: string;
  /** `all` but for runs that knew sensitive columns, whose values a model's files hold, unless said. */
  readonly files?: FileChoice | undefined;
  readonly patience: Patience;
  /** Seconds until an answer must be there whole. */
  readonly timeout: number;
  /** Whether a process is at work on a run that has no end yet. */
  readonly isAtWork: (run: RunDetail) => Promise<boolean>;
  readonly progress: (text: string) => void;
}

export interface ExportReport {
  /** Its address. */
  readonly server: string;
  readonly experiment: { readonly id: string; readonly name: string };
  readonly model: string;
  /** The present champion; `version` null where its model is not there. Null where there is none. */
  readonly champion: { readonly runId: string; readonly version: string | null } | null;
  readonly runs: readonly (ExportedRun & {
    /** Whether files were left out because of sensitive columns. */
    readonly withheld: boolean;
  })[];
  /** Runs that could not be exported, the others notwithstanding. */
  readonly failures: readonly { readonly runId: string; readonly error: NightshiftError }[];
}

/** Errors that are one run's affair. */
const OF_ONE_RUN = ['model-altered', 'mlflow-parameters-differ', 'file-failed', 'not-writable'];

/**
 * Exports runs to a tracking server, the oldest first, so that versions of the model are numbered in that order, and points the alias
 * `champion` at the present one. What is there is left; run again after whatever ended it, it goes on where it was.
 */
export async function exportRuns(choices: ExportChoices): Promise<ExportReport> {
  const server = new Server(choices);
  const experiment = { id: await experimentOf(server, choices.experiment), name: choices.experiment };
  const details = choices.runs.map((id) => choices.registry.runs.line(id)!).sort((a, b) => (`${a.asOf} ${a.startedAt}` < `${b.asOf} ${b.startedAt}` ? -1 : 1));
  const runs: ExportReport['runs'][number][] = [];
  const failures: { runId: string; error: NightshiftError }[] = [];
  for (const [i, { runId }] of details.entries()) {
    try {
      runs.push(await exportOne(server, choices, { runId, experiment: experiment.id, place: details.length === 1 ? runId : `${runId}, ${i + 1} of ${details.length}` }));
    } catch (thrown) {
      if (!(thrown instanceof NightshiftError)) throw thrown;
      if (!OF_ONE_RUN.includes(thrown.code)) throw howFar(thrown, { runId, done: runs.length, all: details.length });
      failures.push({ runId, error: thrown });
    }
  }
  return { server: choices.address.base, experiment, model: choices.model, champion: await settleChampion(server, choices, { experiment: experiment.id, runs }), runs, failures };
}

async function exportOne(server: Server, choices: ExportChoices, { runId, experiment, place }: { runId: string; experiment: string; place: string }): Promise<ExportReport['runs'][number]> {
  const { registry, models, model, isAtWork, progress } = choices;
  progress(place);
  const found = registry.runs.detail(runId)!;
  const detail: RunDetail = found.endedAt === null && (await isAtWork(found)) ? { ...found, status: 'running' } : found;
  const wasChampion = registry.champions.events().some(({ modelRun }) => modelRun === runId);
  const withheld = choices.files === undefined && hasSensitive(detail);
  const run = runExport(detail, { models, files: choices.files ?? (withheld ? 'papers' : 'all'), wasChampion });
  return { ...(await exportRun(server, run, { experiment, model, progress: (text) => progress(`${place}: ${text}`) })), withheld };
}

/** Whether a run's configuration names sensitive columns. */
function hasSensitive({ inputs }: RunDetail): boolean {
  const { sensitive } = (inputs['config'] ?? {}) as { readonly sensitive?: readonly string[] };
  return (sensitive ?? []).length > 0;
}

async function settleChampion(server: Server, { registry, model }: ExportChoices, { experiment, runs }: { experiment: string; runs: readonly ExportedRun[] }): Promise<ExportReport['champion']> {
  const runId = registry.champions.latest()?.modelRun;
  if (runId === undefined) return null;
  const id = runs.find((run) => run.runId === runId)?.mlflowRun ?? (await server.patiently(() => findRun(server, experiment, runId)))?.info.run_id;
  if (id === undefined) return { runId, version: null };
  const now = await crowned(server, model);
  if (now?.run_id === id) return { runId, version: now.version };
  const version = await server.patiently(() => findVersion(server, { model, id }));
  if (version === undefined) return { runId, version: null };
  await crown(server, { model, version });
  return { runId, version };
}

function howFar({ details }: NightshiftError, { runId, done, all }: { runId: string; done: number; all: number }): NightshiftError {
  const came = all === 1 ? `the export of ${runId} is not complete` : `${done} of ${all} runs are complete there; ${runId} is not`;
  return new NightshiftError({ ...details, found: `${details.found ?? 'nothing'}; ${came}`, fix: `${details.fix === undefined ? '' : `${details.fix}; `}then give the same command again: it goes on from there` });
}
