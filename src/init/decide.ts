import type { SqlType } from '../dataset/sql-type.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Ask } from './asking.ts';
import type { Choices, Split } from './choices.ts';
import { chooseFeatures } from './choose-features.ts';
import { chooseKey, keyOf } from './choose-key.ts';
import { chooseSplit } from './choose-split.ts';
import { chooseTarget } from './choose-target.ts';
import { chooseTime, undeclaredDays } from './choose-time.ts';
import type { Deciding, Wishes } from './deciding.ts';
import type { Found } from './keys.ts';
import { sensitiveOf, slicesOf } from './marks.ts';
import { OutputNames, isDeclarable, plainOf } from './output-names.ts';
import { remarksOf } from './remarks.ts';
import { labelSql } from './sql.ts';
import { type Table, columnNamed } from './table.ts';

/** With more columns than this, SQLite's own bound of 2,000 would be met. */
const WIDE = 1800;
/** Names that scripts already have a meaning for. */
const RESERVED = /^(?:rows|features|train|test|fresh|staged|scores|scores_current|published|runs|label|seed|excluded|as_of|init_raw|stand_in|.*_(?:day|days|hash|columns|known))$/;

/** Settles everything, asking where somebody is there to answer. The table stays attached under the name that it has in the project. */
export async function decide(warehouse: Warehouse, table: Table, { wishes, ask }: { readonly wishes: Wishes; readonly ask: Ask }): Promise<Choices> {
  const it: Deciding = { warehouse, table, wishes, ask, decided: [], warnings: [] };
  const target = await chooseTarget(it);
  const times = await chooseTime(it, target);
  const rowNames = await chooseKey(it, { target, times });
  const columns = undeclaredDays(it, times);
  const { source, types } = await attachDeclared(it, columns);
  const label = labelSql(target, columnNamed({ ...table, columns }, target.column, '--target'));
  const found = await chooseSplit(it, { target, times, label, relation: source });
  const names = new OutputNames();
  const split = namedSplit(found, names);
  const without = [target.column, ...(split.by === 'time' && split.knownAt !== undefined ? [split.knownAt.column] : [])];
  const key = keyOf(rowNames, { names, columns, without });
  const labelName = names.of(target.column);
  const { features, suspects, leftOut } = await chooseFeatures(it, { columns, rowNames, split, names, target, label, relation: source });
  return {
    name: plainOf(wishes.name),
    source,
    place: table.place,
    rows: table.rows,
    types,
    target,
    label: { name: labelName, sql: label },
    key,
    split,
    features,
    suspects,
    leftOut,
    sensitive: sensitiveOf(columns, { features, key }),
    slices: slicesOf(columns, features),
    warehouse: wishes.warehouse ?? (table.columns.length > WIDE ? 'duckdb' : 'sqlite'),
    decided: it.decided,
    warnings: [...remarksOf(columns, target), ...it.warnings],
  };
}

/** Attaches the table as the project declares it. */
async function attachDeclared({ warehouse, table: { place } }: Deciding, columns: readonly Found[]): Promise<Pick<Choices, 'source' | 'types'>> {
  const source = sourceName(place.title);
  const types = columns.filter(({ profile }) => isDeclarable(profile.name)).map(({ profile, kind }): readonly [string, SqlType] => [profile.name, kind.type]);
  await warehouse.attach([{ name: source, location: place.location, types: Object.fromEntries(types) }]);
  return { source, types };
}

/** A name that scripts can use for the source. */
function sourceName(title: string): string {
  const plain = plainOf(title).toLowerCase();
  return RESERVED.test(plain) ? `${plain.slice(0, 55)}_table` : plain;
}

function namedSplit(split: Split, names: OutputNames): Split {
  if (split.by === 'hash') return split;
  const time = { column: split.time.column, name: names.key(split.time.column) };
  return { ...split, time, knownAt: split.knownAt === undefined ? undefined : { column: split.knownAt.column, name: names.of(split.knownAt.column) } };
}
