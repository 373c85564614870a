import { closeSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fileError } from '../shared/files.ts';
import type { KeptLines } from './kept-rows.ts';

/** Writes kept rows to a file, batch by batch: how many rows and bytes, then ends and bytes. */
export class KeptWriter {
  readonly #file: string;
  readonly #handle: number;

  constructor(file: string) {
    this.#file = file;
    this.#handle = openSync(file, 'w');
  }

  write({ data, ends }: KeptLines): void {
    try {
      for (const part of [Int32Array.of(ends.length, data.length), ends, data]) {
        for (let at = 0; at < part.byteLength; ) at += writeSync(this.#handle, new Uint8Array(part.buffer, part.byteOffset + at, part.byteLength - at));
      }
    } catch (cause) {
      throw fileError(this.#file, cause);
    }
  }

  close(): void {
    closeSync(this.#handle);
  }
}

/** Reads what a KeptWriter wrote. */
export async function* readKept(file: string): AsyncGenerator<KeptLines> {
  const handle = await open(file, 'r');
  try {
    for (;;) {
      const [rows, bytes] = await words(handle, 2);
      if (rows === undefined || bytes === undefined) return;
      yield { ends: await words(handle, rows), data: await read(handle, bytes) };
    }
  } finally {
    await handle.close();
  }
}

async function words(handle: FileHandle, count: number): Promise<Int32Array> {
  const bytes = await read(handle, count * 4);
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** As many bytes, or none at the file's end. */
async function read(handle: FileHandle, bytes: number): Promise<Buffer> {
  const data = Buffer.from(new ArrayBuffer(bytes));
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(data, filled, bytes - filled, null);
    if (bytesRead === 0) return data.subarray(0, filled);
    filled += bytesRead;
  }
  return data;
}
