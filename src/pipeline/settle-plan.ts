import { Registry } from '../registry/registry.ts';
import type { Talk } from './context.ts';
import { takeLock } from './lock.ts';
import { type Choices, type Prepared, loadProject, prepare } from './prepare.ts';

/** The run that a night would be, with its plan checked; leaves everything as it is but for a sample that is not there yet. */
export async function settlePlan(choices: Choices, talk: Talk): Promise<Prepared> {
  const project = await loadProject(choices);
  const lock = await takeLock(project.places.data, 'run', 0);
  const registry = Registry.open(project.places.registry);
  try {
    return await prepare(project, choices, { registry, talk });
  } finally {
    registry.close();
    lock.release();
  }
}
