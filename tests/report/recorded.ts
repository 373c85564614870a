import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from '../../src/registry/registry.ts';
import { type Places, placesOf } from '../../src/pipeline/places.ts';
import { parseConfig } from '../../src/shared/config/load.ts';
import { decidingConfig } from '../../src/shared/config/deciding.ts';
import type { Config } from '../../src/shared/config/schema.ts';
import { SMALL, put } from '../pipeline/small.ts';
import { HOSTILE, reportOf } from './page/made.ts';

export const NIGHT = '2024-01-10-aaaaaaaa';
export const BEFORE = '2024-01-09-bbbbbbbb';
export const KILLED = '2024-01-11-cccccccc';

export interface Recorded {
  readonly places: Places;
  readonly config: Config;
  readonly registry: Registry;
}

/** A project with two nights, the later one judged against the earlier, and a run that was killed in its training, as they are recorded. */
export function recordedProject(folder: string): Recorded {
  const text = `${SMALL}about: ${JSON.stringify(HOSTILE)}\nlimits: Not for staffing.\n`;
  put(folder, { 'pipeline.yaml': text });
  const config = parseConfig(text, join(folder, 'pipeline.yaml'), { set: [] });
  const places = placesOf(folder, config);
  let minute = 0;
  const registry = Registry.open(places.registry, () => new Date(Date.UTC(2024, 0, 12, 2, minute++)));
  const inputs = { config: decidingConfig(config), data: { visits: 'b'.repeat(64) }, sql: {}, backend: 'wasm' };
  night({ places, config, registry }, BEFORE, { inputs, champion: null });
  night({ places, config, registry }, NIGHT, { inputs, champion: BEFORE });
  const attempt = registry.begin({ runId: KILLED, asOf: KILLED.slice(0, 10), warehouse: 'sqlite', inputs }, 'night', NIGHT);
  registry.beginStep(attempt, '03-train');
  return { places, config, registry };
}

function night({ places, registry }: Recorded, runId: string, { inputs, champion }: { readonly inputs: object; readonly champion: string | null }): void {
  const { run, model, figures, differences } = reportOf();
  const attempt = registry.begin({ runId, asOf: runId.slice(0, 10), warehouse: 'sqlite', inputs, environment: run.environment! }, 'night', champion);
  for (const step of run.steps) registry.recordStep(attempt, { ...step, startedAt: new Date(step.startedAt) });
  registry.recordMetrics(attempt, run.metrics);
  registry.recordGates(attempt, run.gates);
  registry.recordTests(attempt, run.tests);
  registry.end(attempt, { status: 'done', exitCode: 0, message: null });
  registry.recordPublished({ asOf: runId.slice(0, 10), warehouse: 'sqlite', runId, modelRun: runId, rows: 3, scoresHash: 'h', meanScore: 0.2 });
  put(join(places.models, runId), { 'model.json': JSON.stringify({ family: 'gbdt', contract: {}, summary: model!.summary }), 'figures.json': JSON.stringify(figures) });
  const comparisons = differences.map(({ opponent, metric, slice, tooFew, ...difference }) => ({ opponent, metric, slice: slice === null ? undefined : { column: 'place', value: slice.slice('place='.length) }, rows: 9, difference, tooFew }));
  put(join(places.data, 'work', runId), { 'evaluation.json': JSON.stringify({ primary: 'auc', comparisons}), 'scoring.json': JSON.stringify({ modelRun: runId, rows: 3, drift: [{ feature: HOSTILE, drift: 0.3, verdict: 'warn', moved: null }] }) });
}

/** Makes a file of what would have to be a folder. */
export function block(path: string): void {
  writeFileSync(path, '');
}
