import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../shared/config/schema.ts';
import { openWarehouse } from '../warehouse/open.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Places } from './places.ts';

/**
 * What is kept together: the batches that a model was made and judged by (`train`, `test`) and what it predicted of the latter (`predicted`: the
 * key, and `predicted` or `predicted_<class>` for each class), or the batch that was scored (`fresh`).
 */
export type Kept = 'learned' | 'scored';

export interface KeptRequest {
  readonly runId: string;
  readonly kind: Config['warehouse'];
  readonly kept: Kept;
}

/** The folder of everything that is kept of a run's batches. */
export function keptFolder(places: Places, runId: string): string {
  return join(places.data, 'batches', runId);
}

/** `data/batches/<run>/learned.db`, or `.duckdb`. */
export function keptFile(places: Places, { runId, kind, kept }: KeptRequest): string {
  return join(keptFolder(places, runId), `${kept}.${kind === 'sqlite' ? 'db' : 'duckdb'}`);
}

/** Opens what is kept of a run's batches, to be read; undefined where nothing is, or no longer. */
export async function openKept(places: Places, { runId, kept }: Omit<KeptRequest, 'kind'>): Promise<Warehouse | undefined> {
  for (const kind of ['sqlite', 'duckdb'] as const) {
    const file = keptFile(places, { runId, kind, kept });
    if (existsSync(file)) return openWarehouse({ kind, file, readOnly: true });
  }
  return undefined;
}
