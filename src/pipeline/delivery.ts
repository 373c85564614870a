import { copyFileSync, renameSync, rmSync, accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BatchWriter, openBatchWriter } from '../batchfile/write.ts';
import type { ColumnBatch } from '../dataset/batch.ts';
import { type SqlType, storageOf } from '../dataset/sql-type.ts';
import type { Config } from '../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { fileError, makeFolder } from '../shared/files.ts';
import { nearest } from '../shared/nearest.ts';
import { writeParquet } from '../warehouse/parquet-file.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { keyColumns } from './columns.ts';
import { type Places, textOf } from './places.ts';
import { SCORES, readPublished } from './published.ts';

export interface DeliveryOf {
  readonly config: Config;
  readonly places: Places;
  readonly asOf: string;
}

/**
 * Writes a published night to the folder of `deliver:`, a dated file of each format, whole or absent, and the same as `latest` where no later
 * night is published. Safe to repeat. Returns the files; none where there is no `deliver:`.
 */
export async function deliverNight(warehouse: Warehouse, { config, places, asOf }: DeliveryOf): Promise<readonly string[]> {
  const { deliver } = config;
  if (deliver === undefined) return [];
  const folder = folderOf(config, places)!;
  const isLatest = (await readPublished(warehouse)).every((night) => night.asOf <= asOf);
  const files: string[] = [];
  for (const format of deliver.formats) {
    const fileOf = (which: string): string => join(folder, `${deliver.name}-${which}.${format}`);
    await writeNight(warehouse, { config, asOf, file: fileOf(asOf), format });
    if (isLatest) copyWhole(fileOf(asOf), fileOf('latest'));
    files.push(fileOf(asOf));
  }
  return files;
}

/** Whether the folder can be written to and the columns may be there, as a night asks before it begins. Throws `not-writable`, `deliver-column`. */
export function checkDelivery(config: Config, places: Places): void {
  const folder = folderOf(config, places);
  if (folder === undefined) return;
  makeFolder(folder);
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw fileError(folder, cause);
  }
  requireColumns(config, [...keyColumns(config), 'as_of', 'run_id', 'score', 'class', 'rank', ...(config.task === 'regression' ? ['score_low', 'score_high'] : [])], (name) => config.task === 'multiclass' && name.startsWith('score_'));
}

/** What a night scores has to have the columns that are to be delivered; of a class that it does not know there is none. */
export function requireColumns({ deliver }: Config, found: readonly string[], mayBe: (name: string) => boolean = () => false): void {
  for (const name of Object.keys(deliver?.columns ?? {})) {
    if (found.includes(name) || mayBe(name)) continue;
    const close = nearest(name, found);
    throw new NightshiftError({ code: 'deliver-column', what: 'Scores have no such column to be delivered', where: 'deliver.columns in pipeline.yaml', found: name, expected: `one of ${found.join(', ')}`, fix: close === undefined ? undefined : `did you mean ${close}?`, exitCode: ExitCode.usage });
  }
}

function folderOf({ deliver }: Config, places: Places): string | undefined {
  return deliver === undefined ? undefined : resolve(places.project, textOf(deliver.folder, 'deliver.folder'));
}

interface NightFile {
  readonly config: Config;
  readonly asOf: string;
  readonly file: string;
  readonly format: NonNullable<Config['deliver']>['formats'][number];
}

async function writeNight(warehouse: Warehouse, { config, asOf, file, format }: NightFile): Promise<void> {
  const { identifier, literal } = warehouse.dialect;
  const have = (await warehouse.columns(`SELECT * FROM ${identifier(SCORES)}`, SCORES)).map(({ name }) => name);
  requireColumns(config, have);
  const called = config.deliver?.columns ?? Object.fromEntries(have.map((name) => [name, name]));
  const types = typesOf(config, Object.keys(called));
  const sql = `SELECT ${Object.keys(called).map(identifier).join(', ')} FROM ${identifier(SCORES)} WHERE ${identifier('as_of')} = ${literal(asOf)} ORDER BY ${keyColumns(config).map(identifier).join(', ')}`;
  const stream = warehouse.stream(sql, { columns: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, storageOf(type)])) });
  if (format === 'parquet') await writeParquet(file, Object.fromEntries(Object.entries(called).map(([name, own]) => [own, types[name]!])), renamed(stream, called));
  else await writeText(await openBatchWriter({ output: file, format, columns: Object.values(called) }), renamed(stream, called));
}

async function writeText(writer: BatchWriter, batches: AsyncIterable<ColumnBatch>): Promise<void> {
  try {
    for await (const batch of batches) await writer.write(batch);
    await writer.finish();
  } catch (thrown) {
    await writer.abort();
    throw thrown;
  }
}

async function* renamed(batches: AsyncIterable<ColumnBatch>, called: Readonly<Record<string, string>>): AsyncIterable<ColumnBatch> {
  for await (const { rows, columns } of batches) yield { rows, columns: new Map([...columns].map(([name, column]) => [called[name]!, column])) };
}

/** Keys are of the type that a source declares for them. */
function typesOf(config: Config, names: readonly string[]): Readonly<Record<string, SqlType>> {
  const declared = Object.assign({}, ...Object.values(config.sources).map(({ types }) => types)) as Record<string, SqlType>;
  const own: Readonly<Record<string, SqlType>> = { as_of: 'date', run_id: 'text', class: config.task === 'binary' ? 'integer' : 'text', rank: 'integer' };
  const key = keyColumns(config);
  return Object.fromEntries(names.map((name) => [name, key.includes(name) ? (declared[name] ?? 'text') : (own[name] ?? 'number')]));
}

function copyWhole(from: string, to: string): void {
  const temporary = `${to}.${process.pid}.tmp`;
  try {
    copyFileSync(from, temporary);
    renameSync(temporary, to);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw fileError(to, cause);
  }
}
