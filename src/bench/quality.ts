import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '../dataset/contract.ts';
import type { BackendChoice } from '../model/family.ts';
import { familyNames, familyOf } from '../model/families.ts';
import { NightshiftError } from '../shared/errors.ts';
import { writeColumns } from './column-folder.ts';
import type { Figures, FitRequest } from './fit-request.ts';
import { LOSS } from './loss.ts';
import { fitInOwnProcess } from './own-process.ts';
import { PEER, type PeerRequest, fitPeer } from './peer.ts';
import { peerPython } from './peer-environment.ts';
import { type TableFiles, tablesIn } from './table-files.ts';
import { rowsOf } from './table-rows.ts';
import { type TableShape, countLabelled, shapeOf } from './table-shape.ts';

/** Measured unless another is named. */
export const DEFAULT_FAMILY: string = familyNames.includes('auto') ? 'auto' : 'mlp';

export interface QualityRequest {
  readonly data: string;
  /** Only these tables; all unless one is named. */
  readonly tables: readonly string[];
  readonly families: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly backend: BackendChoice;
  readonly budget: number | undefined;
  /** Trainings of each family on each table, with the seeds 1, 2, … */
  readonly seeds: number;
  readonly validationShare: number;
  /** Whether LightGBM is measured beside them. */
  readonly peer: boolean;
  /** What is going on. */
  readonly progress: (text: string) => void;
  /** What a training came to, as soon as it ends. */
  readonly line: (text: string) => void;
}

export interface FamilyQuality {
  readonly family: string;
  /** One entry a seed; an error where the training failed. */
  readonly fits: readonly { readonly seed: number; readonly figures: Figures }[];
  readonly error: NightshiftError | undefined;
}

export interface TableQuality {
  readonly name: string;
  readonly shape: TableShape;
  readonly testRows: number;
  readonly families: readonly FamilyQuality[];
  /** LightGBM's, where it was asked for. */
  readonly peer: FamilyQuality | undefined;
}

interface Inspected {
  readonly files: TableFiles;
  readonly shape: TableShape;
  readonly testRows: number;
}

/** Trains each family on each table of a folder and tests it. What is wrong with a file or an option is thrown before anything is trained. */
export async function benchQuality(request: QualityRequest): Promise<readonly TableQuality[]> {
  for (const name of request.families) (await familyOf(name)).parseOptions(request.options);
  const inspected: Inspected[] = [];
  for (const files of await tablesIn(request.data, request.tables)) inspected.push({ files, shape: await shapeOf(files), testRows: await countLabelled(files.test, files.columns.length) });
  const python = request.peer ? await peerPython(request.line) : undefined;
  const measured: TableQuality[] = [];
  for (const table of inspected) measured.push(await measureTable(request, table, python));
  return measured;
}

async function measureTable(request: QualityRequest, { files, shape, testRows }: Inspected, python: string | undefined): Promise<TableQuality> {
  const folder = mkdtempSync(join(tmpdir(), `nightshift-bench-${files.name}-`));
  try {
    for (const part of ['train', 'test'] as const) await writeColumns(join(folder, part), rowsOf(files[part], shape));
    const rows: PeerRequest = { contract: shape.contract, train: join(folder, 'train'), test: join(folder, 'test'), seed: 0, predict: 'test' };
    const families: FamilyQuality[] = [];
    for (const family of request.families) families.push(await measureFamily(request, { table: files.name, family, task: shape.contract.task, fit: (seed, progress) => fitInOwnProcess({ ...rows, ...settings(request, family), seed }, progress) }));
    const peer = python === undefined ? undefined : await measureFamily(request, { table: files.name, family: PEER, task: shape.contract.task, fit: (seed) => fitPeer(python, { ...rows, seed }) });
    return { name: files.name, shape, testRows, families, peer };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function settings({ options, backend, budget, validationShare }: QualityRequest, family: string): Pick<FitRequest, 'family' | 'options' | 'backend' | 'budget' | 'validationShare'> {
  return { family, options, backend, budget, validationShare };
}

interface Trainee {
  readonly table: string;
  readonly family: string;
  readonly task: Task;
  readonly fit: (seed: number, progress: (text: string) => void) => Promise<Figures>;
}

/** A training that fails is told among the figures: those of the other tables took long. */
async function measureFamily({ seeds, progress, line }: QualityRequest, { table, family, task, fit }: Trainee): Promise<FamilyQuality> {
  const fits: { seed: number; figures: Figures }[] = [];
  try {
    for (let seed = 1; seed <= seeds; seed++) {
      const who = `${table}, ${family}, seed ${seed}`;
      const figures = await fit(seed, (text) => progress(`${who}: ${text}`));
      fits.push({ seed, figures });
      line(`${who}: ${endOf(task, figures)}`);
    }
    return { family, fits, error: undefined };
  } catch (thrown) {
    if (!(thrown instanceof NightshiftError) || thrown.code === 'interrupted') throw thrown;
    return { family, fits, error: thrown };
  }
}

function endOf(task: Task, { metrics, trainSeconds, peakMb }: Figures): string {
  const name = LOSS[task];
  return `${name} ${metrics[name]?.toPrecision(5) ?? 'not defined'}, ${trainSeconds.toFixed(1)} s, ${peakMb.toFixed(0)} MB`;
}
