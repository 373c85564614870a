import type { CellColumn } from './cell-column.ts';
import { KeySet } from './key-set.ts';

/** The key of one row after another, spelled into one buffer: the parts with a NUL between them, which no part holds. */
export class RowKey {
  readonly #keys = new KeySet();
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  begin(): void {
    this.#length = 0;
  }

  addBytes(data: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start + 1);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = start; i < end; i++) bytes[at++] = data[i]!;
    bytes[at++] = 0;
    this.#length = at;
  }

  addText(text: string): void {
    this.#reserve(text.length * 3 + 1);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
    this.#bytes[this.#length++] = 0;
  }

  /** Adds the parts of a record's key, of which each column knows how it is spelled. */
  addCell(column: CellColumn, text: string): void {
    this.addText(column.canonical ?? text);
  }

  /** False if a row had this key before. */
  isNew(): boolean {
    return this.#keys.add(this.#bytes, this.#length - 1);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#length + more) * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
