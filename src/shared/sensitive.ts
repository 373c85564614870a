import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileWhole } from './files.ts';

/** Replaces the values of sensitive columns by a keyed hash: equal values stay equal, and nobody without the key finds them by trying. */
export class Mask {
  readonly #columns: ReadonlySet<string>;
  readonly #key: () => Buffer;

  /** The key is made once and kept in `folder`, the state's data folder. */
  constructor(columns: readonly string[], folder: string) {
    this.#columns = new Set(columns.map((column) => column.toLowerCase()));
    this.#key = () => keyIn(folder);
  }

  /** Whatever its case: a query may write a column's name in another. */
  hides(column: string): boolean {
    return this.#columns.has(column.toLowerCase());
  }

  /** The value as it may be shown. */
  shown<T>(column: string, value: T): T | string {
    return value === null || !this.hides(column) ? value : this.hash(String(value));
  }

  /** The keyed hash that stands for a value: twelve hexadecimal digits. */
  hash(value: string): string {
    return `#${createHmac('sha256', this.#key()).update(value).digest('hex').slice(0, 12)}`;
  }
}

function keyIn(folder: string): Buffer {
  const file = join(folder, '.mask-key');
  if (!existsSync(file)) writeFileWhole(file, randomBytes(32), 0o600);
  return readFileSync(file);
}
