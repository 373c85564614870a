import { nearest } from '../../shared/nearest.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import type { GbdtOptions } from '../gbdt-family.ts';
import type { Binner } from './binner.ts';

/** The option `monotone` by place. A name that is no numeric feature, or any with several classes, is `config-invalid`. */
export function directionsOf({ contract, features, used }: Binner, monotone: GbdtOptions['monotone']): Int8Array {
  const names = Object.keys(monotone);
  const numeric = contract.features.filter(({ kind }) => kind === 'number').map(({ name }) => name);
  const stranger = names.find((name) => !numeric.includes(name));
  if (stranger !== undefined) throw refused(stranger, `one of the numeric features ${numeric.join(', ')}`, nearest(stranger, numeric));
  if (names.length > 0 && contract.task === 'multiclass') throw refused(names[0]!, 'a binary or regression task: with several classes one can only rise where another falls');
  return Int8Array.from(used, (index) => monotone[features[index]!.name] ?? 0);
}

function refused(found: string, expected: string, meant?: string): NightshiftError {
  return new NightshiftError({
    code: 'config-invalid',
    exitCode: ExitCode.usage,
    what: 'A monotone constraint cannot be kept.',
    where: 'model.options, gbdt.monotone',
    found,
    expected,
    fix: meant === undefined ? 'Take it out.' : `Did you mean ${meant}?`,
  });
}
