import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { isAlive } from '../../shared/alive.ts';
import { PAGE_BYTES, TablePages } from './table-pages.ts';

let spills = 0;

/** The rows of a query in a file of their own, until `close`. */
export class Spill {
  readonly pages: TablePages;
  readonly #file: string;
  readonly #handle: number;

  private constructor(file: string, root: number) {
    this.#file = file;
    this.#handle = openSync(file, 'r');
    this.pages = new TablePages(this.#handle, root);
    // An open file lives on without a name where the system allows it, and then not even a crash leaves it behind.
    if (process.platform !== 'win32') rmSync(file);
  }

  /** Runs a query and keeps its rows in a file whose name begins with `stem`. */
  static of(db: Database.Database, query: string, stem: string): Spill {
    spills += 1;
    const file = `${stem}${process.pid}-${spills}`;
    try {
      return new Spill(file, write(db, query, file));
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    }
  }

  close(): void {
    closeSync(this.#handle);
    rmSync(this.#file, { force: true });
  }
}

/** Makes the file. Returns the page at which its table begins. */
function write(db: Database.Database, query: string, file: string): number {
  const schema = `spill_${spills}`;
  db.prepare(`ATTACH ? AS ${schema}`).run(file);
  try {
    db.exec(`PRAGMA ${schema}.page_size = ${PAGE_BYTES}; PRAGMA ${schema}.journal_mode = OFF; PRAGMA ${schema}.synchronous = OFF`);
    db.exec(`CREATE TABLE ${schema}.rows AS\n${query}`);
    return db.prepare<[], number>(`SELECT rootpage FROM ${schema}.sqlite_schema`).pluck().get() ?? 0;
  } finally {
    db.exec(`DETACH ${schema}`);
  }
}

/** Removes what processes that were killed left behind. */
export function removeLeftSpills(stem: string): void {
  const [folder, beginning] = [dirname(stem), basename(stem)];
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(beginning)) continue;
    const pid = Number.parseInt(name.slice(beginning.length), 10);
    if (!isAlive(pid)) rmSync(join(folder, name), { force: true });
  }
}
