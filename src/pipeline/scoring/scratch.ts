import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../shared/config/schema.ts';
import { windowsOf } from '../../shared/days.ts';
import { type Talk, StepContext } from '../context.ts';
import type { Places } from '../places.ts';
import type { Project } from '../prepare.ts';

export interface ScratchRequest {
  readonly project: Project;
  /** The configuration that the model was trained with. */
  readonly config: Config;
  readonly asOf: string;
  readonly modelRun: string;
  readonly talk: Talk;
}

/** Lets `use` work with the project's sources in a warehouse of its own, beside whatever night is at work; nothing is left of it. */
export async function withScratch<T>({ project, config, asOf, modelRun, talk }: ScratchRequest, use: (step: StepContext) => Promise<T>): Promise<T> {
  const data = join(project.places.data, 'work', `.score-${process.pid}`);
  rmSync(data, { recursive: true, force: true });
  const places: Places = { ...project.places, data, logs: join(data, 'logs'), registry: join(data, 'runs.db') };
  const makers = Object.fromEntries(project.plan.steps.flatMap(({ name, writes }) => writes.map((written) => [written, name])));
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
