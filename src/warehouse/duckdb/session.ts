import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance, StatementType } from '@duckdb/node-api';
import type { DuckDBMaterializedResult, DuckDBPreparedStatement } from '@duckdb/node-api';
import { NightshiftError, messageOf } from '../../shared/errors.ts';
import { makeFolder } from '../../shared/files.ts';
import { assertDistinct, assertSelect, queryOf, sqlInvalid, sqlWrites } from '../sql-errors.ts';
import type { Waiting } from '../open.ts';
import type { ColumnInfo } from '../warehouse.ts';
import { readOnlyError, warehouseLocked } from '../write-errors.ts';
import { CATALOG, Connections } from './connections.ts';
import { literal } from './dialect.ts';
import { holderOf, isLocked, isOutOfMemory, statementError, systemError } from './errors.ts';
import type { Script } from './errors.ts';
import { MEMORY_LIMIT, settingsOf, spillFolder } from './options.ts';
import type { DuckdbOptions } from './options.ts';

const RETRY_MS = 100;

/** Files that this process has open to write: the system's lock keeps out other processes, and only those. */
const openHere = new Set<string>();

/**
 * One in-memory instance to which the warehouse's file is attached. What is defined for a while is looked up before the
 * tables of the file.
 */
export class DuckdbSession {
  /** The file, or what stands for it in errors. */
  readonly file: string;
  /** How the names of passing files begin that are made while a source is loaded. */
  readonly spillStem: string;
  readonly connections: Connections;
  readonly #readOnly: boolean;
  readonly #isPassing: boolean;
  readonly #waitSeconds: number;
  readonly #waiting: Waiting | undefined;
  #owned: string | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(connections: Connections, { file, readOnly, waitSeconds, waiting, isPassing = false }: DuckdbOptions) {
    this.connections = connections;
    this.#readOnly = readOnly;
    this.#isPassing = isPassing;
    this.#waitSeconds = waitSeconds;
    this.#waiting = waiting;
    this.file = file ?? 'a database in memory';
    this.spillStem = `${file ?? join(tmpdir(), 'nightshift')}.loading-`;
  }

  static async open(options: DuckdbOptions): Promise<DuckdbSession> {
    const connections = await Connections.of(await DuckDBInstance.create(':memory:', settingsOf(options)));
    const session = new DuckdbSession(connections, options);
    try {
      await session.#openFile(options.file);
      await connections.begin();
      return session;
    } catch (cause) {
      session.close();
      throw cause instanceof NightshiftError ? cause : (systemError(session.file, cause) ?? cause);
    }
  }

  /** Runs a statement of our own. */
  run(sql: string): Promise<DuckDBMaterializedResult> {
    return this.connections.main.run(sql);
  }

  /** The same, whole or not at all; where the little memory of a passing warehouse is not enough for it, the usual is given. */
  async runWhole(sql: string): Promise<DuckDBMaterializedResult> {
    try {
      return await this.run(sql);
    } catch (cause) {
      if (!this.#isPassing || !isOutOfMemory(cause)) throw cause;
      await this.run(`SET memory_limit = ${literal(MEMORY_LIMIT)}`);
      return this.run(sql);
    }
  }

  /** Prepares a script's query, after it was checked to be one SELECT that only reads. The caller destroys it. */
  async query(sql: string, where: string): Promise<{ readonly text: string; readonly statement: DuckDBPreparedStatement }> {
    const text = queryOf(sql, where);
    const statement = await this.attempt({ where, sql: text }, async () => {
      const statements = await this.connections.main.extractStatements(text);
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
    if (this.#readOnly) return Promise.reject(readOnlyError(this.file));
    return this.turn(act);
  }

  /** As `write`, for what does not go to the warehouse's file. */
  turn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(act);
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  close(): void {
    this.connections.close();
    if (this.#owned !== undefined) openHere.delete(this.#owned);
    this.#owned = undefined;
  }

  /** Attaches a database file; waits for another process that holds it. */
  async attachFile(file: string, catalog: string, readOnly: boolean): Promise<void> {
    const until = performance.now() + this.#waitSeconds * 1000;
    for (;;) {
      try {
        await this.run(`ATTACH ${literal(file)} AS ${catalog} (${readOnly ? 'READ_ONLY' : 'READ_WRITE'})`);
        return;
      } catch (cause) {
        if (!isLocked(cause) || performance.now() >= until) throw cause;
        await this.#waiting?.(holderOf(messageOf(cause)));
        await sleep(RETRY_MS);
      }
    }
  }

  async #openFile(file: string | undefined): Promise<void> {
    if (file === undefined) await this.run(`ATTACH ':memory:' AS ${CATALOG}`);
    else if (this.#readOnly) await this.attachFile(file, CATALOG, true);
    else await this.#openToWrite(file);
  }

  async #openToWrite(file: string): Promise<void> {
    if (openHere.has(file)) throw warehouseLocked({ file, found: `this process, ${process.pid}, which has it open already` });
    makeFolder(dirname(file));
    await this.attachFile(file, CATALOG, false);
    openHere.add(file);
    this.#owned = file;
    // Nobody else has the file open: what is there was left by a process that was killed.
    rmSync(spillFolder(file), { recursive: true, force: true });
  }
}
