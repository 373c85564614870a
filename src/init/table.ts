import type { SqlType } from '../dataset/sql-type.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { type Dates, dateOrderOf } from './dates.ts';
import type { Found } from './keys.ts';
import { type Kind, kindOf } from './kinds.ts';
import { isDeclarable, isWritable, plainOf } from './output-names.ts';
import type { Place } from './place.ts';
import { type Profile, type RawRows, datedAs, profileOf, readAs, rowsOfCsv, rowsOfRelation, withDistinct } from './profile.ts';

/** The table as it is: every column with what it holds and what it is. */
export interface Table {
  readonly place: Place;
  /** The name that scripts have for it, under which it is attached as the project declares it. */
  readonly source: string;
  readonly types: readonly (readonly [string, SqlType])[];
  readonly rows: number;
  /** In which order its dates are written, where that is not ISO's. */
  readonly dates: Dates | undefined;
  readonly columns: readonly Found[];
}

/** The relation that rows are read under before it is known what they are. */
const RAW = 'init_raw';
/** Names that scripts already have a meaning for. */
const RESERVED = /^(?:rows|features|train|test|fresh|staged|scores|scores_current|published|runs|label|seed|excluded|as_of|init_raw|stand_in|.*_(?:day|days|hash|columns|known))$/;

const FEWEST_ROWS = 20;

/** Looks at all cells of a table, and attaches it as what it was found to be. Throws `table-short` (exit code 2) where it is too small to divide. */
export async function lookAt(warehouse: Warehouse, found: Place): Promise<Table> {
  const raw = await profileOf(await rawRows(warehouse, found));
  const dates = dateOrderOf(raw);
  const { location } = found;
  const order = location.kind === 'csv' ? dates?.order : undefined;
  const place: Place = location.kind === 'csv' ? { ...found, location: { ...location, dates: order } } : found;
  const profiles = order === undefined ? raw : raw.map((profile) => datedAs(profile, order));
  const rows = profiles[0]?.rows ?? 0;
  if (profiles.length < 2) throw short(place, `${profiles.length} columns`, 'a target and at least one other column');
  if (rows < FEWEST_ROWS) throw short(place, `${rows} rows`, `at least ${FEWEST_ROWS}, to train, to validate and to test`);
  const kinds = kindsOf(profiles, place.location.kind === 'csv');
  const types = profiles.flatMap(({ name }, i): (readonly [string, SqlType])[] => (isDeclarable(name) ? [[name, kinds[i]?.type ?? 'text']] : []));
  const source = sourceName(place.title);
  await warehouse.attach([{ name: source, location: place.location, types: Object.fromEntries(types) }]);
  const counted = await withDistinct(profiles, warehouse, source);
  return { place, source, types, rows, dates, columns: counted.map((profile, i) => asRead(profile, kinds[i]!)) };
}

function asRead(profile: Profile, kind: Kind): Found {
  return { profile: kind.written === undefined ? profile : readAs(profile, kind.written.mark), kind };
}

async function rawRows(warehouse: Warehouse, { location }: Place): Promise<RawRows> {
  if (location.kind === 'csv') return rowsOfCsv(location.files, location);
  await warehouse.attach([{ name: RAW, location, types: {} }]);
  return rowsOfRelation(warehouse, RAW);
}

/** Dates whose day numbers would meet a column of the table's own are of no use: they are read as text. */
function kindsOf(profiles: readonly Profile[], isCsv: boolean): readonly Kind[] {
  const taken = new Set(profiles.map(({ name }) => name.toLowerCase()));
  return profiles.map((profile) => {
    const kind = kindOf(profile, isCsv);
    const isFree = isDeclarable(profile.name) && !taken.has(`${profile.name}_day`.toLowerCase());
    return kind.use !== 'date' || isFree ? kind : { type: 'text', use: 'empty', parse: false, odd: 0 };
  });
}

/** A name that scripts can use for the source. */
function sourceName(title: string): string {
  const plain = plainOf(title).toLowerCase();
  return RESERVED.test(plain) ? `${plain.slice(0, 55)}_table` : plain;
}

/** A column by its name, whatever the case. Throws `column-unknown` (exit code 2) with the closest one. */
export function columnNamed({ columns }: Table, name: string, option: string): Found {
  const exact = columns.find(({ profile }) => profile.name === name) ?? columns.find(({ profile }) => profile.name.toLowerCase() === name.toLowerCase());
  if (exact !== undefined) return writable(exact, option);
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

function writable(found: Found, option: string): Found {
  if (isWritable(found.profile.name)) return found;
  throw new NightshiftError({
    code: 'column-unusable',
    what: 'A column of this name cannot stand in a script',
    where: option,
    found: JSON.stringify(found.profile.name),
    expected: 'a name other than true and false, without {{ and {%',
    fix: 'rename the column, or select from a view that does',
    exitCode: ExitCode.usage,
  });
}

function short({ path }: Place, found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'table-short', what: 'The table is too small for a job', where: path, found, expected, fix: 'bring more', exitCode: ExitCode.usage });
}
