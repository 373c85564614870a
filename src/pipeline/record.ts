import { existsSync } from 'node:fs';
import { Registry } from '../registry/registry.ts';
import { type ConfigChoices, loadConfig } from '../shared/config/load.ts';
import type { Config } from '../shared/config/schema.ts';
import { NightshiftError } from '../shared/errors.ts';
import { takeLock } from './lock.ts';
import { type Places, placesOf } from './places.ts';

/** A project's record of runs, and where what it tells of lies. */
export interface Record {
  readonly registry: Registry;
  readonly config: Config;
  readonly places: Places;
}

export interface RecordChoices extends ConfigChoices {
  readonly project: string;
}

/** Lets `use` read a project's record. Throws `no-runs` where no night has made one yet. */
export async function withRecord<T>(choices: RecordChoices, use: (record: Record) => T | Promise<T>): Promise<T> {
  const config = loadConfig(choices.project, choices);
  const places = placesOf(choices.project, config);
  if (!existsSync(places.registry)) throw new NightshiftError({ code: 'no-runs', what: 'There is no record of runs yet', where: places.registry, fix: 'run a night first' });
  const registry = Registry.open(places.registry);
  try {
    return await use({ registry, config, places });
  } finally {
    registry.close();
  }
}

/** The same for what changes the record: no night runs meanwhile. Throws `locked` (exit code 5) where one does. */
export function withRecordAlone<T>(choices: RecordChoices, use: (record: Record) => T | Promise<T>): Promise<T> {
  return withRecord(choices, async (record) => {
    const lock = await takeLock(record.places.data, 'run', 0);
    try {
      return await use(record);
    } finally {
      lock.release();
    }
  });
}
