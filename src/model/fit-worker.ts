import { parentPort, workerData } from 'node:worker_threads';
import { detailsOf } from '../shared/errors.ts';
import { type Answer, type Job, runJob } from './auto/jobs.ts';
import type { SharedRows } from './auto/rows.ts';

/** Trains on a thread of its own, one job after the other: the second core, with a WASM of its own. */
const rows = workerData as SharedRows;
const tell = (answer: Answer): void => parentPort?.postMessage(answer);

parentPort?.on('message', (job: Job) => {
  runJob(rows, job, (progress) => tell({ type: 'progress', progress })).then(
    (done) => tell({ type: 'done', done }),
    (thrown: unknown) => tell({ type: 'failed', error: detailsOf(thrown) }),
  );
});
