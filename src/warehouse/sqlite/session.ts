import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { NightshiftError, codeOf } from '../../shared/errors.ts';
import { makeFolder } from '../../shared/files.ts';
import { readOnlyError } from '../write-errors.ts';
import { assertDistinct, assertSelect, queryOf, sqlWrites } from '../sql-errors.ts';
import type { Waiting } from '../open.ts';
import type { ColumnInfo } from '../warehouse.ts';
import { statementError, systemError } from './errors.ts';
import { Spill, removeLeftSpills } from './spill.ts';

/**
 * Page cache, and with it what a sort holds before it writes a run. More makes joins little faster and groupings slower, which
 * sort in runs that no longer fit the processor's cache: three million rows grouped took 5.7 s of CPU with 16 MB, 6.9 with 64,
 * a million rows joined twice 4.3 and 4.0. Helper threads (`PRAGMA threads`) would halve the time of a large sort, and leave
 * the order of equal rows to chance.
 */
const CACHE_KIB = 16 * 1024;

/** How long the engine itself waits for a lock, which blocks the process, and how long we do in between. */
const BUSY_MS = 500;
const RETRY_MS = 50;

export interface SqliteOptions {
  readonly file: string;
  readonly readOnly: boolean;
  /** How long to wait for another process's writing. */
  readonly waitSeconds: number;
  /** Nobody needs the file after a crash, and nobody else opens it. */
  readonly isPassing?: boolean;
  readonly loads?: string | undefined;
  readonly waiting?: Waiting | undefined;
  /** How the names of the files of streams begin; beside the warehouse's own file unless said. */
  readonly spillStem?: string;
}

/** One connection: the engine's handle, checked queries, one writer at a time. No statement stays open between two calls. */
export class SqliteSession {
  readonly db: Database.Database;
  readonly file: string;
  readonly #spillStem: string;
  readonly #readOnly: boolean;
  readonly #waitSeconds: number;
  readonly #waiting: Waiting | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: SqliteOptions) {
    this.file = options.file;
    this.#readOnly = options.readOnly;
    this.#waitSeconds = options.waitSeconds;
    this.#waiting = options.waiting;
    this.db = open(options);
    const own = !options.readOnly && options.file !== ':memory:';
    this.#spillStem = options.spillStem ?? (own ? `${options.file}.stream-` : join(tmpdir(), 'nightshift-stream-'));
    if (own) removeLeftSpills(this.#spillStem);
  }

  /** Prepares a script's query, after it was checked to be one SELECT that only reads. */
  query(sql: string, where: string): Database.Statement {
    const query = queryOf(sql, where);
    const statement = this.attempt(query, where, () => this.db.prepare(query));
    assertSelect(query, where);
    if (!statement.readonly || !statement.reader) throw sqlWrites(where, 'a statement that writes');
    return statement;
  }

  columns(sql: string, where: string): readonly ColumnInfo[] {
    const columns = this.query(sql, where).columns().map(({ name, type }) => ({ name, type: type ?? '' }));
    assertDistinct(columns, where);
    return columns;
  }

  /** Runs something of the engine's, its errors named. `sql` and `where` are the script that it runs. */
  attempt<T>(sql: string, where: string, act: () => T): T {
    try {
      return act();
    } catch (cause) {
      throw statementError(sql, where, this.file, cause);
    }
  }

  /** A transaction whose errors are named. */
  async change<T>(sql: string, where: string, act: () => T): Promise<T> {
    try {
      return await this.#transaction(act);
    } catch (cause) {
      throw statementError(sql, where, this.file, cause);
    }
  }

  /** Runs a query and keeps its rows in a file beside the warehouse's own. */
  spill(sql: string, where: string): Spill {
    const query = this.query(sql, where).source;
    return this.attempt(query, where, () => Spill.of(this.db, query, this.#spillStem));
  }

  /** One writer at a time on this connection, in the order of the calls. */
  write<T>(act: () => T | Promise<T>): Promise<T> {
    if (this.#readOnly) return Promise.reject(readOnlyError(this.file));
    return this.turn(act);
  }

  /** As `write`, for what does not go to the warehouse's file. */
  turn<T>(act: () => T | Promise<T>): Promise<T> {
    const turn = this.#writing.then(act);
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  /** Runs `act` in a transaction of its own: all of it or nothing. Waits, without blocking, for another process's writing. */
  async #transaction<T>(act: () => T): Promise<T> {
    const until = performance.now() + this.#waitSeconds * 1000;
    for (;;) {
      try {
        return this.db.transaction(act).immediate();
      } catch (cause) {
        if (codeOf(cause) !== 'SQLITE_BUSY' || performance.now() >= until) throw cause;
        await this.#waiting?.('another process that writes to it');
        await sleep(RETRY_MS);
      }
    }
  }
}

function open(options: SqliteOptions): Database.Database {
  const { file, readOnly } = options;
  if (!readOnly && file !== ':memory:') makeFolder(dirname(file));
  let db: Database.Database | undefined;
  try {
    // What is only read is opened as any other: the files of streams could not be attached to it otherwise.
    db = new Database(file, { timeout: Math.min(BUSY_MS, options.waitSeconds * 1000) });
    configure(db, options);
    return db;
  } catch (cause) {
    db?.close();
    throw systemError(file, cause) ?? new NightshiftError({ code: 'warehouse-failed', what: 'The warehouse cannot be opened', where: file, found: String(cause), cause });
  }
}

function configure(db: Database.Database, { readOnly, isPassing = false }: SqliteOptions): void {
  if (!readOnly) {
    db.pragma('page_size = 16384');
    // The engine as it is built here refuses to do without a journal.
    db.pragma(`journal_mode = ${isPassing ? 'MEMORY' : 'WAL'}`);
    db.pragma('journal_size_limit = 67108864');
  }
  db.pragma(`synchronous = ${isPassing ? 'OFF' : 'NORMAL'}`);
  db.pragma(`cache_size = -${CACHE_KIB}`);
  // Renaming a table must not rewrite, and so must not need, the views that mention it.
  db.pragma('legacy_alter_table = ON');
  db.function('md5', { deterministic: true }, (value: unknown) =>
    value === null ? null : createHash('md5').update(Buffer.isBuffer(value) ? value : textOf(value)).digest('hex'),
  );
}

/** Blobs as lower-case hex, anything else as decimal text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('hex');
  return typeof value === 'bigint' ? value.toString() : String(Number(value));
}
