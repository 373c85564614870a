import { closeSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { csvColumns, readCsv } from '../../dataset/csv-read.ts';
import type { SqlType } from '../../dataset/sql-type.ts';
import { codeOf, messageOf } from '../../shared/errors.ts';
import { makeFolder } from '../../shared/files.ts';
import { declaredType } from '../day-columns.ts';
import { loadedName } from '../file-hashes.ts';
import { assertFiles, fileKind } from '../file-kind.ts';
import { assertColumns, sourceClosed, sourceCorrupt, tableMissing } from '../source-errors.ts';
import type { Source } from '../warehouse.ts';
import { identifier } from './dialect.ts';
import { loadTable } from './load-table.ts';
import type { SqliteSession } from './session.ts';
import { sourceView } from './source-view.ts';

/** The engine attaches ten files at most, and needs some for itself; of more sources' files the rest is loaded. */
const MOST_FILES = 7;

/** Where an attached source's rows are on this connection. */
export interface AttachedSource {
  readonly source: Source;
  /** The table, as SQL text. */
  readonly table: string;
  /** The query of its view. */
  readonly view: string;
  /** Whether the rows were checked against their types when they came in. */
  readonly checked: boolean;
  /** Whether the rows are those of files that are hashed as they are; our own file holds much else. */
  readonly hashed: 'files' | 'rows';
}

/** The files and loaded tables of a connection, so that two sources of one place share them. */
export class Attachments {
  readonly #session: SqliteSession;
  readonly #schemas = new Map<string, string>();
  readonly #loaded = new Map<string, string>();
  readonly #keepers: Database.Database[] = [];
  readonly #loads: string | undefined;
  #scratch = false;

  /** `loads`: the file that loaded tables stay in. */
  constructor(session: SqliteSession, loads?: string) {
    this.#session = session;
    this.#loads = loads;
  }

  async attach(source: Source): Promise<AttachedSource> {
    const { location } = source;
    if (location.kind === 'database' && this.#canAttach(source, location.file)) return this.#inPlace(source, location.file, location.table);
    const table = await this.#load(source);
    return this.#described(source, table, { checked: true, hashed: 'files' });
  }

  close(): void {
    for (const keeper of this.#keepers) keeper.close();
  }

  #canAttach(source: Source, file: string): boolean {
    const kind = fileKind(source, file);
    if (kind === 'unknown') throw sourceCorrupt(source, file, 'neither a SQLite nor a DuckDB file');
    return kind === 'sqlite' && (this.#schemas.has(file) || this.#schemas.size < MOST_FILES);
  }

  #inPlace(source: Source, file: string, table: string): AttachedSource {
    const schema = this.#schema(source, file);
    const tables = this.#read(source, file, () => tablesOf(this.#session, schema));
    const found = tables.find((name) => name.toLowerCase() === table.toLowerCase());
    if (found === undefined) throw tableMissing(source, file, table, tables);
    return this.#described(source, `${schema}.${identifier(found)}`, { checked: false, hashed: schema === 'main' ? 'rows' : 'files' });
  }

  #described(source: Source, table: string, how: Pick<AttachedSource, 'checked' | 'hashed'>): AttachedSource {
    const columns = this.#session.db.prepare(`SELECT * FROM ${table}`).columns().map(({ name, type }) => ({ name, type: type ?? '' }));
    return { source, table, view: sourceView(source, table, columns), ...how };
  }

  /** The schema name of an attached file. */
  #schema(source: Source, file: string): string {
    if (file === this.#session.file) return 'main';
    const known = this.#schemas.get(file);
    if (known !== undefined) return known;
    const schema = `source_${this.#schemas.size + 1}`;
    this.#read(source, file, () => {
      this.#keep(file);
      this.#session.db.prepare(`ATTACH ? AS ${schema}`).run(file);
    });
    this.#schemas.set(file, schema);
    return schema;
  }

  /**
   * A file in WAL mode is folded together by its last connection when that closes. A second connection that may only
   * read, and closes last, keeps ours from doing so: sources are never written.
   */
  #keep(file: string): void {
    if (!isWal(file)) return;
    const keeper = new Database(file, { readonly: true });
    this.#keepers.push(keeper);
    keeper.prepare('SELECT count(*) FROM sqlite_schema').get();
  }

  #read<T>(source: Source, file: string, act: () => T): T {
    try {
      return act();
    } catch (cause) {
      if (codeOf(cause)?.startsWith('SQLITE_CANTOPEN') === true && isWal(file)) throw sourceClosed(source, file);
      throw sourceCorrupt(source, file, messageOf(cause));
    }
  }

  async #load(source: Source): Promise<string> {
    const key = JSON.stringify([source.location, source.types]);
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    assertFiles(source);
    this.#openScratch();
    const name = this.#loads === undefined ? `loaded_${this.#loaded.size + 1}` : await loadedName(source);
    const table = `scratch.${identifier(name)}`;
    if (!this.#isWhole(name)) {
      await this.#session.turn(() => this.#fill(source, table));
      this.#session.db.prepare('INSERT INTO scratch.whole VALUES (?)').run(name);
    }
    this.#loaded.set(key, table);
    return table;
  }

  /** What has to be loaded goes to a file of the engine's own that has no name and is gone with the connection, unless it is to be kept. */
  #openScratch(): void {
    if (this.#scratch) return;
    if (this.#loads !== undefined) makeFolder(dirname(this.#loads));
    this.#session.db.prepare('ATTACH ? AS scratch').run(this.#loads ?? '');
    this.#session.db.exec('PRAGMA scratch.journal_mode = OFF; PRAGMA scratch.synchronous = OFF; CREATE TABLE IF NOT EXISTS scratch.whole (name TEXT)');
    this.#scratch = true;
  }

  /** Whether a table was loaded to its end: who was loading it may have been stopped. */
  #isWhole(name: string): boolean {
    return this.#session.db.prepare('SELECT 1 FROM scratch.whole WHERE name = ?').get(name) !== undefined;
  }

  async #fill(source: Source, table: string): Promise<void> {
    const { types, batches, close } = await contentOf(source);
    try {
      await loadTable(this.#session, { table, types, where: source.name }, batches);
    } finally {
      await close();
    }
  }
}

async function contentOf(source: Source) {
  const { location } = source;
  if (location.kind !== 'csv') {
    const { readThroughDuckdb } = await import('../duckdb/read-through.ts');
    return readThroughDuckdb(source);
  }
  const columns = await csvColumns(location.files, location);
  assertColumns(source, columns);
  const types: Record<string, SqlType> = Object.fromEntries(columns.map((name) => [name, declaredType(source, name) ?? 'text']));
  return { types, batches: readCsv(location.files, { ...location, types }), close: async () => {} };
}

/** Names of the tables and views of an attached file. */
function tablesOf(session: SqliteSession, schema: string): readonly string[] {
  const sql = `SELECT name FROM ${schema}.sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;
  return session.db.prepare<[], string>(sql).pluck().all();
}

/** Bytes 18 and 19 of a SQLite file say how it is written: 2 is WAL. */
function isWal(file: string): boolean {
  const head = Buffer.alloc(20);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head);
  } finally {
    closeSync(handle);
  }
  return head[18] === 2;
}
