import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** What runs on worker threads, each in a file of its own, as the launcher bundles them. */
export type WorkerName = 'gbdt' | 'fit' | 'predict' | 'intervals' | 'batchfile';

/** Starts a worker thread; the caller ends it with `terminate`. What it prints goes to stderr. */
export function startWorker(name: WorkerName, workerData: unknown): Worker {
  const worker = new Worker(join(process.env['NIGHTSHIFT_BUNDLE'] ?? '', 'workers', `${name}.mjs`), { workerData, stdout: true });
  worker.stdout.pipe(process.stderr, { end: false });
  return worker;
}
