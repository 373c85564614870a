import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '../dataset/contract.ts';
import type { BackendChoice } from '../model/family.ts';
import { familyNames, familyOf } from '../model/families.ts';
import { NightshiftError } from '../shared/errors.ts';
import { writeColumns } from './column-folder.ts';
import type { FitFigures } from './fit-request.ts';
import { LOSS } from './loss.ts';
import { fitInOwnProcess } from './own-process.ts';
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
  /** What is going on. */
  readonly progress: (text: string) => void;
  /** What a training came to, as soon as it ends. */
  readonly line: (text: string) => void;
}

export interface FamilyQuality {
  readonly family: string;
  /** One entry a seed; an error where the training failed. */
  readonly fits: readonly { readonly seed: number; readonly figures: FitFigures }[];
  readonly error: NightshiftError | undefined;
}

export interface TableQuality {
  readonly name: string;
  readonly shape: TableShape;
  readonly testRows: number;
  readonly families: readonly FamilyQuality[];
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
  const measured: TableQuality[] = [];
  for (const table of inspected) measured.push(await measureTable(request, table));
  return measured;
}

async function measureTable(request: QualityRequest, { files, shape, testRows }: Inspected): Promise<TableQuality> {
  const folder = mkdtempSync(join(tmpdir(), `nightshift-bench-${files.name}-`));
  try {
    for (const part of ['train', 'test'] as const) await writeColumns(join(folder, part), rowsOf(files[part], shape));
    const families: FamilyQuality[] = [];
    for (const family of request.families) families.push(await measureFamily(request, { name: files.name, family, folder, shape }));
    return { name: files.name, shape, testRows, families };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly name: string;
  readonly family: string;
  readonly folder: string;
  readonly shape: TableShape;
}

/** A training that fails is told among the figures: those of the other tables took long. */
async function measureFamily({ seeds, options, backend, budget, validationShare, progress, line }: QualityRequest, { name, family, folder, shape }: Measured): Promise<FamilyQuality> {
  const fits: { seed: number; figures: FitFigures }[] = [];
  try {
    for (let seed = 1; seed <= seeds; seed++) {
      const who = `${name}, ${family}, seed ${seed}`;
      const asked = { contract: shape.contract, train: join(folder, 'train'), test: join(folder, 'test'), family, options, backend, seed, budget, validationShare };
      const figures = await fitInOwnProcess(asked, (text) => progress(`${who}: ${text}`));
      fits.push({ seed, figures });
      line(`${who}: ${endOf(shape.contract.task, figures)}`);
    }
    return { family, fits, error: undefined };
  } catch (thrown) {
    if (!(thrown instanceof NightshiftError) || thrown.code === 'interrupted') throw thrown;
    return { family, fits, error: thrown };
  }
}

function endOf(task: Task, { metrics, trainSeconds, peakMb }: FitFigures): string {
  const name = LOSS[task];
  return `${name} ${metrics[name]?.toPrecision(5) ?? 'not defined'}, ${trainSeconds.toFixed(1)} s, ${peakMb.toFixed(0)} MB`;
}
