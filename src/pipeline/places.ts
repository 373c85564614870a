import { join, resolve } from 'node:path';
import type { Config, TextOrEnv } from '../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';

/** Where everything of a project lives. All paths are absolute. */
export interface Places {
  readonly project: string;
  readonly state: string;
  readonly data: string;
  readonly models: string;
  readonly logs: string;
  readonly registry: string;
}

/** Settles the folders of a project; models, data and logs are below `state`. */
export function placesOf(project: string, config: Config): Places {
  const state = resolve(project, textOf(config.state, 'state'));
  const data = join(state, 'data');
  return { project, state, data, models: join(state, 'models'), logs: join(state, 'logs'), registry: join(data, 'runs.db') };
}

/** `data/warehouse.db` or `data/warehouse.duckdb`. */
export function warehouseFile(places: Places, kind: Config['warehouse']): string {
  return join(places.data, kind === 'sqlite' ? 'warehouse.db' : 'warehouse.duckdb');
}

/** The folder for the contexts, results and other working files of a run. */
export function workFolder(places: Places, runId: string): string {
  return join(places.data, 'work', runId);
}

/** Where the sources of a night that have to be loaded are, for all of its processes, while it lasts. */
export function loadsFolder(places: Places): string {
  return join(places.data, 'work', '.loads');
}

export function loadsFile(places: Places, kind: Config['warehouse']): string {
  return join(loadsFolder(places), kind === 'sqlite' ? 'sources.db' : 'sources.duckdb');
}

/** A text of the configuration, from the environment where it names a variable. Only for use, never for the record. */
export function textOf(value: TextOrEnv, key: string): string {
  if (typeof value === 'string') return value;
  const text = process.env[value.env];
  if (text !== undefined && text !== '') return text;
  throw new NightshiftError({
    code: 'environment-missing',
    what: `${key} comes from the environment variable ${value.env}, which is not set`,
    fix: `set ${value.env}, also where cron runs the job`,
    exitCode: ExitCode.usage,
  });
}
