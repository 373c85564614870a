import { PassThrough } from 'node:stream';
import type { BatchWriter } from '../../batchfile/write.ts';
import type { ColumnBatch } from '../../dataset/batch.ts';

/** A writer whose batches `load` takes one after the other; it loads them whole or not at all. `close` is called at the end, whatever it was. */
export function loadingWriter(load: (batches: AsyncIterable<ColumnBatch>) => Promise<number>, close: () => Promise<void> = async () => {}): BatchWriter {
  const passing = new PassThrough({ objectMode: true, highWaterMark: 1 });
  const loading = load(passing);
  // It is heard by whoever writes next, or finishes.
  loading.catch(() => passing.destroy());
  return {
    write: async (batch) => {
      await new Promise<void>((resolve, reject) => passing.write(batch, (error) => (error === undefined || error === null ? resolve() : reject(error)))).catch((error: unknown) => loading.then(() => Promise.reject(error)));
    },
    finish: async () => {
      passing.end();
      const rows = await loading;
      await close();
      return { rows };
    },
    abort: async () => {
      passing.destroy(new Error('no more rows come'));
      await loading.catch(() => undefined);
      await close();
    },
  };
}
