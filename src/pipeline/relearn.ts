import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from '../registry/registry.ts';
import type { RunDetail } from '../registry/records.ts';
import type { Config } from '../shared/config/schema.ts';
import { windowsOf } from '../shared/days.ts';
import { NightshiftError } from '../shared/errors.ts';
import { readJsonFile, writeFileWhole } from '../shared/files.ts';
import { openWarehouse } from '../warehouse/open.ts';
import type { RunContext, Talk } from './context.ts';
import { CONTRACT_RESULT } from './job/feature-contract.ts';
import { FEATURES_FILE } from './job/model-files.ts';
import { type Kept, keptFile } from './kept-batches.ts';
import { type Places, warehouseFile, workFolder } from './places.ts';
import { makersOf } from './plan.ts';
import type { Project } from './prepare.ts';
import { runStep } from './run-step.ts';
import { StepProcesses } from './step-process.ts';
import { Stamps } from './stamps.ts';

/** The relations that are kept together, and the steps that read them. */
const RELATIONS: Readonly<Record<Kept, readonly string[]>> = { learned: ['train', 'test'], scored: ['fresh'] };

export interface RelearnRequest {
  readonly project: Project;
  readonly run: RunDetail;
  /** Whether the fresh batch is scored again, too. */
  readonly score: boolean;
  /** Another seed than the run's own. */
  readonly seed?: number | undefined;
  readonly talk: Talk;
}

/** What learning again left, in a state folder of its own. */
export interface Relearned {
  readonly places: Places;
  readonly config: Config;
  /** The record of the attempt; open while `use` works. */
  readonly registry: Registry;
}

/**
 * Trains and measures a run's model again, and scores with it, from the batches that were kept of the run, with the configuration and
 * the SQL of its model's folder, in a state folder that is there while `use` works. Throws `batches-gone` where nothing is kept.
 */
export async function relearn<T>(request: RelearnRequest, use: (relearned: Relearned) => Promise<T>): Promise<T> {
  const { project, run } = request;
  const state = join(project.places.data, 'work', `.again-${process.pid}`);
  rmSync(state, { recursive: true, force: true });
  const processes = new StepProcesses();
  try {
    const places = scratch(project, run, state);
    const config = configOf(request);
    await bringBatches(request, places);
    bringContract(request, places);
    const registry = Registry.open(places.registry);
    try {
      const { attempt } = registry.begin({ runId: run.runId, asOf: run.asOf, warehouse: run.warehouse, inputs: run.inputs }, 'again', null);
      const steps = stepsOf(request);
      for (const step of steps) {
        const { error } = await runStep(contextOf(request, { places, config, attempt, step }), request.talk, processes.take(step === steps.at(-1)));
        if (error !== undefined) throw error;
      }
      return await use({ places, config, registry });
    } finally {
      registry.close();
    }
  } finally {
    processes.end();
    rmSync(state, { recursive: true, force: true });
  }
}

/** A project of the model's own SQL, with an empty state. */
function scratch({ places, plan }: Project, { runId }: RunDetail, state: string): Places {
  const data = join(state, 'data');
  mkdirSync(join(state, 'steps'), { recursive: true });
  const own = join(places.models, runId, 'sql');
  for (const { name } of plan.steps) {
    const from = join(own, name);
    if (existsSync(from)) cpSync(from, join(state, 'steps', name), { recursive: true });
  }
  return { project: state, state, data, models: join(state, 'models'), logs: join(state, 'logs'), registry: join(data, 'runs.db') };
}

/** As it was recorded; where the state lies and how long it is kept decides nothing. */
function configOf({ project, run, seed }: RelearnRequest): Config {
  const recorded = run.inputs['config'] as Config;
  return { ...recorded, profiles: {}, state: '.', retention: project.config.retention, score: project.config.score, seed: seed ?? recorded.seed };
}

async function bringBatches({ project, run, score }: RelearnRequest, places: Places): Promise<void> {
  const kind = kindOf(run);
  const stamps = new Stamps(places, kind);
  const warehouse = await openWarehouse({ kind, file: warehouseFile(places, kind) });
  try {
    for (const kept of score ? (['learned', 'scored'] as const) : (['learned'] as const)) {
      const file = keptFile(project.places, { runId: run.runId, kind, kept });
      if (!existsSync(file)) throw gone(run.runId, file);
      for (const name of RELATIONS[kept]) {
        await warehouse.attach([{ name: `kept_${name}`, location: { kind: 'database', file, table: name }, types: {} }]);
        await stamps.around({ relation: name, runId: run.runId, step: 'again' }, () => warehouse.make(name, `SELECT * FROM ${warehouse.dialect.identifier(`kept_${name}`)}`, file));
      }
    }
  } finally {
    await warehouse.close();
  }
}

/** Nothing is extracted again, so that what extraction found of the features is the model's own. */
function bringContract({ project, run }: RelearnRequest, places: Places): void {
  const contract = readJsonFile(join(project.places.models, run.runId, FEATURES_FILE));
  if (contract !== undefined) writeFileWhole(contractFile(places, run), JSON.stringify(contract));
}

function contractFile(places: Places, { runId }: RunDetail): string {
  return join(workFolder(places, runId), `${CONTRACT_RESULT}.json`);
}

function kindOf({ warehouse }: RunDetail): Config['warehouse'] {
  return warehouse === 'duckdb' ? 'duckdb' : 'sqlite';
}

function stepsOf({ project, score }: RelearnRequest): readonly string[] {
  const wanted = ['model', 'evaluation', ...(score ? ['staged'] : [])];
  return project.plan.steps.filter(({ writes }) => writes.some((written) => wanted.includes(written))).map(({ name }) => name);
}

function contextOf({ project, run, score }: RelearnRequest, { places, config, attempt, step }: Pick<Relearned, 'places' | 'config'> & { readonly attempt: number; readonly step: string }): RunContext {
  const isThere = (written: string): boolean => written !== CONTRACT_RESULT || existsSync(contractFile(places, run));
  const makers = Object.fromEntries(Object.entries(makersOf(project.plan)).filter(([written]) => isThere(written)));
  const backend = run.inputs['backend'] === 'native' ? 'native' : 'wasm';
  // Its own model scores, whatever the gates said of it.
  const scorer = score ? run.runId : null;
  return { runId: run.runId, attempt, step, config, windows: windowsOf(run.asOf, config.split, config.lead), places, fingerprints: {}, makers, backend, champion: null, pinned: false, scorer, mode: 'night', inputsHash: '' };
}

function gone(runId: string, file: string): NightshiftError {
  return new NightshiftError({ code: 'batches-gone', what: `The batches of run ${runId} are no longer there`, where: file, found: 'no such file', expected: 'what the run kept; retention: in pipeline.yaml says for how long', fix: 'name a later run: run.sh runs' });
}
