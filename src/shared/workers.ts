import { Worker } from 'node:worker_threads';
import { programFile } from './bundle.ts';
import { type ErrorDetails, codeOf, messageOf } from './errors.ts';

/** What runs on worker threads, each in a file of its own, as the launcher bundles them. */
export type WorkerName = 'gbdt' | 'fit' | 'predict' | 'intervals' | 'batchfile';

/** What an error that ended a worker thread is to be told as. */
export function workerFault(what: string, cause: unknown): ErrorDetails {
  const found = messageOf(cause);
  return codeOf(cause) === 'ERR_WORKER_OUT_OF_MEMORY' ? { code: 'worker-died', what, found, fix: 'give the machine more memory' } : { code: 'unexpected', what, found };
}

/** Starts a worker thread; the caller ends it with `terminate`. What it prints goes to stderr. */
export function startWorker(name: WorkerName, workerData: unknown): Worker {
  const worker = new Worker(programFile('workers', `${name}.mjs`), { workerData, stdout: true });
  worker.stdout.pipe(process.stderr, { end: false });
  return worker;
}
