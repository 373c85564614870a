import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** The files of `src/model/` that run on worker threads, as the launcher bundles them. */
export type WorkerName = 'gbdt' | 'fit';

/** Starts a worker thread; the caller ends it with `terminate`. What it prints goes to stderr. */
export function startWorker(name: WorkerName, workerData: unknown): Worker {
  const worker = new Worker(join(process.env['NIGHTSHIFT_BUNDLE'] ?? '', 'workers', `${name}.mjs`), { workerData, stdout: true });
  worker.stdout.pipe(process.stderr, { end: false });
  return worker;
}
