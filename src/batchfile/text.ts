import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { NightshiftError, codeOf } from '../shared/errors.ts';
import { fileError } from '../shared/files.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const PIECE_BYTES = 1 << 18;

/** What stands for bytes that are no text in the file's encoding. */
export const NO_TEXT = '\uFFFD';

/** A file's text, piece by piece: unpacked where it is gzipped, decoded by its byte-order mark, as UTF-16 where every second byte is NUL, and else as UTF-8. */
export async function* textOf(file: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  const bytes = createReadStream(file, { highWaterMark: PIECE_BYTES });
  const plain = isGzip(file) ? bytes.pipe(createGunzip()) : bytes;
  bytes.on('error', (error) => plain.destroy(error));
  try {
    for await (const piece of plain) {
      decoder ??= new TextDecoder(encodingOf(piece as Buffer));
      yield decoder.decode(piece as Buffer, { stream: true });
    }
    if (decoder !== undefined) yield decoder.decode();
  } catch (cause) {
    throw readError(file, cause);
  } finally {
    bytes.destroy();
  }
}

function encodingOf(piece: Buffer): Encoding {
  const [first, second] = piece;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const start = piece.subarray(0, 64);
  const nul = (offset: number): boolean => start.length >= 4 && start.every((byte, i) => i % 2 !== offset || byte === 0) && start.some((byte, i) => i % 2 !== offset && byte !== 0);
  return nul(1) ? 'utf-16le' : nul(0) ? 'utf-16be' : 'utf-8';
}

function isGzip(file: string): boolean {
  try {
    const handle = openSync(file, 'r');
    try {
      const start = Buffer.alloc(2);
      return readSync(handle, start, 0, 2, 0) === 2 && start.readUInt16BE() === 0x1f8b;
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw fileError(file, cause);
  }
}

function readError(file: string, cause: unknown): NightshiftError {
  if (cause instanceof NightshiftError) return cause;
  const code = codeOf(cause) ?? '';
  if (!code.startsWith('Z_')) return fileError(file, cause);
  return new NightshiftError({ code: 'batch-truncated', what: 'The gzipped batch ends too early, or is damaged', where: file, found: code, expected: 'a whole gzip file', fix: 'bring the file again', cause });
}
