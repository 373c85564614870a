import { join } from 'node:path';
import type { RunDetail, RunStatus } from '../../registry/records.ts';
import { canonicalJson, sha256 } from '../../shared/hash.ts';
import type { Loggable } from './batches.ts';
import { flatten } from './flatten.ts';
import { LONGEST_PARAMETER, keyed, value } from './keys.ts';
import { metricPoints } from './metric-points.ts';
import { type FolderFile, curvesOf, filesOf } from './model-folder.ts';
import { runTags } from './run-tags.ts';

/** MLflow's own words for where a run stands. */
export type MlflowStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

/** Which files go along: the whole model folder, only what is made to be read, or nothing. */
export type FileChoice = 'all' | 'papers' | 'none';

/** A file to be uploaded: one on disk, or a text. */
export type Artefact = Omit<FolderFile, 'file'> & ({ readonly file: string } | { readonly text: string });

/** Everything that the export of one run writes, settled. */
export interface RunExport extends Loggable {
  readonly runId: string;
  readonly asOf: string;
  readonly status: MlflowStatus;
  /** Milliseconds since 1970; `endTime` null where nobody recorded the end. */
  readonly startTime: number;
  readonly endTime: number | null;
  readonly files: readonly Artefact[];
  /** Whether it is to be a version of the registered model. */
  readonly isModel: boolean;
  /** Of all of the above: an export of the same hash has nothing left to do. */
  readonly hash: string;
}

export interface RunChoices {
  /** The folder with a folder for each run. */
  readonly models: string;
  readonly files: FileChoice;
  /** Whether the run's model was ever champion. */
  readonly wasChampion: boolean;
}

/** A name that no file of a model has. */
export const RECORD_FILE = 'nightshift-run.json';
const PAPERS = ['report.html', 'card.md'];

/** Settles what is exported of a run. Throws `model-altered` where its folder is not as it was saved. */
export function runExport(run: RunDetail, { models, files: choice, wasChampion }: RunChoices): RunExport {
  const folder = filesOf(join(models, run.runId));
  const content = {
    runId: run.runId,
    asOf: run.asOf,
    status: statusOf(run.status),
    startTime: Date.parse(run.startedAt),
    endTime: run.endedAt === null ? null : Date.parse(run.endedAt),
    params: keyed(flatten(run.inputs['config'] ?? {}), '.').map(([key, text]) => ({ key, value: value(text, LONGEST_PARAMETER) })),
    metrics: metricPoints(run, curvesOf(folder)),
    tags: runTags(run),
    isModel: wasChampion && folder.length > 0,
  };
  const files = choice === 'none' ? [] : [recordOf(run), ...folder.filter(({ path }) => choice === 'all' || PAPERS.includes(path))];
  const hash = sha256(canonicalJson({ ...content, files: files.map(({ path, sha256: of }) => [path, of]) }));
  return { ...content, files, hash };
}

function recordOf(run: RunDetail): Artefact {
  const text = `${JSON.stringify(run, null, 1)}\n`;
  return { path: RECORD_FILE, text, bytes: Buffer.byteLength(text), sha256: sha256(text) };
}

function statusOf(status: RunStatus): MlflowStatus {
  if (status === 'running') return 'RUNNING';
  if (status === 'killed' || status === 'interrupted') return 'KILLED';
  return status === 'failed' || status === 'late' || status === 'checks_failed' ? 'FAILED' : 'FINISHED';
}
