import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readAddress } from '../../../src/export/mlflow/address.ts';
import { type ExportChoices, type ExportReport, exportRuns } from '../../../src/export/mlflow/export-runs.ts';
import type { MetricRecord } from '../../../src/registry/records.ts';
import { Registry } from '../../../src/registry/registry.ts';
import { sha256 } from '../../../src/shared/hash.ts';

/** A state folder with a record of runs, as nights leave one. */
export interface State {
  readonly folder: string;
  readonly registry: Registry;
  /** Sets the clock of the record. */
  readonly at: (time: string) => void;
}

export const CONFIG = { name: 'flights', task: 'binary', seed: 1, split: { by: 'time', train_days: 60 }, features: { number: ['distance', 'delay'] }, gates: [{ metric: 'auc', min: 0.5 }], exclude: [] };
export const LONG = 'x'.repeat(7000);
export const CURVE = [1, 2, 3].map((round) => ({ round, trainLoss: 0.5 / round, validationLoss: 0.6 / round }));

export function makeState(folder: string): State {
  let now = '2001-06-10T02:00:00Z';
  return { folder, registry: Registry.open(join(folder, 'data/runs.db'), () => new Date(now)), at: (time) => (now = time) };
}

export interface NightOptions {
  readonly metrics?: readonly MetricRecord[];
  readonly config?: object;
  /** Stops before the end, as a night does that is killed. */
  readonly stops?: boolean;
  readonly publishes?: boolean;
}

/** A night as the pipeline records it, with a model's folder; of one begun before, the rest. */
export function night({ registry, folder, at }: State, runId: string, { metrics = METRICS, config = CONFIG, stops = false, publishes = false }: NightOptions = {}): void {
  const asOf = runId.slice(0, 10);
  at(`${asOf}T02:00:00Z`);
  const inputs = { as_of: asOf, config, sql: { 'steps/01-extract/rows.sql': 'a1' }, data: { flights: 'f1' }, backend: 'wasm' };
  const attempt = registry.begin({ runId, asOf, warehouse: 'sqlite', inputs, environment: { commit: 'c0ffee', dirty: true, versions: { nightshift: '0.1.0' }, platform: 'linux x64' } }, 'night', '2001-06-01-aaaa');
  registry.beginStep(attempt, '03-train');
  if (stops) return;
  registry.recordStep(attempt, { step: '03-train', status: 'done', startedAt: new Date(`${asOf}T02:00:01Z`), seconds: 12.5, cpuSeconds: 20, peakMb: 523, rows: 1000 });
  registry.recordBatch(attempt, { batch: 'test', rows: 500, sha256: 'b1' });
  registry.recordMetrics(attempt, metrics);
  registry.recordGates(attempt, [{ gate: 'auc at least 0.5', metric: 'auc', outcome: 'pass', found: 0.6, low: 0.58, high: 0.62, expected: 'at least 0.5', reason: 'auc is 0.6, at least 0.5' }]);
  writeModel(join(folder, 'models', runId));
  at(`${asOf}T02:01:00Z`);
  if (publishes) registry.recordPublished({ asOf, warehouse: 'sqlite', runId, modelRun: runId, rows: 10, scoresHash: 'h', meanScore: 0.2 });
  registry.end(attempt, { status: 'done', exitCode: 0, message: null });
}

export const METRICS: readonly MetricRecord[] = [
  { model: 'candidate', batch: 'test', slice: 'all', metric: 'auc', value: 0.6, low: 0.58, high: 0.62 },
  { model: 'candidate', batch: 'test', slice: 'all', metric: 'cost', value: null },
  { model: 'candidate', batch: 'test', slice: 'origin=A/B é?', metric: 'auc', value: 0.7 },
  { model: 'linear', batch: 'test', slice: 'all', metric: 'auc', value: 0.59 },
  { model: 'champion', batch: 'test', slice: 'all', metric: 'auc', value: 0.1 + 0.2 },
];

/** What a family saves, as far as an export looks at it; a manifest seals it. */
export function writeModel(folder: string): void {
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'model.json': JSON.stringify({ family: 'auto', contract: {}, summary: { family: 'auto', curve: [] } }),
    'members/mlp-1/model.json': JSON.stringify({ summary: { curve: CURVE } }),
    'members/mlp-1/weights.bin': Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251),
    'sql/01-extract/rows.sql': 'SELECT 1 -- é',
  };
  const sealed = Object.fromEntries(Object.entries(files).map(([name, content]) => [name, { bytes: content.length, sha256: sha256(content) }]));
  // The report comes after the seal.
  for (const [name, content] of Object.entries({ ...files, 'manifest.json': JSON.stringify({ files: sealed }), 'report.html': '<!doctype html><title>Run</title>' })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Exports with few and short pauses; everything may be said otherwise. */
export function exportTo(url: string, { folder, registry }: State, choices: Partial<ExportChoices> & { readonly environment?: NodeJS.ProcessEnv } = {}): Promise<ExportReport> {
  const { environment = {}, ...rest } = choices;
  const runs = registry.runs.list().map(({ runId }) => runId);
  const patience = { pauses: [0.01, 0.01], sleep: () => Promise.resolve(), tell: () => undefined };
  return exportRuns({ address: readAddress(url, environment), registry, models: join(folder, 'models'), runs, experiment: 'flights', model: 'flights', patience, timeout: 30, isAtWork: () => Promise.resolve(false), progress: () => undefined, ...rest });
}
