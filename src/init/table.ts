import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Found } from './keys.ts';
import { kindOf } from './kinds.ts';
import type { Place } from './place.ts';
import { profileOf } from './profile.ts';

/** The table as it is: every column with what it holds. */
export interface Table {
  readonly place: Place;
  readonly rows: number;
  readonly columns: readonly Found[];
}

/** The relation that the raw rows are read under while a project is made. */
export const RAW = 'init_raw';

const FEWEST_ROWS = 20;

/** Reads a table through DuckDB and looks at all of its cells. Throws `table-short` (exit code 2) for one that is too small to divide. */
export async function lookAt(warehouse: Warehouse, place: Place): Promise<Table> {
  await warehouse.attach([{ name: RAW, location: place.location, types: {} }]);
  const profiles = await profileOf(warehouse, RAW);
  const rows = profiles[0]?.rows ?? 0;
  if (profiles.length < 2) throw short(place, `${profiles.length} columns`, 'a target and at least one other column');
  if (rows < FEWEST_ROWS) throw short(place, `${rows} rows`, `at least ${FEWEST_ROWS}, to train, to validate and to test`);
  return { place, rows, columns: profiles.map((profile) => ({ profile, kind: kindOf(profile) })) };
}

/** A column by its name, whatever the case. Throws `column-unknown` (exit code 2) with the closest one. */
export function columnNamed({ columns }: Table, name: string, option: string): Found {
  const exact = columns.find(({ profile }) => profile.name === name) ?? columns.find(({ profile }) => profile.name.toLowerCase() === name.toLowerCase());
  if (exact !== undefined) return exact;
  const names = columns.map(({ profile }) => profile.name);
  const closest = nearest(name, names);
  throw new NightshiftError({
    code: 'column-unknown',
    what: `The table has no column ${JSON.stringify(name)}`,
    where: option,
    found: name,
    expected: names.length > 40 ? `${names.slice(0, 40).join(', ')}, … (${names.length} columns)` : names.join(', '),
    fix: closest === undefined ? 'name one of these' : `did you mean ${option} ${JSON.stringify(closest)}?`,
    exitCode: ExitCode.usage,
  });
}

function short({ path }: Place, found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'table-short', what: 'The table is too small for a job', where: path, found, expected, fix: 'bring more', exitCode: ExitCode.usage });
}
