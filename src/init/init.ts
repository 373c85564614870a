import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { fileError, makeFolder } from '../shared/files.ts';
import { openWarehouse } from '../warehouse/open.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Ask } from './asking.ts';
import type { Choices } from './choices.ts';
import { decide } from './decide.ts';
import type { Wishes } from './deciding.ts';
import { placeOf } from './place.ts';
import { lookAt } from './table.ts';
import { type Trial, canMeasure, canRun, cannotDivide, tryOut } from './trial.ts';
import { projectFiles } from './write/project-files.ts';

export interface InitRequest {
  /** The folder of the project that is to be: not there yet, or empty. */
  readonly folder: string;
  readonly from: string;
  /** The folder of this checkout. */
  readonly root: string;
  readonly wishes: Omit<Wishes, 'name'>;
  readonly ask: Ask;
  readonly progress: (text: string) => void;
}

export interface Made {
  readonly project: string;
  readonly choices: Choices;
  readonly trial: Trial;
  readonly files: readonly string[];
}

/**
 * Looks at a table and writes a project that runs on it, whole or not at all. Throws `folder-taken`, `from-invalid`,
 * `column-unknown`, `target-unfit`, `no-features`, `table-short` (exit code 2), and what reading the table throws.
 */
export async function makeProject(request: InitRequest): Promise<Made> {
  const project = resolve(request.folder);
  requireFree(project);
  const place = await placeOf(request.from, async (tables) => {
    const answer = await request.ask({ about: 'table', text: 'Which table of the file?', fallback: '', options: tables });
    return tables.includes(answer) ? answer : undefined;
  });
  const warehouse = await openWarehouse({ kind: 'duckdb', file: ':memory:' });
  try {
    request.progress(`reading ${place.path}`);
    const table = await lookAt(warehouse, place);
    request.progress(`looking at ${table.columns.length} columns of ${table.rows} rows`);
    const choices = await decide(warehouse, table, { wishes: { ...request.wishes, name: basename(project) }, ask: request.ask });
    request.progress('trying the scripts out');
    const settled = await divide(warehouse, choices, { project, root: request.root });
    requireFree(project);
    writeWhole(project, settled.files);
    return { project, choices: settled.choices, trial: settled.trial, files: [...settled.files.keys()] };
  } finally {
    await warehouse.close();
  }
}

interface Settled {
  readonly choices: Choices;
  readonly trial: Trial;
  readonly files: ReadonlyMap<string, string>;
}

/** Shares of rows that test and that are held out of the others: small tables need more for both outcomes to be there. */
const SHARES = [[0.2, 0.15], [0.25, 0.2], [0.3, 0.25], [0.4, 0.35], [0.5, 0.4]] as const;
/** A larger table keeps more of its rows for training, even if a rare outcome is then not everywhere. */
const SMALL = 1000;

/** Tries the scripts out and, by hash, finds the smallest shares with which every batch has what it needs. */
async function divide(warehouse: Warehouse, choices: Choices, places: { readonly project: string; readonly root: string }): Promise<Settled> {
  const tries: Settled[] = [];
  const splits = choices.split.by === 'hash' ? SHARES.slice(0, choices.rows > SMALL ? 3 : undefined).map(([testShare, validationShare]) => ({ by: 'hash' as const, testShare, validationShare })) : [choices.split];
  for (const split of splits) {
    const tried = { ...choices, split };
    const files = projectFiles(tried, places);
    const trial = await tryOut(warehouse, tried, { files, again: tries.length > 0 });
    tries.push({ choices: tried, trial, files });
    if (canMeasure(trial)) break;
  }
  const best = tries.find(({ trial }) => canMeasure(trial)) ?? tries.find(({ trial }) => canRun(trial));
  if (best !== undefined) return canMeasure(best.trial) ? best : { ...best, choices: { ...best.choices, warnings: [...best.choices.warnings, notMeasured(best.trial)] } };
  throw cannotDivide(tries[0]!.trial, choices.place.path);
}

function notMeasured({ variety }: Trial): string {
  return `Some outcome is so rare that it is not in every batch (${variety.join(', ')} different labels among the rows that train, validate and test): metrics may be undefined`;
}

function requireFree(project: string): void {
  if (!existsSync(project)) return;
  let found: readonly string[];
  try {
    found = readdirSync(project);
  } catch {
    throw folderTaken(project, 'a file, or a folder that cannot be read');
  }
  if (found.length > 0) throw folderTaken(project, `${found.slice(0, 5).join(', ')}${found.length > 5 ? ', …' : ''}`);
}

function folderTaken(project: string, found: string): NightshiftError {
  return new NightshiftError({ code: 'folder-taken', what: 'There is something in this folder already, and nothing is overwritten', where: project, found, expected: 'a folder that is empty or not there yet', fix: 'name another folder', exitCode: ExitCode.usage });
}

/** Writes into a folder beside it that is then renamed. */
function writeWhole(project: string, files: ReadonlyMap<string, string>): void {
  const aside = `${project}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(project));
    for (const [name, text] of files) {
      const file = join(aside, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode: name === 'run.sh' ? 0o777 : 0o666 });
    }
    if (existsSync(project)) rmdirSync(project);
    renameSync(aside, project);
  } catch (cause) {
    rmSync(aside, { recursive: true, force: true });
    throw cause instanceof NightshiftError ? cause : fileError(project, cause);
  }
}
