import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { ColumnBatch } from '../../dataset/batch.ts';
import { type ErrorDetails, NightshiftError, explain } from '../../shared/errors.ts';
import { startWorker, workerFault } from '../../shared/workers.ts';
import { familyOf } from '../families.ts';
import type { FittedModel } from '../family.ts';

/** A saved model of a blend. */
export interface Saved {
  readonly family: string;
  readonly folder: string;
}

/** A batch, and the number of the next model that nobody has taken: each thread takes one after the other. */
export interface Task {
  readonly batch: ColumnBatch;
  readonly next: Int32Array<SharedArrayBuffer>;
}

/** What one thread predicted, by the numbers of the models. */
export type Share = readonly (readonly [number, Float64Array])[];

export type Reply = { readonly type: 'ready' } | { readonly type: 'done'; readonly share: Share } | { readonly type: 'failed'; readonly error: ErrorDetails };

export interface CrewOptions {
  /** Threads besides the caller's. */
  readonly helpers: number;
  /** Milliseconds of prediction after which they are worth their start. */
  readonly after: number;
}

/** A helper takes .3 s to start, and holds all models once more. */
const USUAL: CrewOptions = { helpers: Math.min(availableParallelism(), 4) - 1, after: 500 };

const WHAT = 'A thread that predicts ended before its work was done';

/** A batch of fewer rows, such as one to be explained, is not worth handing over. */
const WORTH_ROWS = 256;

export async function openModels(saved: readonly Saved[]): Promise<readonly FittedModel[]> {
  const models: FittedModel[] = [];
  for (const { family, folder } of saved) models.push(await (await familyOf(family)).load(folder));
  return models;
}

/** Predicts with the models that nobody else has taken yet; `between` is called before each. */
export async function predictShare(models: readonly FittedModel[], { batch, next }: Task, between: () => Promise<void> | undefined = () => undefined): Promise<Share> {
  const share: (readonly [number, Float64Array])[] = [];
  for (let i = Atomics.add(next, 0, 1); i < models.length; i = Atomics.add(next, 0, 1)) {
    await between();
    share.push([i, await models[i]!.predict(batch)]);
  }
  return share;
}

/**
 * Lets the models of a blend predict. Once that has taken a while further threads help, which have models of their own, loaded from
 * the same folders: what comes of it does not depend on who predicted.
 */
export class PredictCrew {
  readonly #saved: readonly Saved[];
  readonly #models: readonly FittedModel[];
  readonly #options: CrewOptions;
  #helpers: readonly Helper[] = [];
  #spent = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(saved: readonly Saved[], models: readonly FittedModel[], options: CrewOptions = USUAL) {
    this.#saved = saved;
    this.#models = models;
    this.#options = options;
  }

  /** Predictions of each model, in their order. One batch after the other, however many are asked for: a helper is asked one thing at a time. */
  predict(batch: ColumnBatch): Promise<readonly Float64Array[]> {
    const predictions = this.#last.then(() => this.#predict(batch));
    this.#last = predictions.then(
      () => undefined,
      () => undefined,
    );
    return predictions;
  }

  async #predict(batch: ColumnBatch): Promise<readonly Float64Array[]> {
    const task: Task = { batch, next: new Int32Array(new SharedArrayBuffer(4)) };
    const before = this.#spent;
    const start = performance.now();
    const asked = new Map<Helper, Promise<Share>>();
    const own = predictShare(this.#models, task, async () => {
      if (batch.rows < WORTH_ROWS) return;
      this.#spent = before + performance.now() - start;
      for (const helper of await this.#ready()) if (!asked.has(helper)) asked.set(helper, helper.predict(task));
    });
    const predictions: Float64Array[] = [];
    // A fault of one's own does not leave helpers at work on what nobody waits for.
    const [ownEnd] = await Promise.allSettled([own]);
    for (const end of [ownEnd, ...(await Promise.allSettled(asked.values()))]) {
      if (end.status === 'rejected') throw end.reason;
      for (const [i, one] of end.value) predictions[i] = one;
    }
    if (batch.rows >= WORTH_ROWS) this.#spent = before + performance.now() - start;
    return predictions;
  }

  dispose(): void {
    for (const model of this.#models) model.dispose();
    for (const helper of this.#helpers) helper.end();
  }

  /** The helpers that have loaded their models; starts them when it is time. */
  async #ready(): Promise<readonly Helper[]> {
    const { helpers, after } = this.#options;
    if (this.#helpers.length === 0 && this.#spent >= after) this.#helpers = Array.from({ length: Math.min(helpers, this.#models.length - 1) }, () => new Helper(this.#saved));
    // Predicting leaves messages unheard.
    if (this.#helpers.some(({ state }) => state === 'starting')) await new Promise((resolve) => setImmediate(resolve));
    return this.#helpers.filter(({ state }) => state === 'ready');
  }
}

/** The near side of a thread that helps. It keeps no process alive but while it is asked for something. */
class Helper {
  state: 'starting' | 'ready' | 'gone' = 'starting';
  readonly #worker: Worker;
  #settle: { readonly resolve: (share: Share) => void; readonly reject: (cause: unknown) => void } | undefined;

  constructor(saved: readonly Saved[]) {
    this.#worker = startWorker('predict', saved);
    this.#worker.on('message', (reply: Reply) => this.#hear(reply));
    this.#worker.on('error', (cause) => this.#fail(workerFault(WHAT, cause)));
    this.#worker.on('exit', (code) => this.#fail({ code: 'worker-died', what: WHAT, found: `exit code ${code}`, fix: 'give the machine more memory' }));
    this.#worker.unref();
  }

  predict(task: Task): Promise<Share> {
    const share = this.#ask(task);
    // Whoever asked hears of a failure when it has done its own share.
    share.catch(() => undefined);
    return share;
  }

  async #ask(task: Task): Promise<Share> {
    this.#worker.ref();
    try {
      return await new Promise<Share>((resolve, reject) => {
        this.#settle = { resolve, reject };
        this.#worker.postMessage(task);
      });
    } finally {
      this.#settle = undefined;
      this.#worker.unref();
    }
  }

  end(): void {
    this.state = 'gone';
    void this.#worker.terminate();
  }

  #hear(reply: Reply): void {
    if (reply.type === 'ready') this.state = 'ready';
    else if (reply.type === 'done') this.#settle?.resolve(reply.share);
    else this.#fail(reply.error);
  }

  /** Told to whoever waits. Where nobody does, the others predict everything, only later. */
  #fail(details: ErrorDetails): void {
    if (this.#settle === undefined && this.state !== 'gone') process.stderr.write(`! Predicting goes on without a further thread: ${explain(details)}\n`);
    this.state = 'gone';
    this.#settle?.reject(new NightshiftError(details));
  }
}
