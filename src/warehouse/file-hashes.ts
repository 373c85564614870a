import { existsSync, statSync } from 'node:fs';
import { canonicalJson, sha256, sha256OfFile } from '../shared/hash.ts';
import type { Source } from './warehouse.ts';

/** Hashes of files by path, for as long as a connection lasts. */
export class FileHashes {
  readonly #hashes = new Map<string, string>();

  /** A hash of a source's files, and of what names it inside them, that does not depend on the folder that they are in. */
  async ofSource({ location }: Source): Promise<string> {
    if (location.kind === 'database') return sha256(canonicalJson([await this.#of(location.file), location.table.toLowerCase()]));
    const hashes: string[] = [];
    for (const file of location.files) hashes.push(await this.#of(file));
    return sha256(canonicalJson(hashes));
  }

  async #of(file: string): Promise<string> {
    const known = this.#hashes.get(file);
    if (known !== undefined) return known;
    const hash = hasLog(file) ? await hashWithLog(file) : sha256OfFile(file);
    this.#hashes.set(file, hash);
    return hash;
  }
}

/** What a loaded source is called among others that stay: by what its files hold now, and as what they are read. */
export async function loadedName(source: Source): Promise<string> {
  const { location, types } = source;
  const how = location.kind === 'csv' ? [location.kind, location.delimiter, location.encoding ?? null, location.dates ?? null] : [location.kind];
  return `loaded_${sha256(canonicalJson([await new FileHashes().ofSource(source), how, types])).slice(0, 16)}`;
}

/** A SQLite file in WAL mode whose last changes are still in the log beside it. */
function hasLog(file: string): boolean {
  return existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0;
}

/** The file as it will be once its log is folded in, so that folding it in, which anyone may do, changes nothing. */
async function hashWithLog(file: string): Promise<string> {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(file, { readonly: true });
  try {
    return sha256(db.serialize());
  } finally {
    db.close();
  }
}
