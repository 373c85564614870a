import type { Worker } from 'node:worker_threads';
import { NightshiftError, messageOf } from '../shared/errors.ts';
import { startWorker } from '../shared/workers.ts';
import type { AsideMessage, AsideOptions, ReadSoFar } from './aside-messages.ts';
import type { InputBatch } from './collector.ts';
import type { BatchFile } from './read.ts';

/** As `openBatchFile`, with the same rows and errors, but a file is read on a thread of its own, some batches ahead. */
export async function openBatchFileAside(options: AsideOptions): Promise<BatchFile> {
  const reader = new AsideReader(startWorker('batchfile', options));
  const opened = await reader.next();
  if (opened.kind !== 'opened') throw new Error(`the reader began with ${opened.kind}`);
  return {
    ...opened.file,
    get warnings() {
      return reader.soFar?.warnings ?? opened.file.warnings;
    },
    batches: () => reader.batches(),
    counts: () => reader.soFar?.counts ?? { read: 0, accepted: 0, rejected: 0, byReason: {} },
    bytesRead: () => reader.soFar?.bytesRead ?? 0,
    close: () => reader.end(),
  };
}

/** The near side of a reading worker: its messages in their order. */
class AsideReader {
  soFar: ReadSoFar | undefined;
  readonly #worker: Worker;
  readonly #heard: AsideMessage[] = [];
  #wake: () => void = () => undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: AsideMessage) => this.#hear(message));
    worker.on('error', (error) => this.#hear({ kind: 'failed', details: { code: 'unexpected', what: 'The reader of the batch failed', found: messageOf(error) } }));
    worker.on('exit', () => this.#hear({ kind: 'failed', details: { code: 'unexpected', what: 'The reader of the batch ended too early' } }));
  }

  /** What it says next. Throws what it failed with, and ends it. */
  async next(): Promise<Exclude<AsideMessage, { kind: 'failed' }>> {
    while (this.#heard.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    const message = this.#heard.shift()!;
    if (message.kind !== 'failed') return message;
    this.end();
    throw new NightshiftError(message.details);
  }

  async *batches(): AsyncGenerator<InputBatch> {
    try {
      for (;;) {
        const message = await this.next();
        if (message.kind === 'opened') continue;
        this.soFar = message.soFar;
        if (message.kind === 'end') return;
        this.#worker.postMessage('taken');
        yield message.input;
      }
    } finally {
      this.end();
    }
  }

  /** Its memory is given back. */
  end(): void {
    void this.#worker.terminate();
  }

  #hear(message: AsideMessage): void {
    this.#heard.push(message);
    this.#wake();
  }
}
