import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { ModelFamily } from './family.ts';
import { linearFamily } from './linear-family.ts';
import { mlpFamily } from './mlp-family.ts';

/** Every kind of model that there is; a further one stands here and nowhere else. */
const families: readonly ModelFamily[] = [linearFamily, mlpFamily];

export const familyNames: readonly string[] = families.map((family) => family.name);

/** The family of that name; `config-invalid` with the closest name where there is none. */
export function familyOf(name: string): ModelFamily {
  const found = families.find((family) => family.name === name);
  if (found !== undefined) return found;
  const meant = nearest(name, familyNames);
  throw new NightshiftError({
    code: 'config-invalid',
    exitCode: ExitCode.usage,
    what: `There is no model family ${name}.`,
    where: 'model.family',
    found: name,
    expected: `one of ${familyNames.join(', ')}`,
    fix: meant === undefined ? 'Choose one of those.' : `Did you mean ${meant}?`,
  });
}
