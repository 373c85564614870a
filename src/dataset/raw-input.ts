import { type Stats, createReadStream, statSync } from 'node:fs';
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ExitCode, NightshiftError, codeOf, messageOf } from '../shared/errors.ts';
import { fileError } from '../shared/files.ts';

const PIECE_BYTES = 1 << 18;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** The bytes of a file or a stream, unpacked where they are gzip, counted as they came. */
export class RawInput {
  readonly name: string;
  /** The bytes of the file as it lies there; undefined for a stream. */
  readonly totalBytes: number | undefined;
  bytesRead = 0;
  readonly #stream: Readable;

  /** Throws `input-missing` for a file that is not there or no file. */
  constructor(input: Readable | string) {
    this.name = typeof input === 'string' ? input : 'the stream that was piped in';
    this.totalBytes = typeof input === 'string' ? sizeOf(input) : undefined;
    this.#stream = typeof input === 'string' ? createReadStream(input, { highWaterMark: PIECE_BYTES }) : input;
  }

  /** Throws `gzip-broken` where packed bytes end before their end, or are none. */
  async *bytes(): AsyncGenerator<Buffer> {
    const raw = this.#counted();
    const head: Buffer[] = [];
    for (let size = 0; size < GZIP.length; ) {
      const next = await raw.next();
      if (next.done === true) break;
      head.push(next.value);
      size += next.value.length;
    }
    const all = joined(head, raw);
    if (Buffer.concat(head).subarray(0, GZIP.length).equals(GZIP)) yield* this.#unpacked(all);
    else yield* all;
  }

  destroy(): void {
    this.#stream.destroy();
  }

  async *#counted(): AsyncGenerator<Buffer> {
    try {
      for await (const piece of this.#stream) {
        const bytes = typeof piece === 'string' ? Buffer.from(piece) : (piece as Buffer);
        this.bytesRead += bytes.length;
        yield bytes;
      }
    } catch (cause) {
      throw fileError(this.name, cause);
    }
  }

  async *#unpacked(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
    // What fails arrives through the iteration.
    pipeline(Readable.from(packed), gunzip, () => undefined);
    try {
      for await (const piece of gunzip) yield piece as Buffer;
    } catch (cause) {
      throw codeOf(cause)?.startsWith('Z_') === true ? gzipBroken(cause) : cause;
    } finally {
      gunzip.destroy();
    }
  }
}

async function* joined(head: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  yield* rest;
}

function statOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    throw fileError(file, cause);
  }
}

function sizeOf(file: string): number {
  const found = statOf(file);
  if (found?.isDirectory() === false) return found.size;
  throw new NightshiftError({ code: 'input-missing', what: 'The file is not there', where: file, found: found === undefined ? 'no such file' : 'a folder', expected: 'a file of CSV or JSON Lines', fix: 'mend the path', exitCode: ExitCode.usage });
}

function gzipBroken(cause: unknown): NightshiftError {
  return new NightshiftError({ code: 'gzip-broken', what: 'The packed file is broken or was cut off', found: messageOf(cause), expected: 'gzip to its end', fix: 'bring the file again, whole', cause });
}
