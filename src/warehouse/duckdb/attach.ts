import { dirname } from 'node:path';
import { csvColumns, readCsv } from '../../dataset/csv-read.ts';
import type { ColumnBatch } from '../../dataset/batch.ts';
import type { SqlType } from '../../dataset/sql-type.ts';
import { NightshiftError, messageOf } from '../../shared/errors.ts';
import { makeFolder } from '../../shared/files.ts';
import { declaredType } from '../day-columns.ts';
import { loadedName } from '../file-hashes.ts';
import { assertFiles, fileKind } from '../file-kind.ts';
import { assertColumns, sourceCorrupt, tableMissing } from '../source-errors.ts';
import type { ColumnInfo, Source } from '../warehouse.ts';
import { identifier, literal } from './dialect.ts';
import { isLocked } from './errors.ts';
import { loadTable } from './load-table.ts';
import { CATALOG, LOADS, MEMORY } from './connections.ts';
import type { DuckdbSession } from './session.ts';
import { sourceView } from './source-view.ts';

/** Where an attached source's rows are in this instance. */
export interface AttachedSource {
  readonly source: Source;
  /** The rows as they are, as SQL text. */
  readonly from: string;
  readonly columns: readonly ColumnInfo[];
  /** The query of its view. */
  readonly view: string;
  /** Whether the rows were checked against their types when they came in. */
  readonly checked: boolean;
  /** Whether the rows are those of files that are hashed as they are. */
  readonly hashed: 'files' | 'rows';
}

/** Rows that come from somewhere else and have to be loaded. */
export interface Content {
  readonly types: Readonly<Record<string, SqlType>>;
  readonly batches: AsyncIterable<ColumnBatch>;
  readonly close: () => Promise<void>;
}

/** The files and loaded tables of an instance, so that two sources of one place share them. */
export class Attachments {
  readonly #session: DuckdbSession;
  readonly #catalogs = new Map<string, string>();
  readonly #loaded = new Map<string, string>();
  readonly #loads: string | undefined;

  /** `loads`: the file that loaded tables stay in. */
  constructor(session: DuckdbSession, loads?: string) {
    this.#session = session;
    this.#loads = loads;
  }

  async attach(source: Source): Promise<AttachedSource> {
    const { location } = source;
    if (location.kind === 'parquet') return this.#parquet(source, location.files);
    if (location.kind === 'database') {
      const kind = fileKind(source, location.file);
      if (kind === 'unknown') throw sourceCorrupt(source, location.file, 'neither a SQLite nor a DuckDB file');
      if (kind === 'duckdb') return this.#inPlace(source, location.file, location.table);
    }
    const from = await this.#load(source);
    return this.#described(source, from, { checked: true, hashed: 'files' });
  }

