import { tasks, type Engine } from './engine.ts';
import type { Crew } from './crew.ts';
import type { Best } from './rules.ts';
import { bestFound, searchArgs, type Searched } from './split-search.ts';

/** Cells added up that are not worth handing over to other threads. */
const SMALL = 20_000;
/** Cells that are not worth it in a search. */
const FEW_CELLS = 2000;
/** Longest time in milliseconds without giving way to the process's messages and signals. */
const STRETCH = 80;

/** The threads of a training, as its growing of trees sees them: this one, and a crew of others where there is one. */
export class Team {
  readonly engine: Engine;
  private readonly crew: Crew | undefined;
  private yielded = performance.now();
  /** Whether what other threads counted last is not yet added to the histogram. */
  private apart = false;

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

  /** Counts a leaf's rows into the histogram of a slot, which is whole after a search. */
  add(leaf: number, slot: number): void {
    const { shape, views, cells } = this.engine;
    const { histograms } = views;
    this.apart = this.crew !== undefined && this.rowsOf(leaf) * shape.width >= SMALL;
    if (this.apart) return this.run(tasks.add, [leaf, slot]);
    const at = slot * cells;
    histograms.fill(0, at, at + cells);
    for (let thread = 0; thread < shape.threads; thread++) this.engine.add(thread, leaf, { target: histograms, at });
  }

  /** The packed sum of all rows that were counted into a slot last: every feature's cells come to it. */
  totalOf(slot: number): number {
    const { views, cells, offsets } = this.engine;
    let total = 0;
    for (let cell = 0; cell < offsets[1]!; cell++) {
      total += views.histograms[slot * cells + cell]!;
      if (this.apart) for (let other = 0; other < views.partial.length; other += cells) total += views.partial[other + cell]!;
    }
    return total;
  }

  /** The best split of each leaf. The first was counted last; a second one holds its parent's histogram, and is left with the difference. */
  search(leaves: readonly Searched[]): readonly Best[] {
    this.engine.views.args.set(searchArgs(this.apart, leaves));
    if (this.crew !== undefined && leaves.length * this.engine.cells >= FEW_CELLS) this.crew.run(tasks.search);
    else this.alone(tasks.search);
    return leaves.map((_, index) => bestFound(this.engine, index));
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
