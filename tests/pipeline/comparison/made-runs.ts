import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Record as ProjectRecord } from '../../../src/pipeline/record.ts';
import { keyColumns } from '../../../src/pipeline/columns.ts';
import { keptFile } from '../../../src/pipeline/kept-batches.ts';
import { placesOf } from '../../../src/pipeline/places.ts';
import { Registry } from '../../../src/registry/registry.ts';
import type { ArtefactRecord, Attempt, MetricRecord } from '../../../src/registry/records.ts';
import { parseConfig } from '../../../src/shared/config/load.ts';
import { decidingConfig } from '../../../src/shared/config/deciding.ts';
import type { Config } from '../../../src/shared/config/schema.ts';
import { openWarehouse } from '../../../src/warehouse/open.ts';
import type { SqlType } from '../../../src/warehouse/warehouse.ts';
import { type Kind, batchOf, each } from '../../contract/warehouses.ts';
import { temporaryFolder } from '../../support/job.ts';

const CONFIG = `name: shop
sources:
  customers: {csv: customers.csv}
key: customer
time: day
label: {column: left_us, matures_after: 30d}
features: {number: [x1, x2], category: [place]}
slices: [place]
metrics: {resamples: 200}
`;

/** A project with a record of its own, in a folder that `close` removes. */
export interface Made extends ProjectRecord {
  readonly folder: string;
  close(): void;
}

export interface MadeRun {
  readonly mode?: string;
  /** Null for a run that never ended. */
  readonly status?: string | null;
  readonly set?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly metrics?: Readonly<Record<string, number | null>>;
  readonly artefacts?: readonly ArtefactRecord[];
  readonly published?: boolean;
}

export function madeConfig(folder: string, set: readonly string[] = []): Config {
  return parseConfig(CONFIG, join(folder, 'pipeline.yaml'), { set });
}

export function makeProject(): Made {
  const folder = temporaryFolder('compare');
  const config = madeConfig(folder);
  const places = placesOf(folder, config);
  let now = Date.parse('2001-07-01T00:00:00Z');
  const registry = Registry.open(places.registry, () => new Date((now += 1000)));
  const close = (): void => {
    registry.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, config, places, registry, close };
}

/** Records a run as a night does. */
export function record({ registry, folder }: Made, runId: string, { mode = 'night', status = 'done', set = [], inputs = {}, metrics = {}, artefacts = [], published = false }: MadeRun = {}): Attempt {
  const asOf = runId.slice(0, 10);
  const environment = { commit: null, dirty: null, versions: { node: '20.19.0', nightshift: '0.1.0' }, platform: 'linux x64' };
  const attempt = registry.begin({ runId, asOf, warehouse: 'sqlite', inputs: { as_of: asOf, config: decidingConfig(madeConfig(folder, set)), ...inputs }, environment }, mode, null);
  registry.beginStep(attempt, '01-extract');
  registry.recordStep(attempt, { step: '01-extract', status: 'done', startedAt: new Date('2001-07-01T00:00:00Z'), seconds: 1, cpuSeconds: 1, peakMb: 10, rows: 5 });
  registry.recordMetrics(attempt, Object.entries(metrics).map(([metric, value]): MetricRecord => ({ model: 'candidate', batch: 'test', slice: 'all', metric, value })));
  registry.recordArtefacts(attempt, artefacts);
  if (status === null) registry.beginStep(attempt, '02-split');
  else registry.end(attempt, { status, exitCode: 0, message: null });
  if (published) registry.recordPublished({ asOf, warehouse: 'sqlite', runId, modelRun: runId, rows: 1, scoresHash: runId, meanScore: null });
  return attempt;
}

export interface MadeBatch {
  readonly kind?: Kind;
  readonly types: Readonly<Record<string, SqlType>>;
  readonly columns: Readonly<Record<string, readonly (number | string | null)[]>>;
}

/** Keeps a test batch as a night does, in a file of its own: what was predicted of it stands in a table beside it. */
export async function keepTest({ places, config }: Made, runId: string, { kind = 'sqlite', types, columns }: MadeBatch): Promise<void> {
  const file = keptFile(places, { runId, kind, kept: 'learned' });
  mkdirSync(dirname(file), { recursive: true });
  const isPredicted = (name: string): boolean => name.startsWith('predicted');
  const only = <T>(values: Readonly<Record<string, T>>, isWanted: (name: string) => boolean): Record<string, T> => Object.fromEntries(Object.entries(values).filter(([name]) => isWanted(name)));
  const isKeyed = (name: string): boolean => isPredicted(name) || keyColumns(config).includes(name);
  const warehouse = await openWarehouse({ kind, file });
  await warehouse.load('test', only(types, (name) => !isPredicted(name)), each(batchOf(only(columns, (name) => !isPredicted(name)))));
  await warehouse.load('predicted', only(types, isKeyed), each(batchOf(only(columns, isKeyed))));
  await warehouse.close();
}
