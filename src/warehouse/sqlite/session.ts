import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { NightshiftError } from '../../shared/errors.ts';
import { makeFolder } from '../../shared/files.ts';
import { assertDistinct, assertSelect, queryOf, sqlWrites } from '../sql-errors.ts';
import type { ColumnInfo } from '../warehouse.ts';
import { textOf } from './row-hash.ts';
import { statementError, systemError } from './errors.ts';

/** Page cache: what a scan of history and its joins keep warm. Measured: more changes nothing at three million rows. */
const CACHE_KIB = 64 * 1024;

export interface SqliteOptions {
  readonly file: string;
  readonly readOnly: boolean;
  /** How long to wait for another process's writing. */
  readonly waitSeconds: number;
}

/** A stream that is still being read; a statement that writes first lets it finish on its own copy. */
export interface OpenStream {
  drain(): void;
  close(): void;
}

/** One connection: the engine's handle, prepared queries, streams that are still open. */
export class SqliteSession {
  readonly db: Database.Database;
  readonly file: string;
  readonly streams = new Set<OpenStream>();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: SqliteOptions) {
    this.file = options.file;
    this.db = open(options);
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

  /** One writer at a time on this connection, in the order of the calls; streams that are open keep what they had begun to read. */
  write<T>(act: () => T | Promise<T>): Promise<T> {
    const turn = this.#writing.then(act);
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  /** Runs `act` in a transaction of its own: all of it or nothing. */
  transaction<T>(act: () => T): T {
    this.drain();
    return this.db.transaction(act).immediate();
  }

  drain(): void {
    for (const stream of this.streams) stream.drain();
  }

  endStreams(): void {
    for (const stream of this.streams) stream.close();
    this.streams.clear();
  }
}

function open(options: SqliteOptions): Database.Database {
  const { file, readOnly } = options;
  if (!readOnly && file !== ':memory:') makeFolder(dirname(file));
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: readOnly, fileMustExist: readOnly, timeout: options.waitSeconds * 1000 });
    configure(db, readOnly);
    return db;
  } catch (cause) {
    db?.close();
    throw systemError(file, cause) ?? new NightshiftError({ code: 'warehouse-failed', what: 'The warehouse cannot be opened', where: file, found: String(cause), cause });
  }
}

function configure(db: Database.Database, readOnly: boolean): void {
  // Loads insert while a stream of the same connection is being read, which the driver forbids unless told so.
  db.unsafeMode(true);
  if (!readOnly) db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('temp_store = MEMORY');
  db.pragma(`cache_size = -${CACHE_KIB}`);
  // Renaming a table must not rewrite, and so must not need, the views that mention it.
  db.pragma('legacy_alter_table = ON');
  db.function('md5', { deterministic: true }, (value: unknown) =>
    value === null ? null : createHash('md5').update(Buffer.isBuffer(value) ? value : textOf(value)).digest('hex'),
  );
}
