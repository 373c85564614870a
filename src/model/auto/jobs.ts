import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { ColumnBatch } from '../../dataset/batch.ts';
import { NightshiftError, type ErrorDetails } from '../../shared/errors.ts';
import { writeDescription } from '../description.ts';
import { familyOf } from '../families.ts';
import type { FitProgress, FittedModel, TrainingSummary } from '../family.ts';
import { startWorker } from '../../shared/workers.ts';
import type { Division } from './folds.ts';
import { type SharedRows, sourceOfRows, weighOf } from './rows.ts';

/** One training of one member on one division of the rows. */
export interface Job extends Division {
  readonly member: string;
  /** Which of the member's trainings, from 1. */
  readonly number: number;
  readonly family: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Features that it is not given. */
  readonly without: readonly string[];
  readonly seed: number;
  /** At most so many rounds; as many as planned where undefined. */
  readonly rounds: number | undefined;
  /** Whether the held-out rows may say stop. Otherwise every round is trained and they only judge. */
  readonly stops: boolean;
  /** Threads of its own. */
  readonly threads: number;
  /** An existing empty folder for the model. */
  readonly folder: string;
  /** Milliseconds since 1970 after which it is given up. */
  readonly deadline: number;
}

export interface Done {
  readonly summary: TrainingSummary;
  /** Of the held-out rows. */
  readonly predictions: Float64Array;
}

/** What a training came to: undefined where the clock cut it, an error where its family could not learn from these rows. */
export type Outcome = Done | NightshiftError | undefined;

export interface JobResult {
  readonly job: Job;
  readonly outcome: Outcome;
}

/** What may befall one family and not another: the blend does without it. All else is wrong with the rows or the program. */
const OF_ONE_FAMILY = ['loss-nan', 'nothing-to-learn'];

export type Answer =
  | { readonly type: 'progress'; readonly progress: FitProgress }
  | { readonly type: 'done'; readonly done: Done | undefined }
  | { readonly type: 'failed'; readonly error: ErrorDetails };

/** Trains, saves, and predicts the held-out rows; what it computes with is its own thread's. */
export async function runJob(rows: SharedRows, job: Job, progress: (progress: FitProgress) => void): Promise<Done | undefined> {
  const family = await familyOf(job.family);
  const watched = (at: FitProgress): void => {
    if (Date.now() > job.deadline) throw new Cut();
    progress(at);
  };
  const held = sourceOfRows(rows, job.held);
  try {
    const contract = { ...rows.contract, features: rows.contract.features.filter(({ name }) => !job.without.includes(name)) };
    const { seed, rounds, threads } = job;
    const options = family.parseOptions(job.options);
    const validation = job.stops && job.held.length > 0 ? held : undefined;
    const model = await family.fit({ contract, train: sourceOfRows(rows, job.train), validation, weigh: weighOf(rows), options, backend: 'wasm', seed, rounds, threads, progress: watched });
    try {
      await model.save(job.folder);
      writeDescription(job.folder, { family: job.family, contract, summary: model.summary });
      const predictions = await predictHeld(model, held(), job.held.length * Math.max(1, contract.classes.length));
      requireFinite(job, predictions);
      return { summary: model.summary, predictions };
    } finally {
      model.dispose();
    }
  } catch (thrown) {
    if (thrown instanceof Cut) return undefined;
    throw thrown;
  }
}

async function predictHeld(model: FittedModel, batches: AsyncIterable<ColumnBatch>, size: number): Promise<Float64Array> {
  const all = new Float64Array(size);
  let at = 0;
  for await (const batch of batches) {
    const part = await model.predict(batch);
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function requireFinite({ member }: Job, predictions: Float64Array): void {
  const wrong = predictions.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new NightshiftError({ code: 'predictions-invalid', what: `The member ${member} predicts what is no number, so nothing can be chosen by it.`, where: `model.family auto, member ${member}`, found: String(wrong), expected: 'finite predictions of the held-out rows', fix: 'mend its family, or leave it out of model.options.families' });
}

/** Thrown through a family's training when its time is over. */
class Cut extends Error {}

export interface Pool {
  readonly rows: SharedRows;
  readonly threads: number;
  readonly progress: (job: Job, progress: FitProgress) => void;
  readonly ended: (job: Job) => void;
}

/** Runs jobs, the first ones first, on so many threads; what comes of them depends neither on their number nor on the order. */
export async function runJobs(jobs: readonly Job[], { rows, threads, progress, ended }: Pool): Promise<readonly JobResult[]> {
  const results: JobResult[] = [];
  const waiting = jobs.map((job, index) => ({ job, index }));
  const work = async (run: Runner): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next.index] = { job: next.job, outcome: Date.now() > next.job.deadline ? undefined : await run(next.job).catch(ofOneFamily) };
      ended(next.job);
    }
  };
  const alone = threads === 1 || jobs.length === 1;
  const workers = alone ? [] : Array.from({ length: Math.min(threads, jobs.length) }, () => startWorker('fit', rows));
  try {
    if (alone) await work((job) => runJob(rows, job, (at) => progress(job, at)));
    else await Promise.all(workers.map((worker) => work((job) => runOn(worker, job, progress))));
    return results;
  } finally {
    // Where one has failed, nothing that the others do is of use.
    waiting.length = 0;
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

type Runner = (job: Job) => Promise<Done | undefined>;

/** The error, if it is one family's own. */
function ofOneFamily(thrown: unknown): NightshiftError {
  if (thrown instanceof NightshiftError && OF_ONE_FAMILY.includes(thrown.code)) return thrown;
  throw thrown;
}

export function threadsOf(wanted: number | undefined): number {
  return Math.max(1, Math.min(wanted ?? availableParallelism(), 64));
}

/** One job on a worker. Only its own listeners go in the end: who ends the worker meanwhile waits for its exit, too. */
export function runOn(worker: Worker, job: Job, progress: Pool['progress']): Promise<Done | undefined> {
  return new Promise((resolve, reject) => {
    const died = (code: number): void => settle(() => reject(new NightshiftError({ code: 'worker-died', what: 'A training thread ended before its work was done', where: job.member, found: `exit code ${code}`, expected: 'a trained model', fix: 'give the machine more memory, or train fewer rows' })));
    const failed = (error: unknown): void => settle(() => reject(error));
    const hear = (answer: Answer): void => {
      if (answer.type === 'progress') progress(job, answer.progress);
      else settle(() => (answer.type === 'done' ? resolve(answer.done) : reject(new NightshiftError(answer.error))));
    };
    const settle = (how: () => void): void => {
      worker.off('message', hear).off('error', failed).off('exit', died);
      how();
    };
    worker.on('message', hear).on('error', failed).on('exit', died);
    worker.postMessage(job);
  });
}
