import { parentPort, workerData } from 'node:worker_threads';
import { detailsOf } from '../shared/errors.ts';
import { READ_AHEAD } from './aside-messages.ts';
import type { AsideMessage, AsideOptions, ReadSoFar } from './aside-messages.ts';
import type { InputBatch } from './collector.ts';
import { KeptWriter } from './kept-file.ts';
import { keptJson } from './kept-rows.ts';
import { openBatchFile } from './read.ts';
import type { BatchFile } from './read.ts';

/** Reads a batch file on a thread of its own, a few batches ahead of the thread that takes them. */
const room = { batches: READ_AHEAD, isFreed: (): void => undefined };
parentPort?.on('message', () => {
  room.batches += 1;
  room.isFreed();
});

function say(message: AsideMessage, moved: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, moved);
}

async function read(options: AsideOptions): Promise<void> {
  const file = await openBatchFile(options);
  const { keep } = options;
  const kept = keep === undefined ? undefined : new KeptWriter(keep.file);
  const names = keep?.columns === 'key' ? options.key : file.header;
  const { header, format, delimiter, encoding, totalBytes, warnings } = file;
  say({ kind: 'opened', file: { header, format, delimiter, encoding, totalBytes, warnings } });
  for await (const { kept: lines, ...input } of file.batches()) {
    kept?.write(lines ?? keptJson(input, names));
    while (room.batches === 0) await new Promise<void>((resolve) => (room.isFreed = resolve));
    room.batches -= 1;
    say({ kind: 'batch', input, soFar: soFar(file) }, buffersOf(input));
  }
  kept?.close();
  say({ kind: 'end', soFar: soFar(file) });
}

function soFar(file: BatchFile): ReadSoFar {
  return { counts: file.counts(), warnings: file.warnings, bytesRead: file.bytesRead() };
}

/** What changes hands without being copied: the reader begins each batch with arrays of its own. */
function buffersOf({ batch, lines }: InputBatch): readonly ArrayBuffer[] {
  const buffers: ArrayBufferLike[] = [lines.buffer];
  for (const column of batch.columns.values()) {
    if (column.storage === 'text') buffers.push(column.codes.buffer);
    else buffers.push(column.values.buffer, ...(column.nulls === undefined ? [] : [column.nulls.buffer]));
  }
  return buffers as ArrayBuffer[];
}

try {
  await read(workerData as AsideOptions);
} catch (thrown) {
  say({ kind: 'failed', details: detailsOf(thrown) });
}
// Nothing more is waited for.
parentPort?.unref();
