import type { Personal } from './cells.ts';
import { personalName } from './names.ts';
import type { Profile } from './profile.ts';

const TITLES: Readonly<Record<Personal, string>> = { email: 'e-mail addresses', iban: 'bank account numbers', ip: 'network addresses', ssn: 'social security numbers', phone: 'telephone numbers' };

/** The share of cells that must look like personal data. */
const MOST = 0.5;
/** What a name says counts only where the column has so many different values. */
const FEWEST = 6;

/** What personal data a column likely holds, by its cells or its name; undefined if none. */
export function personalOf(profile: Profile): string | undefined {
  const values = profile.filled - profile.markers;
  const [kind] = Object.entries(profile.personal).find(([, rows]) => values > 0 && rows >= MOST * values) ?? [];
  if (kind !== undefined) return TITLES[kind as Personal];
  // A phone service that is had or not is no number.
  return profile.distinct >= FEWEST ? personalName(profile.name) : undefined;
}
