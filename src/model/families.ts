import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFile } from '../shared/bundle.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { ModelFamily } from './family.ts';
import { autoFamily } from './auto-family.ts';
import { gbdtFamily } from './gbdt-family.ts';
import { linearFamily } from './linear-family.ts';
import { mlpFamily } from './mlp-family.ts';
import { tabmFamily } from './tabm-family.ts';

/** Every kind of model that the engine brings; a further one stands here and nowhere else. */
const families: readonly ModelFamily[] = [linearFamily, mlpFamily, tabmFamily, gbdtFamily, autoFamily];

export const familyNames: readonly string[] = families.map((family) => family.name);

/**
 * The family of that name: the engine's, or the default export of the project's own `families/NAME.ts`.
 * `config-invalid` with the closest name where there is none, `family-invalid` where that file exports no family.
 */
export async function familyOf(name: string): Promise<ModelFamily> {
  const found = families.find((family) => family.name === name);
  if (found !== undefined) return found;
  const own = ownFamilies();
  if (own.includes(name)) return ownFamily(name);
  const names = [...familyNames, ...own];
  const meant = nearest(name, names);
  throw new NightshiftError({
    code: 'config-invalid',
    exitCode: ExitCode.usage,
    what: `There is no model family ${name}.`,
    where: 'model.family',
    found: name,
    expected: `one of ${names.join(', ')}, or one of the project's own in families/NAME.ts`,
    fix: meant === undefined ? 'Choose one of those.' : `Did you mean ${meant}?`,
  });
}

/** The project's own families, as the launcher has bundled them. */
function ownFamilies(): readonly string[] {
  const folder = ownFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((file) => file.endsWith('.mjs')).map((file) => file.slice(0, -'.mjs'.length)).sort();
}

function ownFolder(): string {
  return projectFile('families');
}

async function ownFamily(name: string): Promise<ModelFamily> {
  const { default: family } = (await import(pathToFileURL(join(ownFolder(), `${name}.mjs`)).href)) as { default?: Partial<ModelFamily> };
  const lacks = (['parseOptions', 'fit', 'load'] as const).filter((method) => typeof family?.[method] !== 'function');
  if (family !== undefined && lacks.length === 0 && family.name === name) return family as ModelFamily;
  throw new NightshiftError({
    code: 'family-invalid',
    exitCode: ExitCode.usage,
    what: `families/${name}.ts does not export a model family.`,
    where: `families/${name}.ts`,
    found: family === undefined ? 'no default export' : lacks.length > 0 ? `no ${lacks.join(', ')}` : `name: ${String(family.name)}`,
    expected: `export default { name: '${name}', parseOptions, fit, load }, a ModelFamily`,
  });
}
