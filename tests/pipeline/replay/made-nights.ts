import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRelations } from '../../../src/pipeline/job/make-relations.ts';
import { keptFile, keptFolder } from '../../../src/pipeline/kept-batches.ts';
import type { FeatureFinding } from '../../../src/pipeline/replay/findings.ts';
import type { Part } from '../../../src/pipeline/replay/parts.ts';
import { type Replay, replay } from '../../../src/pipeline/replay/replay.ts';
import { VERDICTS } from '../../../src/pipeline/replay/verdict.ts';
import { type Kind, withFolder } from '../../contract/warehouses.ts';
import { type SmallOptions, atNight, makeSmall, put } from '../small.ts';

/** A small job whose nights are kept as real ones are, and replayed. */
export class MadeNights {
  readonly #project: string;
  readonly #options: Omit<SmallOptions, 'asOf'>;
  readonly #parts: Part[] = [];

  constructor(project: string, options: Omit<SmallOptions, 'asOf'>) {
    this.#project = project;
    this.#options = options;
  }

  /** Extracts a night and keeps its batches and the SQL of its model. */
  async keep(asOf: string): Promise<void> {
    await atNight(this.#project, { ...this.#options, asOf }, async ({ step }) => {
      await makeRelations(step);
      const { runId, windows, places, config } = step.run;
      const warehouse = await step.warehouse();
      const rows = (from: number, until: number): string => `SELECT * FROM features WHERE on_day_day >= ${from} AND on_day_day < ${until}`;
      mkdirSync(keptFolder(places, runId), { recursive: true });
      await warehouse.save(keptFile(places, { runId, kind: config.warehouse, kept: 'learned' }), { train: rows(windows.trainFromDay, windows.testFromDay), test: rows(windows.testFromDay, windows.asOfDay) });
      await warehouse.save(keptFile(places, { runId, kind: config.warehouse, kept: 'scored' }), { fresh: rows(windows.asOfDay, windows.freshUntilDay) });
      const model = join(places.models, runId);
      cpSync(join(this.#project, 'steps/01-extract'), join(model, 'sql/01-extract'), { recursive: true });
      writeFileSync(join(model, 'pipeline.json'), JSON.stringify(config));
      this.#parts.push(...(['fresh', 'test', 'train'] as const).map((batch): Part => ({ runId, asOf, windows, batch, modelRun: runId })));
    });
  }

  /** Changes a source. */
  change(source: 'visits' | 'orders', change: (lines: readonly string[]) => readonly string[]): void {
    const file = `data/${source}.csv`;
    const [header = '', ...lines] = readFileSync(join(this.#project, file), 'utf8').trim().split('\n');
    put(this.#project, { [file]: [header, ...change(lines), ''].join('\n') });
  }

  workingFiles(): readonly string[] {
    return readdirSync(join(this.#project, 'data/work'));
  }

  /** Replays some of the nights' parts with today's sources, and with today's configuration where `set` changes it. */
  replay({ only = () => true, rows = 1000, set = [] }: { only?: (part: Part) => boolean; rows?: number; set?: readonly string[] } = {}): Promise<Replay> {
    const options = { ...this.#options, set: [...(this.#options.set ?? []), ...set] };
    return atNight(this.#project, options, ({ step: { run, config } }) =>
      replay({ places: run.places, makers: run.makers, config, parts: this.#parts.filter(only), later: this.#parts, rows, talk: { log: () => undefined, progress: () => undefined } }));
  }
}

export function withNights<T>(options: Omit<SmallOptions, 'asOf'> & { readonly kind: Kind }, act: (nights: MadeNights) => Promise<T>): Promise<T> {
  return withFolder((project) => {
    makeSmall(project, options);
    return act(new MadeNights(project, options));
  });
}

/** What is not equal: `feature verdict rows`. */
export function found({ features }: Pick<Replay, 'features'>): readonly string[] {
  return features.flatMap(({ feature, counts }) => VERDICTS.filter((verdict) => verdict !== 'equal' && counts[verdict] > 0).map((verdict) => `${feature} ${verdict} ${counts[verdict]}`));
}

export function examplesOf({ features }: Pick<Replay, 'features'>): FeatureFinding['examples'] {
  return features.flatMap(({ examples }) => examples);
}