  async #inPlace(source: Source, file: string, table: string): Promise<AttachedSource> {
    const catalog = await this.#catalog(source, file);
    const tables = await this.#tablesOf(catalog);
    const found = tables.find((name) => name.toLowerCase() === table.toLowerCase());
    if (found === undefined) throw tableMissing(source, file, table, tables);
    return this.#described(source, `${catalog}.main.${identifier(found)}`, { checked: false, hashed: 'rows' });
  }

  async #catalog(source: Source, file: string): Promise<string> {
    if (file === this.#session.file) return CATALOG;
    const known = this.#catalogs.get(file);
    if (known !== undefined) return known;
    const catalog = `source_${this.#catalogs.size + 1}`;
    try {
      await this.#session.attachFile(file, catalog, true);
    } catch (cause) {
      if (isLocked(cause)) throw await this.#session.attempt(file, () => Promise.reject(cause));
      throw sourceCorrupt(source, file, messageOf(cause));
    }
    this.#catalogs.set(file, catalog);
    return catalog;
  }

  async #tablesOf(catalog: string): Promise<readonly string[]> {
    const sql = `SELECT table_name FROM information_schema.tables WHERE table_catalog = ${literal(catalog)} AND table_schema = 'main'`;
    const rows = await (await this.#session.run(sql)).getRows();
    return rows.map(([name]) => String(name));
  }

  async #parquet(source: Source, files: readonly string[]): Promise<AttachedSource> {
    assertFiles(source);
    const each: (readonly ColumnInfo[])[] = [];
    for (const file of files) each.push(await this.#readable(source, file, `read_parquet(${literal(file)})`));
    assertSameColumns(files, each);
    const from = `read_parquet([${files.map(literal).join(', ')}])`;
    return this.#described(source, from, { checked: false, hashed: 'files' });
  }

  async #readable(source: Source, file: string, from: string): Promise<readonly ColumnInfo[]> {
    try {
      return await this.#columnsOf(from);
    } catch (cause) {
      throw sourceCorrupt(source, file, messageOf(cause));
    }
  }

  async #columnsOf(from: string): Promise<readonly ColumnInfo[]> {
    return (await this.#session.describe(`SELECT * FROM ${from}`, from)).columns;
  }

  async #described(source: Source, from: string, how: Pick<AttachedSource, 'checked' | 'hashed'>): Promise<AttachedSource> {
    const columns = await this.#columnsOf(from);
    return { source, from, columns, view: sourceView(source, from, columns), ...how };
  }

  async #load(source: Source): Promise<string> {
    const key = JSON.stringify([source.location, source.types]);
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    assertFiles(source);
    const catalog = await this.#loadsCatalog();
    const name = this.#loads === undefined ? `loaded ${this.#loaded.size + 1}` : await loadedName(source);
    if (!(await this.#tablesOf(catalog)).includes(name)) await this.#session.turn(() => this.#fill(source, { catalog, name }));
    const from = `${catalog}.main.${identifier(name)}`;
    this.#loaded.set(key, from);
    return from;
  }

  /** Where what has to be loaded goes: into memory, unless it is to be kept. */
  async #loadsCatalog(): Promise<string> {
    if (this.#loads === undefined) return MEMORY;
    if (!this.#catalogs.has(this.#loads)) {
      makeFolder(dirname(this.#loads));
      await this.#session.attachFile(this.#loads, LOADS, false);
      this.#catalogs.set(this.#loads, LOADS);
    }
    return LOADS;
  }

  async #fill(source: Source, { catalog, name }: { readonly catalog: string; readonly name: string }): Promise<void> {
    const { types, batches, close } = await contentOf(source, this.#session.spillStem);
    try {
      await this.#session.connections.transaction((connection) => loadTable(connection, { catalog, name, types }, batches));
    } finally {
      await close();
    }
  }
}

async function contentOf(source: Source, spillStem: string): Promise<Content> {
  const { location } = source;
  if (location.kind !== 'csv') {
    const { readSqliteSource } = await import('./read-sqlite-source.ts');
    return readSqliteSource(source, spillStem);
  }
  const columns = await csvColumns(location.files, location);
  assertColumns(source, columns);
  const types: Record<string, SqlType> = Object.fromEntries(columns.map((name) => [name, declaredType(source, name) ?? 'text']));
  return { types, batches: readCsv(location.files, { ...location, types }), close: async () => {} };
}

function assertSameColumns(files: readonly string[], each: readonly (readonly ColumnInfo[])[]): void {
  const expected = each[0]!.map(({ name, type }) => `${name} ${type}`).join(', ');
  for (const [i, columns] of each.entries()) {
    const found = columns.map(({ name, type }) => `${name} ${type}`).join(', ');
    if (found === expected) continue;
    throw new NightshiftError({
      code: 'source-headers',
      what: 'The files of one source do not have the same columns in the same order',
      where: files[i],
      found,
      expected: `${expected}, as in ${files[0]}`,
      fix: 'mend the file, or narrow the pattern of the source in pipeline.yaml',
    });
  }
}
