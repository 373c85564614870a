import { parentPort, workerData } from 'node:worker_threads';
import { detailsOf } from '../shared/errors.ts';
import { type Reply, type Saved, type Task, openModels, predictShare } from './auto/predict-crew.ts';

/** Predicts on a thread of its own, with models of its own: its share of every batch. */
const tell = (reply: Reply): void => parentPort?.postMessage(reply);
const failed = (thrown: unknown): void => tell({ type: 'failed', error: detailsOf(thrown) });

try {
  const models = await openModels(workerData as readonly Saved[]);
  parentPort?.on('message', (task: Task) => void predictShare(models, task).then((share) => tell({ type: 'done', share }), failed));
  tell({ type: 'ready' });
} catch (thrown) {
  failed(thrown);
}
