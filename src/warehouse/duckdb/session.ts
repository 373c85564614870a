import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance, StatementType } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { NightshiftError } from '../../shared/errors.ts';
import { makeFolder } from '../../shared/files.ts';
import { assertDistinct, assertSelect, queryOf, sqlInvalid, sqlWrites } from '../sql-errors.ts';
import type { ColumnInfo } from '../warehouse.ts';
import { readOnlyError, warehouseLocked } from '../write-errors.ts';
import { literal } from './dialect.ts';
import { isLocked, statementError, systemError } from './errors.ts';
import type { Script } from './errors.ts';

/** The warehouse's file among the attached ones. */
export const CATALOG = 'nightshift';
/** Where sources and defined views live: in memory, seen by all connections of this process and gone with it. */
export const PASSING = 'memory.main';
const RETRY_MS = 100;
/**
 * What is beyond it goes to disk. Measured: three million rows of 35 columns made and sorted take the same time with half
 * of it and with a third more, which keeps the process below 1.1 GB.
 */
const MEMORY_LIMIT = '768MB';

export interface DuckdbOptions {
  /** The file; undefined for a database that is in memory only. */
  readonly file: string | undefined;
  readonly threads: number;
  readonly readOnly: boolean;
  /** How long to wait for another process that holds the file. */
  readonly waitSeconds: number;
}

/** Files that this process has open to write: the system's lock keeps out other processes, and only those. */
const openHere = new Set<string>();

/**
 * One in-memory instance to which the warehouse's file is attached. What is defined for a while is looked up before the
 * tables of the file. Each stream has a connection of its own, since a connection holds one open result.
 */
export class DuckdbSession {
  readonly file: string;
  /** How the names of passing files begin that are made while a source is loaded. */
  readonly spillStem: string;
  readonly main: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  readonly #options: DuckdbOptions;
  readonly #idle: DuckDBConnection[] = [];
  readonly #busy = new Set<DuckDBConnection>();
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(instance: DuckDBInstance, main: DuckDBConnection, options: DuckdbOptions) {
    this.#instance = instance;
    this.main = main;
    this.#options = options;
    this.file = options.file ?? 'a database in memory';
    this.spillStem = `${options.file ?? join(tmpdir(), 'nightshift')}.loading-`;
  }

  static async open(options: DuckdbOptions): Promise<DuckdbSession> {
    const instance = await DuckDBInstance.create(':memory:', settings(options));
    const session = new DuckdbSession(instance, await instance.connect(), options);
    try {
      await session.#openFile();
      await session.main.run(session.#preamble());
      return session;
    } catch (cause) {
      session.close();
      throw cause instanceof NightshiftError ? cause : (systemError(session.file, cause) ?? cause);
    }
  }

  /** Prepares a script's query, after it was checked to be one SELECT that only reads. The caller destroys it. */
  async query(sql: string, where: string): Promise<{ readonly text: string; readonly statement: DuckDBPreparedStatement }> {
    const text = queryOf(sql, where);
    const statement = await this.attempt({ where, sql: text }, async () => {
      const statements = await this.main.extractStatements(text);
      if (statements.count !== 1) throw sqlWrites(where, 'more than one statement');
      return statements.prepare(0);
    });
    try {
      assertSelect(text, where);
      if (statement.statementType !== StatementType.SELECT) throw sqlWrites(where, 'a statement that is no query');
      if (statement.parameterCount > 0) throw sqlInvalid(where, 'it has parameters');
      return { text, statement };
    } catch (error) {
      statement.destroySync();
      throw error;
    }
  }

  /** The text of a script's query and its columns. */
  async describe(sql: string, where: string): Promise<{ readonly text: string; readonly columns: readonly ColumnInfo[] }> {
    const { text, statement } = await this.query(sql, where);
    try {
      const columns = Array.from({ length: statement.columnCount }, (_, i) => ({
        name: statement.columnName(i),
        type: String(statement.columnType(i)),
      }));
      assertDistinct(columns, where);
      return { text, columns };
    } finally {
      statement.destroySync();
    }
  }

  /** Runs something of the engine's, its errors named. */
  async attempt<T>(script: string | Script, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (cause) {
      throw statementError(typeof script === 'string' ? { where: script } : script, this.file, cause);
    }
  }

  /** One writer at a time, in the order of the calls. */
  write<T>(act: () => Promise<T>): Promise<T> {
    if (this.#options.readOnly) return Promise.reject(readOnlyError(this.file));
    return this.turn(act);
  }

  /** As `write`, for what does not go to the warehouse's file. */
  turn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(act);
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  /** Runs `act` in a transaction of a connection of its own: all of it or nothing. */
  transaction<T>(act: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.withConnection(async (connection) => {
      await connection.run('BEGIN');
      let done = false;
      try {
        const result = await act(connection);
        await connection.run('COMMIT');
        done = true;
        return result;
      } finally {
        // After some errors the engine has rolled back by itself and says so.
        if (!done) await connection.run('ROLLBACK').catch(() => undefined);
      }
    });
  }

  async withConnection<T>(act: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.lend();
    try {
      return await act(connection);
    } finally {
      this.giveBack(connection);
    }
  }

  /** A connection of the caller's own, until it gives it back. */
  async lend(): Promise<DuckDBConnection> {
    const connection = this.#idle.pop() ?? (await this.#connect());
    this.#busy.add(connection);
    return connection;
  }

  giveBack(connection: DuckDBConnection): void {
    if (this.#busy.delete(connection)) this.#idle.push(connection);
  }

  close(): void {
    for (const connection of [...this.#idle, ...this.#busy, this.main]) connection.closeSync();
    this.#idle.length = 0;
    this.#busy.clear();
    this.#instance.closeSync();
    if (!this.#options.readOnly) openHere.delete(this.file);
  }

  /** Attaches a database file; waits for another process that holds it. */
  async attachFile(file: string, catalog: string, readOnly: boolean): Promise<void> {
    const until = performance.now() + this.#options.waitSeconds * 1000;
    for (;;) {
      try {
        await this.main.run(`ATTACH ${literal(file)} AS ${catalog} (${readOnly ? 'READ_ONLY' : 'READ_WRITE'})`);
        return;
      } catch (cause) {
        if (!isLocked(cause) || performance.now() >= until) throw cause;
        await sleep(RETRY_MS);
      }
    }
  }

  async #openFile(): Promise<void> {
    const { file, readOnly } = this.#options;
    if (file === undefined) {
      await this.main.run(`ATTACH ':memory:' AS ${CATALOG}`);
      return;
    }
    if (!readOnly) {
      if (openHere.has(file)) throw warehouseLocked({ file, found: `this process, ${process.pid}, which has it open already` });
      makeFolder(dirname(file));
    }
    await this.attachFile(file, CATALOG, readOnly);
    if (readOnly) return;
    openHere.add(file);
    // Nobody else has the file open: what is there was left by a process that was killed.
    rmSync(spillFolder(file), { recursive: true, force: true });
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run(this.#preamble());
    return connection;
  }

  #preamble(): string {
    return `SET search_path = '${PASSING},${CATALOG}.main'; SET TimeZone = 'UTC'`;
  }
}

/** Where the engine puts what does not fit into its memory. */
function spillFolder(file: string | undefined): string {
  return file === undefined ? join(tmpdir(), `nightshift-duckdb-${process.pid}`) : `${file}.tmp`;
}

function settings({ file, threads }: DuckdbOptions): Record<string, string> {
  return {
    threads: String(threads),
    memory_limit: MEMORY_LIMIT,
    // Nothing is fetched from anywhere.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    temp_directory: spillFolder(file),
  };
}
