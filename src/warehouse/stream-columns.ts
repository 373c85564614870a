import type { Storage } from '../dataset/batch.ts';
import { NightshiftError } from '../shared/errors.ts';

/** How each column of a query is to be held. Throws `stream-columns` if the two do not name the same columns. */
export function storagesOf(names: readonly string[], wanted: Readonly<Record<string, Storage>>): readonly Storage[] {
  const missing = Object.keys(wanted).filter((name) => !names.includes(name));
  const unnamed = names.filter((name) => !Object.hasOwn(wanted, name));
  if (missing.length > 0 || unnamed.length > 0) {
    throw new NightshiftError({
      code: 'stream-columns',
      what: 'A stream must say how each column of its query is held, and no other',
      found: [
        ...(unnamed.length === 0 ? [] : [`not said: ${unnamed.join(', ')}`]),
        ...(missing.length === 0 ? [] : [`not in the query: ${missing.join(', ')}`]),
      ].join('; '),
      expected: names.join(', '),
    });
  }
  return names.map((name) => wanted[name]!);
}

/** Text where numbers were asked for. */
export function textAsNumber(column: string, value: string): NightshiftError {
  return new NightshiftError({
    code: 'value-type',
    what: `The column "${column}" is to hold numbers and holds something else`,
    found: JSON.stringify(value),
    expected: 'numbers or missing values',
    fix: 'declare the column as a category, or convert it in the query',
  });
}

/** An integer that a double cannot hold. */
export function tooLarge(column: string, value: bigint): NightshiftError {
  return new NightshiftError({
    code: 'value-type',
    what: `The column "${column}" holds an integer that a number cannot hold exactly`,
    found: String(value),
    expected: 'integers within ±9007199254740991',
    fix: 'read the column as text, or make the integers smaller in the query',
  });
}
