import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../shared/config/schema.ts';
import { isAlive } from '../shared/alive.ts';
import { windowsOf } from '../shared/days.ts';
import { makeFolder } from '../shared/files.ts';
import { type Talk, StepContext } from './context.ts';
import type { Places } from './places.ts';

export interface ScratchRequest {
  readonly places: Places;
  /** The step that makes each relation. */
  readonly makers: Readonly<Record<string, string>>;
  /** The configuration that the step works by, such as the one that the model was trained with. */
  readonly config: Config;
  readonly asOf: string;
  readonly modelRun: string;
  readonly talk: Talk;
}

const NAME = '.scratch-';

/** Lets `use` work with the project's sources in a warehouse of its own, beside whatever night is at work; nothing is left of it. */
export async function withScratch<T>({ places: own, makers, config, asOf, modelRun, talk }: ScratchRequest, use: (step: StepContext) => Promise<T>): Promise<T> {
  const data = join(own.data, 'work', `${NAME}${process.pid}`);
  sweep(dirname(data));
  makeFolder(data);
  const places: Places = { ...own, data, logs: join(data, 'logs'), registry: join(data, 'runs.db') };
  const step = new StepContext(
    { runId: modelRun, attempt: 1, step: makers['features'] ?? '', config, windows: windowsOf(asOf, config.split, config.lead), places, fingerprints: {}, makers, backend: 'wasm', champion: null, pinned: false, scorer: modelRun, mode: 'try', inputsHash: '' },
    talk,
    { isPassing: true },
  );
  try {
    return await use(step);
  } finally {
    await step.release();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Removes what processes that were killed left behind, and one of our own number. */
function sweep(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names) {
    if (!name.startsWith(NAME)) continue;
    const pid = Number.parseInt(name.slice(NAME.length), 10);
    if (pid === process.pid || !isAlive(pid)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
