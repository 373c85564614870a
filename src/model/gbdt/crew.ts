import type { Worker } from 'node:worker_threads';
import { NightshiftError } from '../../shared/errors.ts';
import { startWorker } from '../../shared/workers.ts';
import type { Engine } from './engine.ts';
import type { Shape } from './shape.ts';
import type { WasmMemory } from './wasm.ts';

/** Places in `Views.control`: the number of the last task given, what it is, and how many threads have not done it. */
export const control = { turn: 0, task: 1, left: 2, failed: 3 } as const;

/** Turns of a loop that waits before it sleeps: the next task mostly comes within microseconds, waking up takes fifty. */
export const SPINS = 20_000;
/** Seconds without an answer after which a thread counts as lost. */
const PATIENCE = 600;

/** What a worker is started with. */
export interface CrewMember {
  readonly shape: Shape;
  readonly memory: WasmMemory | SharedArrayBuffer;
  readonly thread: number;
}

/** The worker threads of a training. Tasks are handed over in shared memory: messages would take longer than most tasks. */
export class Crew {
  private readonly engine: Engine;
  private readonly workers: readonly Worker[];

  private constructor(engine: Engine, workers: readonly Worker[]) {
    this.engine = engine;
    this.workers = workers;
  }

  /** Starts a worker for every thread but the first, and waits until all are there. */
  static async start(engine: Engine, memory: WasmMemory | SharedArrayBuffer): Promise<Crew | undefined> {
    const { shape } = engine;
    if (shape.threads === 1) return undefined;
    const workers = Array.from({ length: shape.threads - 1 }, (_, index) => startWorker('gbdt', { shape, memory, thread: index + 1 } satisfies CrewMember));
    const crew = new Crew(engine, workers);
    try {
      await Promise.all(workers.map(begun));
    } catch (cause) {
      await crew.end();
      throw cause;
    }
    return crew;
  }

  run(task: number): void {
    const shared = this.engine.views.control;
    Atomics.store(shared, control.task, task);
    Atomics.store(shared, control.left, this.workers.length);
    Atomics.add(shared, control.turn, 1);
    Atomics.notify(shared, control.turn);
    this.engine.perform(task, 0);
    this.wait();
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private wait(): void {
    const shared = this.engine.views.control;
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(shared, control.left) === 0) return this.check();
    for (let second = 0; second < PATIENCE; second++) {
      const left = Atomics.load(shared, control.left);
      if (left === 0) return this.check();
      Atomics.wait(shared, control.left, left, 1000);
    }
    throw lost('no answer');
  }

  private check(): void {
    if (Atomics.load(this.engine.views.control, control.failed) > 0) throw lost('an error, printed above');
  }
}

/** What a worker does until it is ended: its part of every task. */
export function serve(engine: Engine, thread: number): void {
  const shared = engine.views.control;
  for (let turn = 1; ; turn++) {
    for (let spin = 0; spin < SPINS && Atomics.load(shared, control.turn) < turn; spin++);
    while (Atomics.load(shared, control.turn) < turn) Atomics.wait(shared, control.turn, turn - 1);
    const task = Atomics.load(shared, control.task);
    try {
      engine.perform(task, thread);
    } catch (cause) {
      process.stderr.write(`${String(cause)}\n`);
      Atomics.add(shared, control.failed, 1);
    }
    Atomics.sub(shared, control.left, 1);
    Atomics.notify(shared, control.left);
  }
}

function begun(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.once('exit', () => reject(lost('an early end')));
  });
}

function lost(found: string): NightshiftError {
  return new NightshiftError({ code: 'thread-lost', what: 'A thread of the training did not do its part.', found, expected: 'an answer from every thread', fix: 'Run again; with less memory or cores than asked for, set fewer threads.' });
}
