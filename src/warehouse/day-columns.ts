import { NightshiftError } from '../shared/errors.ts';
import { placeOf } from './source-errors.ts';
import type { Source, SqlType } from './warehouse.ts';

/** The declared type of a column, whatever case the engine keeps its name in. */
export function declaredType(source: Source, column: string): SqlType | undefined {
  const found = Object.keys(source.types).find((name) => name.toLowerCase() === column.toLowerCase());
  return found === undefined ? undefined : source.types[found];
}

/** The names of the day numbers that a source's relation carries, in lower case. */
export function dayNames(source: Source): readonly string[] {
  return Object.entries(source.types).flatMap(([name, type]) => (type === 'date' || type === 'timestamp' ? [`${name}_day`.toLowerCase()] : []));
}

/** The columns that also get a `<column>_day`. Throws `source-column-taken` if the source has one of that name. */
export function dayColumns(source: Source, columns: readonly string[]): readonly string[] {
  const days = columns.filter((name) => ['date', 'timestamp'].includes(declaredType(source, name) ?? ''));
  const have = new Set(columns.map((name) => name.toLowerCase()));
  for (const name of days) {
    if (!have.has(`${name}_day`.toLowerCase())) continue;
    throw new NightshiftError({
      code: 'source-column-taken',
      what: `The source "${source.name}" has a column "${name}_day" of its own`,
      where: placeOf(source.location),
      expected: `"${name}_day" to be free: it is made from "${name}", as whole days since 1970-01-01`,
      fix: `rename that column, or leave "${name}" out of the source's types`,
    });
  }
  return days;
}
