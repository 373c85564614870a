import type { DuckDBMaterializedResult } from '@duckdb/node-api';
import type { ColumnBatch } from '../../dataset/batch.ts';
import { bytewise } from '../../dataset/bytewise.ts';
import { FileHashes } from '../file-hashes.ts';
import type {
  Capabilities, ColumnInfo, Dialect, Publication, Row, SavedTable, Source, SqlType, StreamOptions, Warehouse,
} from '../warehouse.ts';
import { wholeFile } from '../whole-file.ts';
import { Attachments } from './attach.ts';
import type { AttachedSource } from './attach.ts';
import { checkTypes } from './check-types.ts';
import { duckdbDialect, identifier, literal } from './dialect.ts';
import { hashRows } from './fingerprint.ts';
import { loadTable } from './load-table.ts';
import { narrowed } from './narrowed.ts';
import { publish } from './publish.ts';
import { readStream } from './read-stream.ts';
import { saveTables } from './save.ts';
import { scalarOf } from './scalar.ts';
import { CATALOG, PASSING } from './connections.ts';
import { DuckdbSession } from './session.ts';
import type { DuckdbOptions } from './options.ts';

/** Opens a DuckDB file as a warehouse. */
export async function openDuckdb(options: DuckdbOptions): Promise<DuckdbWarehouse> {
  return new DuckdbWarehouse(await DuckdbSession.open(options), options.loads);
}

/** The embedded warehouse for large data: a DuckDB file, one process at a time. */
export class DuckdbWarehouse implements Warehouse {
  readonly dialect: Dialect = duckdbDialect;
  readonly capabilities: Capabilities = { sharedFile: false, parquet: true };
  readonly #session: DuckdbSession;
  readonly #attachments: Attachments;
  readonly #hashes = new FileHashes();
  readonly #sources = new Map<string, AttachedSource>();
  readonly #defined = new Set<string>();

  constructor(session: DuckdbSession, loads: string | undefined) {
    this.#session = session;
    this.#attachments = new Attachments(session, loads);
  }

  async attach(sources: readonly Source[]): Promise<void> {
    for (const source of sources) {
      const attached = await this.#attachments.attach(source);
      this.#sources.set(source.name, attached);
      if (!this.#defined.has(source.name)) await this.#view(source.name, attached.view);
    }
  }

  async check(source: Source): Promise<void> {
    const attached = this.#sources.get(source.name) ?? (await this.#attachments.attach(source));
    await this.#session.attempt(source.name, () => checkTypes(this.#session, attached));
  }

  async assertReads(sql: string, where: string): Promise<void> {
    const { statement } = await this.#session.query(sql, where);
    statement.destroySync();
  }

  async columns(sql: string, where: string): Promise<readonly ColumnInfo[]> {
    return (await this.#session.describe(sql, where)).columns;
  }

  async define(name: string, sql: string, where = name): Promise<readonly ColumnInfo[]> {
    const { text, columns } = await this.#session.describe(sql, where);
    await this.#view(name, text);
    this.#defined.add(name);
    return columns;
  }

  async undefine(name: string): Promise<void> {
    if (!this.#defined.delete(name)) return;
    const source = this.#sources.get(name);
    if (source !== undefined) await this.#view(name, source.view);
    else await this.#session.run(`DROP VIEW IF EXISTS ${PASSING}.${identifier(name)}`);
  }

  make(name: string, sql: string, where: string): Promise<number> {
    return this.#session.write(async () => {
      const query = narrowed(await this.#session.describe(sql, where));
      return this.#session.attempt({ where, linesBefore: 1 }, () => this.#session.runWhole(`CREATE OR REPLACE TABLE ${own(name)} AS${query}`).then(countOf));
    });
  }

  load(name: string, types: Readonly<Record<string, SqlType>>, batches: AsyncIterable<ColumnBatch>): Promise<number> {
    return this.#session.write(() =>
      this.#session.attempt(name, () =>
        this.#session.connections.transaction((connection) => loadTable(connection, { catalog: CATALOG, name, types }, batches)),
      ),
    );
  }

  stream(sql: string, options: StreamOptions): AsyncIterable<ColumnBatch> {
    return readStream(this.#session, sql, options);
  }

  async rows(sql: string, where = 'a query'): Promise<readonly Row[]> {
    const { text, columns } = await this.#session.describe(sql, where);
    const rows = await this.#session.attempt(where, async () => (await this.#session.run(text)).getRows());
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, scalarOf(row[i]!)])));
  }

  async tables(): Promise<readonly string[]> {
    const sql = `SELECT table_name FROM duckdb_tables() WHERE database_name = ${literal(CATALOG)} AND schema_name = 'main'`;
    return (await (await this.#session.run(sql)).getRows()).map(([name]) => String(name)).sort(bytewise);
  }

  drop(table: string): Promise<void> {
    return this.#session.write(() => this.#session.attempt(table, async () => void (await this.#session.run(`DROP TABLE IF EXISTS ${own(table)}`))));
  }

  async fingerprint(relation: string): Promise<string> {
    const attached = this.#defined.has(relation) ? undefined : this.#sources.get(relation);
    if (attached?.hashed === 'files') return this.#hashes.ofSource(attached.source);
    return (await hashRows(this.#session, attached?.from ?? identifier(relation), relation)).fingerprint;
  }

  save(file: string, queries: Readonly<Record<string, string>>): Promise<Readonly<Record<string, SavedTable>>> {
    return wholeFile(file, (temporary) => saveTables(this.#session, temporary, queries));
  }

  publish(publication: Publication): Promise<void> {
    return this.#session.write(() => this.#session.attempt(`the publication of ${publication.asOf}`, () => publish(this.#session, publication)));
  }

  async close(): Promise<void> {
    this.#session.close();
  }

  async #view(name: string, query: string): Promise<void> {
    await this.#session.attempt({ where: name, linesBefore: 1 }, () => this.#session.run(`CREATE OR REPLACE VIEW ${PASSING}.${identifier(name)} AS\n${query}`));
  }
}

function own(name: string): string {
  return `${CATALOG}.main.${identifier(name)}`;
}

/** The rows that a CREATE TABLE AS says it made. */
async function countOf(result: DuckDBMaterializedResult): Promise<number> {
  const [[count] = []] = await result.getRows();
  return Number(count);
}
