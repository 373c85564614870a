import { join } from 'node:path';
import type { Decision } from '../../evaluation/decision.ts';
import type { FittedModel } from '../../model/family.ts';
import type { RunDetail } from '../../registry/records.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Config } from '../../shared/config/schema.ts';
import { readJsonFile } from '../../shared/files.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { DECISION_FILE } from '../job/model-files.ts';
import type { Places } from '../places.ts';
import { configOf, incomparable } from './compare.ts';
import { loadRecorded } from './recorded-model.ts';

/** A run's model as it is compared. */
export interface Side {
  readonly runId: string;
  readonly config: Config;
  readonly model: FittedModel;
  readonly decision: Decision | null;
  readonly sql: unknown;
}

/** Everything recorded of a run. */
export function detailOf(registry: Registry, runId: string): RunDetail {
  const detail = registry.runs.detail(runId);
  if (detail === undefined) throw incomparable({ what: 'There is no such run', found: runId });
  return detail;
}

export type Sides = readonly [Side, Side];

/** Loads both models, or neither; the caller disposes of them. */
export async function sidesOf(registry: Registry, places: Places, { first, second }: { first: string; second: string }): Promise<Sides> {
  const side = async (runId: string): Promise<Side> => {
    const { inputs, artefacts } = detailOf(registry, runId);
    const config = configOf(runId, inputs);
    const model = await loadRecorded(places, runId, artefacts);
    const decision = (readJsonFile(join(places.models, runId, DECISION_FILE)) ?? null) as Decision | null;
    return { runId, config, model, decision, sql: inputs['sql'] };
  };
  const one = await side(first);
  try {
    return [one, await side(second)];
  } catch (thrown) {
    one.model.dispose();
    throw thrown;
  }
}

/** Refuses models of other tasks, targets or classes than the batch is for. */
export function checkSides(sides: Sides, on: { runId: string; config: Config }): void {
  const other = sides.find(({ config }) => about(config) !== about(on.config));
  if (other !== undefined) throw incomparable({ what: 'These runs learn different things', found: `${other.runId}: ${about(other.config)}; ${on.runId}: ${about(on.config)}`, expected: 'runs of one task and one target' });
  const [first, second] = sides.map(({ model }) => model.contract.classes.join(', '));
  if (first !== second) throw incomparable({ what: 'These models know other classes', found: `${first}; ${second}`, expected: 'the same classes' });
}

/** Refuses a batch that lacks what a model needs. */
export async function checkFeatures(warehouse: Warehouse, sides: Sides, on: string): Promise<void> {
  const columns = (await warehouse.columns(`SELECT * FROM ${warehouse.dialect.identifier('test')}`, 'test')).map(({ name }) => name);
  for (const { runId, model } of sides) {
    const missing = model.contract.features.map(({ name }) => name).filter((name) => !columns.includes(name));
    if (missing.length > 0) throw incomparable({ what: `Not comparable: the test batch of ${on} lacks features of the model of ${runId}`, found: `no ${missing.join(', ')}`, expected: 'a batch with the features of both models', fix: '--on names the run whose batch is taken' });
  }
}

function about({ task, label }: Config): string {
  return `${task} of ${label.column}`;
}
