import type { LoggedRun } from './answers.ts';
import { completeRun, findRun, isComplete, logMissing, makeRun } from './logged-run.ts';
import { makeVersion } from './model-versions.ts';
import type { RunExport } from './run-export.ts';
import type { Server } from './server.ts';
import { upload } from './uploads.ts';

/** What the export of one run came to. */
export interface ExportedRun {
  readonly runId: string;
  /** MLflow's id of the run. */
  readonly mlflowRun: string;
  /** `created` anew, `completed` where it was there in part or otherwise, `unchanged` where nothing was left to do. */
  readonly state: 'created' | 'completed' | 'unchanged';
  readonly params: number;
  readonly metrics: number;
  readonly tags: number;
  /** Files that are there; null where the server does not take them by HTTP. */
  readonly files: number | null;
  /** Where the server keeps them. */
  readonly artefactUri: string;
  /** The version of the registered model; null where it is none, or was not looked up since nothing had changed. */
  readonly version: string | null;
}

export interface RunTarget {
  /** The id of the experiment. */
  readonly experiment: string;
  /** The registered model. */
  readonly model: string;
  readonly progress: (text: string) => void;
}

/**
 * Brings one run to the server whole, whatever part of it is there. The tag that says so is written last: where it stands, one request
 * tells that nothing is to do.
 */
export async function exportRun(server: Server, run: RunExport, { experiment, model, progress }: RunTarget): Promise<ExportedRun> {
  const found = await server.patiently(() => findRun(server, experiment, run.runId));
  const counts = { runId: run.runId, params: run.params.length, metrics: run.metrics.length, tags: run.tags.length };
  if (found !== undefined && isComplete(found, run)) return { ...counts, ...placeOf(found), state: 'unchanged', files: run.files.length, version: null };
  const { info } = found ?? (await makeRun(server, experiment, run));
  progress('parameters, metrics and tags');
  await logMissing(server, info.run_id, run);
  const isServed = await upload(server, { artefactUri: info.artifact_uri, files: run.files, progress: (done) => progress(`file ${done + 1} of ${run.files.length}`) });
  const version = run.isModel ? await makeVersion(server, { model, id: info.run_id, source: info.artifact_uri, tags: [{ key: 'nightshift.run_id', value: run.runId }, { key: 'nightshift.as_of', value: run.asOf }] }) : null;
  await completeRun(server, info.run_id, run);
  return { ...counts, mlflowRun: info.run_id, artefactUri: info.artifact_uri, state: found === undefined ? 'created' : 'completed', files: isServed ? run.files.length : null, version };
}

function placeOf({ info }: LoggedRun): Pick<ExportedRun, 'mlflowRun' | 'artefactUri'> {
  return { mlflowRun: info.run_id, artefactUri: info.artifact_uri };
}

