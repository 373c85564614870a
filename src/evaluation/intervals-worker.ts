import { parentPort, workerData } from 'node:worker_threads';
import { detailsOf } from '../shared/errors.ts';
import { type IntervalReply, type IntervalRequest, intervalsOfParts } from './intervals-aside.ts';

/** Works out the intervals of metrics on a thread of its own. */
const tell = (reply: IntervalReply): void => parentPort?.postMessage(reply);

try {
  tell({ intervals: intervalsOfParts(workerData as IntervalRequest) });
} catch (thrown) {
  tell({ error: detailsOf(thrown) });
}
