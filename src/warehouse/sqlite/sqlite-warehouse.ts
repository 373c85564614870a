import type { ColumnBatch } from '../../dataset/batch.ts';
import { bytewise } from '../../dataset/bytewise.ts';
import type {
  Capabilities, ColumnInfo, Dialect, Publication, Row, SavedTable, Scalar, Source, SqlType, StreamOptions, Warehouse,
} from '../warehouse.ts';
import { FileHashes } from '../file-hashes.ts';
import { Attachments } from './attach.ts';
import type { AttachedSource } from './attach.ts';
import { checkTypes } from './check-types.ts';
import { identifier, literal, sqliteDialect } from './dialect.ts';
import { hashRows } from './fingerprint.ts';
import { loadTable } from './load-table.ts';
import { valueKinds } from './value-kinds.ts';
import { publish } from './publish.ts';
import { wholeFile } from '../whole-file.ts';
import { saveTables } from './save.ts';
import { readStream } from './read-stream.ts';
import { SqliteSession } from './session.ts';
import type { SqliteOptions } from './session.ts';

const FRESH = ' (new)';

/** The embedded default: a SQLite file through better-sqlite3. Its calls are synchronous beneath. */
export class SqliteWarehouse implements Warehouse {
  readonly dialect: Dialect = sqliteDialect;
  readonly capabilities: Capabilities = { sharedFile: true, parquet: false };
  readonly #session: SqliteSession;
  readonly #attachments: Attachments;
  readonly #hashes = new FileHashes();
  readonly #sources = new Map<string, AttachedSource>();
  readonly #defined = new Set<string>();

  /** A warehouse of nothing, in memory, through which another engine reads a source. */
  static reading(spillStem: string): SqliteWarehouse {
    return new SqliteWarehouse({ file: ':memory:', readOnly: false, waitSeconds: 10, spillStem });
  }

  constructor(options: SqliteOptions) {
    this.#session = new SqliteSession(options);
    this.#attachments = new Attachments(this.#session, options.loads);
  }

