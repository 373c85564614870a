import { join } from 'node:path';
import { NightshiftError } from '../shared/errors.ts';
import { readJsonFile, writeFileWhole } from '../shared/files.ts';
import type { Config } from '../shared/config/schema.ts';
import type { Places } from './places.ts';

interface Stamp {
  readonly runId: string;
  readonly step: string;
  readonly rows: number;
}

/**
 * Which run and step made each relation. A stamp is taken off before its relation is made and put on after, so that a
 * relation with a stamp is whole and of that run.
 */
export class Stamps {
  readonly #file: string;

  constructor(places: Places, kind: Config['warehouse']) {
    this.#file = join(places.data, `warehouse.${kind}.stamps.json`);
  }

  async around(stamp: { relation: string; runId: string; step: string }, make: () => Promise<number>): Promise<number> {
    this.#change((stamps) => stamps.delete(stamp.relation));
    const rows = await make();
    this.#change((stamps) => stamps.set(stamp.relation, { runId: stamp.runId, step: stamp.step, rows }));
    return rows;
  }

  /** Refuses a relation that another run made, or nobody. */
  require(relation: string, runId: string, maker: string): void {
    const stamp = this.#read().get(relation);
    if (stamp?.runId === runId) return;
    throw new NightshiftError({
      code: 'relation-of-another-run',
      what: `The relation ${relation} is not of this run`,
      found: stamp === undefined ? 'not made, or not whole' : `made by ${stamp.step} of run ${stamp.runId}`,
      expected: `made by run ${runId}`,
      fix: `run ${maker} for this as-of date first: run.sh step ${maker} --as-of ${runId.slice(0, 10)}`,
    });
  }

  #read(): Map<string, Stamp> {
    return new Map(Object.entries((readJsonFile(this.#file) ?? {}) as Record<string, Stamp>));
  }

  #change(edit: (stamps: Map<string, Stamp>) => void): void {
    const stamps = this.#read();
    edit(stamps);
    writeFileWhole(this.#file, `${JSON.stringify(Object.fromEntries(stamps), null, 1)}\n`);
  }
}
