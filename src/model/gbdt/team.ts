import { tasks, type Engine } from './engine.ts';
import type { Crew } from './crew.ts';

/** Cells added up that are not worth handing over to other threads. */
const SMALL = 20_000;
/** Longest time in milliseconds without giving way to the process's messages and signals. */
const STRETCH = 80;

/** The threads of a training, as its growing of trees sees them: this one, and a crew of others where there is one. */
export class Team {
  readonly engine: Engine;
  private readonly crew: Crew | undefined;
  private yielded = performance.now();

  constructor(engine: Engine, crew: Crew | undefined) {
    this.engine = engine;
    this.crew = crew;
  }

  /** Has every thread do its part of a task; returns when all have. */
  run(task: number, args: readonly number[]): void {
    this.engine.views.args.set(args);
    if (this.crew !== undefined) this.crew.run(task);
    else this.alone(task);
  }

  rowsOf(leaf: number): number {
    const { shape, views } = this.engine;
    let rows = 0;
    for (let thread = 0; thread < shape.threads; thread++) rows += views.sizes[thread * shape.leaves + leaf]!;
    return rows;
  }

  /** Counts a leaf's rows into the histogram of a slot. */
  add(leaf: number, slot: number): void {
    const { shape, views, cells } = this.engine;
    const { histograms, partial } = views;
    const at = slot * cells;
    if (this.crew === undefined || this.rowsOf(leaf) * shape.width < SMALL) {
      histograms.fill(0, at, at + cells);
      for (let thread = 0; thread < shape.threads; thread++) this.engine.add(thread, leaf, { target: histograms, at });
      return;
    }
    this.run(tasks.add, [leaf, slot]);
    for (let from = 0; from < partial.length; from += cells) {
      for (let cell = 0; cell < cells; cell++) histograms[at + cell]! += partial[from + cell]!;
    }
  }

  split({ leaf, right, node, rows }: { readonly leaf: number; readonly right: number; readonly node: number; readonly rows: number }): void {
    if (rows * 8 >= SMALL) return this.run(tasks.split, [leaf, right, node]);
    this.engine.views.args.set([leaf, right, node]);
    this.alone(tasks.split);
  }

  async giveWay(): Promise<void> {
    if (performance.now() - this.yielded < STRETCH) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.yielded = performance.now();
  }

  private alone(task: number): void {
    for (let thread = 0; thread < this.engine.shape.threads; thread++) this.engine.perform(task, thread);
  }
}
