import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFile } from '../shared/bundle.ts';
import type { Config } from '../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import type { Talk } from './context.ts';
import type { Places } from './places.ts';
import { missingDatabases } from './sources.ts';

export interface SampleRequest {
  /** The database file to make, of the warehouse's kind. */
  readonly file: string;
  readonly warehouse: Config['warehouse'];
  /** Everything there is, instead of a part that runs quickly. */
  readonly full: boolean;
  readonly log: Talk['log'];
  readonly progress: Talk['progress'];
}

/** A project's loader of sample data; the default export of `steps/sample.ts`. */
export interface SampleDefinition {
  readonly about: string;
  /** The source database without its extension, as `pipeline.yaml` names it. */
  readonly database: string;
  /** Makes the file whole or not at all. */
  load(request: SampleRequest): Promise<void>;
}

export function defineSample(definition: SampleDefinition): SampleDefinition {
  return definition;
}

/** The project's sample loader, or undefined. */
export async function sampleOf(): Promise<SampleDefinition | undefined> {
  const file = projectFile('steps/sample.mjs');
  if (!existsSync(file)) return undefined;
  return ((await import(pathToFileURL(file).href)) as { default: SampleDefinition }).default;
}

export interface SampleChoices {
  readonly config: Config;
  readonly places: Places;
  readonly full: boolean;
  readonly talk: Talk;
}

/** Makes the sample, replacing what is there. */
export async function makeSample({ config, places, full, talk }: SampleChoices): Promise<string> {
  const sample = await sampleOf();
  if (sample === undefined) throw new NightshiftError({ code: 'sample-missing', what: 'This project has no sample', where: join(places.project, 'steps/sample.ts'), exitCode: ExitCode.usage });
  const file = join(places.state, `${sample.database}${config.warehouse === 'sqlite' ? '.db' : '.duckdb'}`);
  await sample.load({ file, warehouse: config.warehouse, full, log: talk.log, progress: talk.progress });
  return file;
}

/** Makes the sample where the sources need it and it is not there yet: the first run. */
export async function ensureSample(choices: Omit<SampleChoices, 'full'>): Promise<void> {
  const missing = missingDatabases(choices.config, choices.places);
  if (missing.length === 0) return;
  const sample = await sampleOf();
  if (sample === undefined || !missing.some((file) => file.startsWith(join(choices.places.state, sample.database)))) return;
  await makeSample({ ...choices, full: false });
}
