import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** The warehouse's file among the attached ones. */
export const CATALOG = 'nightshift';
/** The catalog of what is in memory: seen by all connections of this process and gone with it. */
export const MEMORY = 'memory';
/** The catalog of the loaded sources that stay. */
export const LOADS = 'loads';
/** Where the views of sources live, and those that are defined for a while. */
export const PASSING = `${MEMORY}.main`;
const PREAMBLE = `SET search_path = '${PASSING},${CATALOG}.main'; SET TimeZone = 'UTC'`;

/** The connections of an instance. Each stream has one of its own, since a connection holds one open result. */
export class Connections {
  readonly main: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  readonly #idle: DuckDBConnection[] = [];
  readonly #busy = new Set<DuckDBConnection>();

  private constructor(instance: DuckDBInstance, main: DuckDBConnection) {
    this.#instance = instance;
    this.main = main;
  }

  static async of(instance: DuckDBInstance): Promise<Connections> {
    return new Connections(instance, await instance.connect());
  }

  /** Makes the names of the file's tables known to `main`, once the file is attached. */
  async begin(): Promise<void> {
    await this.main.run(PREAMBLE);
  }

  /** A connection of the caller's own, until it gives it back. */
  async lend(): Promise<DuckDBConnection> {
    const connection = this.#idle.pop() ?? (await this.#connect());
    this.#busy.add(connection);
    return connection;
  }

  /** Takes a connection back; one whose result was not read to its end would keep old tables alive, and is closed. */
  giveBack(connection: DuckDBConnection, ended: boolean): void {
    if (!this.#busy.delete(connection)) return;
    if (ended) this.#idle.push(connection);
    else connection.closeSync();
  }

  /** Runs `act` in a transaction of a connection of its own: all of it or nothing. */
  async transaction<T>(act: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.lend();
    let done = false;
    try {
      await connection.run('BEGIN');
      const result = await act(connection);
      await connection.run('COMMIT');
      done = true;
      return result;
    } finally {
      // A connection that is closed before its COMMIT takes back what it did.
      this.giveBack(connection, done);
    }
  }

  close(): void {
    for (const connection of [...this.#idle, ...this.#busy, this.main]) connection.closeSync();
    this.#idle.length = 0;
    this.#busy.clear();
    this.#instance.closeSync();
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run(PREAMBLE);
    return connection;
  }
}
