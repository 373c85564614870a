import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Registry } from '../registry/registry.ts';
import type { Config } from '../shared/config/schema.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { deliverNight } from './delivery.ts';
import type { Places } from './places.ts';
import { SCORES, readPublished, writeScores } from './published.ts';

/**
 * Brings files and record up to what the warehouse has published: a night that was killed between two of them left them
 * behind, or a file was removed. Safe to repeat. Returns the as-of dates that were behind.
 */
export async function bringUp(warehouse: Warehouse, registry: Registry, { config, places }: { readonly config: Config; readonly places: Places }): Promise<readonly string[]> {
  const behind: string[] = [];
  for (const night of await readPublished(warehouse)) {
    const folder = join(places.data, 'scores');
    if (existsSync(join(folder, `${night.asOf}.csv`)) && registry.isRecorded({ ...night, warehouse: warehouse.dialect.name })) continue;
    behind.push(night.asOf);
    const columns = (await warehouse.columns(`SELECT * FROM ${warehouse.dialect.identifier(SCORES)}`, SCORES)).map(({ name }) => name);
    const aside = await writeScores(warehouse, { relation: SCORES, asOf: night.asOf, keys: columns, folder });
    renameSync(aside.temporary, aside.file);
    await deliverNight(warehouse, { config, places, asOf: night.asOf });
    registry.recordPublished({ ...night, warehouse: warehouse.dialect.name, meanScore: aside.meanScore });
  }
  return behind;
}
