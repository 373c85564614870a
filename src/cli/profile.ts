import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type Places, placesOf, warehouseFile } from '../pipeline/places.ts';
import { PUBLISHED, SCORES_CURRENT } from '../pipeline/published.ts';
import { sourcesOf } from '../pipeline/sources.ts';
import type { BatchProfile } from '../report/profile.ts';
import { loadConfig } from '../shared/config/load.ts';
import type { Config } from '../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import { Mask } from '../shared/sensitive.ts';
import { openWarehouse } from '../warehouse/open.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { Console, count } from './console.ts';
import { type CommonOptions, configChoices, withCommon } from './options.ts';

interface ProfileOptions extends CommonOptions {
  readonly query?: string;
}

/** What is to be described, settled: SQL that may follow FROM, in an open warehouse. */
interface Batch {
  readonly title: string;
  readonly from: string;
  readonly mask: Mask;
}

/** `profile`: what a batch holds, column by column. */
export function addProfile(program: Command): void {
  withCommon(program.command('profile [table]').description('describe the columns of a table, a source or a query: types, missing and distinct values, quantiles, frequent values'))
    .option('--query <sql>', 'describe the rows of a SELECT')
    .addHelpText('after', '\nWithout a table it is train, or, before the first night, a list of what there is.\nValues of sensitive columns show as keyed hashes.\n\nExamples:\n  run.sh profile\n  run.sh profile flights\n  run.sh profile --query "SELECT origin, late FROM train WHERE distance > 2000" --json')
    .action(profile);
}

async function profile(table: string | undefined, options: ProfileOptions): Promise<void> {
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  if (table !== undefined && options.query !== undefined) throw new NightshiftError({ code: 'usage', what: 'profile takes a table or --query, not both', found: `${table} and --query`, exitCode: ExitCode.usage });
  const choices = configChoices(options);
  const config = loadConfig(choices.project, choices);
  const project: Project = { config, places: placesOf(choices.project, config) };
  const warehouse = await openFor(project, options.query ?? table ?? '');
  try {
    const tables = await tablesOf(warehouse);
    if (table === undefined && options.query === undefined && !tables.includes('train')) return list(tables, Object.keys(config.sources), options);
    const batch = options.query === undefined ? await named(warehouse, project, { name: table ?? 'train', tables }) : await asked(warehouse, project, options.query);
    const { profileOf } = await import('../report/profile.ts');
    const found = await profileOf(warehouse, { from: batch.from, where: batch.title, mask: batch.mask, progress: (text) => console.progress(text) });
    await print(batch.title, found, options);
  } finally {
    await warehouse.close();
  }
}

interface Project {
  readonly config: Config;
  readonly places: Places;
}

/**
 * The warehouse, to read only; a source is read without it, so that a running night does not stand in the way. A query over
 * sources may need room to load them, for which a file that may only be read has none.
 */
async function openFor({ config, places }: Project, wanted: string): Promise<Warehouse> {
  const file = warehouseFile(places, config.warehouse);
  const readsSources = mentioned(Object.keys(config.sources), wanted).length > 0;
  const isSource = Object.hasOwn(config.sources, wanted);
  if (isSource || !existsSync(file)) return openWarehouse({ kind: config.warehouse, file: ':memory:' });
  return openWarehouse({ kind: config.warehouse, file, readOnly: !readsSources });
}

async function tablesOf(warehouse: Warehouse): Promise<readonly string[]> {
  const tables = await warehouse.tables();
  return tables.includes(PUBLISHED) ? [...tables, SCORES_CURRENT] : tables;
}

/** A table of the warehouse, or a source by its name. */
async function named(warehouse: Warehouse, { config, places }: Project, { name, tables }: { name: string; tables: readonly string[] }): Promise<Batch> {
  const mask = new Mask(config.sensitive, places.data);
  const batch = { title: name, from: warehouse.dialect.identifier(name), mask };
  if (tables.includes(name)) return batch;
  if (!Object.hasOwn(config.sources, name)) throw unknownTable(name, [...tables, ...Object.keys(config.sources)]);
  await warehouse.attach(sourcesOf({ ...config, sources: { [name]: config.sources[name]! } }, places));
  return batch;
}

/** The rows of a query. One that names a sensitive column may give its values under any name, so that all of its columns are hidden. */
async function asked(warehouse: Warehouse, { config, places }: Project, query: string): Promise<Batch> {
  const sources = mentioned(Object.keys(config.sources), query);
  await warehouse.attach(sourcesOf({ ...config, sources: Object.fromEntries(sources.map((name) => [name, config.sources[name]!])) }, places));
  await warehouse.assertReads(query, '--query');
  const columns = (await warehouse.columns(query, '--query')).map(({ name }) => name);
  const hidden = mentioned(config.sensitive, query).length > 0 ? columns : config.sensitive;
  return { title: 'query', from: `(${query.trim().replace(/;$/, '')}\n) AS asked`, mask: new Mask(hidden, places.data) };
}

const WORD = /[\p{L}\p{N}_]+/gu;

/** Those of some names that a text mentions, whatever their case; a name of several words where the text holds it whole. */
function mentioned(names: readonly string[], text: string): readonly string[] {
  const lower = text.toLowerCase();
  const words = new Set(lower.match(WORD));
  return names.filter((name) => words.has(name.toLowerCase()) || (name.replaceAll(WORD, '') !== '' && lower.includes(name.toLowerCase())));
}

function list(tables: readonly string[], sources: readonly string[], options: ProfileOptions): void {
  if (options.json === true) process.stdout.write(`${JSON.stringify({ tables, sources })}\n`);
  else process.stdout.write(`${tables.length === 0 ? 'No night has run yet: there are no tables' : `Tables: ${tables.join(', ')}`}\nSources: ${sources.join(', ')}\nrun.sh profile NAME describes one of them.\n`);
}

async function print(title: string, { rows, columns }: BatchProfile, options: ProfileOptions): Promise<void> {
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ name: title, rows, columns }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n`);
    return;
  }
  const { profileText } = await import('../report/profile-frame.ts');
  process.stdout.write(`${title}: ${count(rows)} rows, ${columns.length} columns\n\n${await profileText({ rows, columns }, process.stdout.columns)}`);
}

function unknownTable(name: string, known: readonly string[]): NightshiftError {
  const closest = nearest(name, known);
  return new NightshiftError({
    code: 'table-unknown',
    what: 'There is no such table or source',
    found: name,
    expected: known.join(', '),
    fix: closest === undefined ? undefined : `did you mean ${closest}?`,
    exitCode: ExitCode.usage,
  });
}
