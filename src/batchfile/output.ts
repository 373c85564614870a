import { renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { NightshiftError, codeOf } from '../shared/errors.ts';
import { fileError, makeFolder } from '../shared/files.ts';

/** Where bytes go: a file, whole or not at all, or a stream. */
export interface Output {
  write(bytes: Buffer): Promise<void>;
  /** The file is renamed to its own name; a stream has taken everything. */
  finish(): Promise<void>;
  /** What was written of a file is removed. */
  abort(): Promise<void>;
}

export function openOutput(output: Writable | string): Promise<Output> {
  return typeof output === 'string' ? FileOutput.open(output) : Promise.resolve(new StreamOutput(output));
}

/** Written beside the file's own name, which it gets at the end: so the file may be the one that is being read. */
class FileOutput implements Output {
  readonly #file: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;

  private constructor(file: string, temporary: string, handle: FileHandle) {
    this.#file = file;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  static async open(file: string): Promise<FileOutput> {
    const temporary = `${file}.${process.pid}.tmp`;
    try {
      makeFolder(dirname(file));
      return new FileOutput(file, temporary, await open(temporary, 'w'));
    } catch (cause) {
      throw cause instanceof NightshiftError ? cause : fileError(file, cause);
    }
  }

  async write(bytes: Buffer): Promise<void> {
    await this.#attempt(() => this.#handle.writeFile(bytes));
  }

  async finish(): Promise<void> {
    await this.#attempt(async () => {
      await this.#handle.sync();
      await this.#handle.close();
      renameSync(this.#temporary, this.#file);
    });
  }

  async abort(): Promise<void> {
    await this.#handle.close();
    rmSync(this.#temporary, { force: true });
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (cause) {
      await this.abort();
      throw fileError(this.#file, cause);
    }
  }
}

/** A stream that its owner ends. Throws `pipe-closed` once nobody reads it. */
class StreamOutput implements Output {
  readonly #stream: Writable;
  #failed: Error | undefined;
  readonly #onError = (error: Error): void => {
    this.#failed ??= error;
  };

  constructor(stream: Writable) {
    this.#stream = stream;
    // Without a listener a closed pipe would end the process.
    stream.on('error', this.#onError);
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#failed !== undefined) throw streamError(this.#failed);
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(bytes, (error) => (error === undefined || error === null ? resolve() : reject(streamError(error))));
    });
  }

  async finish(): Promise<void> {
    if (this.#failed !== undefined) throw streamError(this.#failed);
  }

  /** The listener stays: what was written may still fail. */
  async abort(): Promise<void> {}
}

const CLOSED: readonly (string | undefined)[] = ['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END', 'ERR_STREAM_PREMATURE_CLOSE'];

function streamError(cause: Error): NightshiftError {
  if (!CLOSED.includes(codeOf(cause))) return fileError('the stream that is written to', cause);
  return new NightshiftError({ code: 'pipe-closed', what: 'Nobody reads the output any more', cause });
}
