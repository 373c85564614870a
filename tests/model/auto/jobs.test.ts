import { expect, test } from '@jest/globals';
import { type Answer, type Job, runOn } from '../../../src/model/auto/jobs.ts';
import { readRows } from '../../../src/model/auto/rows.ts';
import { startWorker } from '../../../src/shared/workers.ts';
import { planted, plantedContract, sourceOf } from '../made.ts';

test('a worker that is being ended is waited for, though its job fails meanwhile', async () => {
  const worker = startWorker('fit', await readRows({ contract: plantedContract, train: sourceOf(planted(100, 1)), validation: undefined }));
  const job: Job = { member: 'linear', number: 1, family: 'linear', options: {}, without: [], seed: 1, rounds: 1, stops: false, threads: 1, folder: '', deadline: Date.now() + 60_000, train: Uint32Array.of(0, 1), held: new Uint32Array(0) };
  const done = runOn(worker, job, () => undefined);
  const gone = worker.terminate();
  worker.emit('message', { type: 'failed', error: { code: 'feature-not-finite', what: 'no number' } } satisfies Answer);
  await expect(done).rejects.toMatchObject({ code: 'feature-not-finite' });
  expect(await gone).toEqual(expect.any(Number));
});
