import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../shared/config/schema.ts';
import { windowsOf } from '../../shared/days.ts';
import { type Talk, StepContext } from '../context.ts';
import type { Places } from '../places.ts';

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

/** Lets `use` work with the project's sources in a warehouse of its own, beside whatever night is at work; nothing is left of it. */
export async function withScratch<T>({ places: own, makers, config, asOf, modelRun, talk }: ScratchRequest, use: (step: StepContext) => Promise<T>): Promise<T> {
  const data = join(own.data, 'work', `.score-${process.pid}`);
  rmSync(data, { recursive: true, force: true });
  const places: Places = { ...own, data, logs: join(data, 'logs'), registry: join(data, 'runs.db') };
  const step = new StepContext(
    { runId: modelRun, attempt: 1, step: makers['features'] ?? '', config, windows: windowsOf(asOf, config.split, config.lead), places, fingerprints: {}, makers, backend: 'wasm', champion: null, pinned: false, scorer: modelRun, mode: 'try', inputsHash: '' },
    talk,
  );
  try {
    return await use(step);
  } finally {
    await step.release();
    rmSync(data, { recursive: true, force: true });
  }
}