  async attach(sources: readonly Source[]): Promise<void> {
    for (const source of sources) {
      const attached = await this.#attachments.attach(source);
      this.#sources.set(source.name, attached);
      if (!this.#defined.has(source.name)) this.#view(source.name, attached.view);
    }
  }

  async check(source: Source): Promise<void> {
    const attached = this.#sources.get(source.name) ?? (await this.#attachments.attach(source));
    checkTypes(this.#session, attached);
  }

  /** What the values of some columns of a relation are, by a scan. Integers beyond ±2^53 count as text. */
  async kinds(relation: string, names: readonly string[]): Promise<readonly SqlType[]> {
    return valueKinds(this.#session, relation, names);
  }

  async assertReads(sql: string, where: string): Promise<void> {
    this.#session.query(sql, where);
  }

  async columns(sql: string, where: string): Promise<readonly ColumnInfo[]> {
    return this.#session.columns(sql, where);
  }

  async define(name: string, sql: string, where = name): Promise<readonly ColumnInfo[]> {
    this.#session.columns(sql, where);
    this.#view(name, this.#session.query(sql, where).source);
    this.#defined.add(name);
    // A view knows the types of casts, which a query's own columns do not tell.
    return this.#session.db.prepare<[], ColumnInfo>(`SELECT name, type FROM pragma_table_xinfo(${literal(name)}, 'temp')`).all();
  }

  async undefine(name: string): Promise<void> {
    if (!this.#defined.delete(name)) return;
    const source = this.#sources.get(name);
    if (source !== undefined) this.#view(name, source.view);
    else this.#session.db.exec(`DROP VIEW IF EXISTS temp.${identifier(name)}`);
  }

  make(name: string, sql: string, where: string): Promise<number> {
    return this.#session.write(() => {
      this.#session.columns(sql, where);
      const query = this.#session.query(sql, where).source;
      return this.#session.change(query, where, () => this.#replace(name, query));
    });
  }

  load(name: string, types: Readonly<Record<string, SqlType>>, batches: AsyncIterable<ColumnBatch>): Promise<number> {
    return this.#session.write(() => this.#loadWhole(name, types, batches));
  }

  stream(sql: string, options: StreamOptions): AsyncIterable<ColumnBatch> {
    return readStream(this.#session, sql, options);
  }

  async rows(sql: string, where = 'a query'): Promise<readonly Row[]> {
    this.#session.columns(sql, where);
    const rows = this.#session.attempt(sql, where, () => this.#session.query(sql, where).safeIntegers(true).all());
    return rows.map((row) => Object.fromEntries(Object.entries(row as object).map(([name, value]) => [name, scalar(value)])));
  }

  async tables(): Promise<readonly string[]> {
    const sql = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    return this.#session.db.prepare<[], string>(sql).pluck().all().filter((name) => !name.endsWith(FRESH)).sort(bytewise);
  }

  drop(table: string): Promise<void> {
    return this.#session.write(() => this.#drop(table));
  }

  async fingerprint(relation: string): Promise<string> {
    const attached = this.#defined.has(relation) ? undefined : this.#sources.get(relation);
    if (attached?.hashed === 'files') return this.#hashes.ofSource(attached.source);
    const from = attached?.table ?? identifier(relation);
    return hashRows(this.#session, from, relation);
  }

  save(file: string, queries: Readonly<Record<string, string>>): Promise<Readonly<Record<string, SavedTable>>> {
    return this.#session.turn(() => wholeFile(file, async (temporary) => saveTables(this.#session, temporary, queries)));
  }

  publish(publication: Publication): Promise<void> {
    return this.#session.write(() => publish(this.#session, publication));
  }

  async close(): Promise<void> {
    this.#session.db.close();
    this.#attachments.close();
  }

  #view(name: string, query: string): void {
    const view = `temp.${identifier(name)}`;
    this.#session.db.exec(`DROP VIEW IF EXISTS ${view}; CREATE TEMP VIEW ${identifier(name)} AS\n${query}`);
  }

  /** The new table comes to be beside the old one, which its query may read, and then takes its name. */
  #replace(name: string, query: string): number {
    const { db } = this.#session;
    const fresh = `main.${identifier(freshName(name))}`;
    db.exec(`DROP TABLE IF EXISTS ${fresh}; CREATE TABLE ${fresh} AS\n${query}`);
    const rows = db.prepare<[], number>(`SELECT count(*) FROM ${fresh}`).pluck().get() ?? 0;
    this.#rename(name);
    return rows;
  }

  async #drop(table: string): Promise<void> {
    await this.#session.change('', table, () => this.#session.db.exec(`DROP TABLE IF EXISTS main.${identifier(table)}`));
  }

  #rename(name: string): void {
    const [old, fresh] = [identifier(name), identifier(freshName(name))];
    this.#session.db.exec(`DROP TABLE IF EXISTS main.${old}; ALTER TABLE main.${fresh} RENAME TO ${old}`);
  }

  async #loadWhole(name: string, types: Readonly<Record<string, SqlType>>, batches: AsyncIterable<ColumnBatch>): Promise<number> {
    try {
      const rows = await loadTable(this.#session, { table: `main.${identifier(freshName(name))}`, types, where: name }, batches);
      await this.#session.change('', name, () => this.#rename(name));
      return rows;
    } catch (error) {
      // A full disk may not even let go of what filled it; then the next table of this name replaces it.
      await this.#drop(freshName(name)).catch(() => undefined);
      throw error;
    }
  }
}

/** A table that is being made; one that a crash left is not shown, and the next of its name replaces it. */
function freshName(name: string): string {
  return name + FRESH;
}

function scalar(value: unknown): Scalar {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === 'number' || typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('hex') : null;
}
