import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Ask } from './asking.ts';
import type { Choices, Split } from './choices.ts';
import { chooseFeatures } from './choose-features.ts';
import { chooseKey, keyOf } from './choose-key.ts';
import { chooseSplit } from './choose-split.ts';
import { chooseTarget } from './choose-target.ts';
import { chooseTime } from './choose-time.ts';
import type { Deciding, Wishes } from './deciding.ts';
import { sensitiveOf, slicesOf } from './marks.ts';
import { OutputNames, plainOf } from './output-names.ts';
import { remarksOf } from './remarks.ts';
import { shortened } from './shortened.ts';
import { labelSql } from './sql.ts';
import { type Table, columnNamed } from './table.ts';

/** With more columns than this, SQLite's own bound of 2,000 would be met. */
const WIDE = 1800;

/** Settles everything, asking where somebody is there to answer.  */
export async function decide(warehouse: Warehouse, table: Table, { wishes, ask }: { readonly wishes: Wishes; readonly ask: Ask }): Promise<Choices> {
  const it: Deciding = { warehouse, table, wishes, ask, decided: [], warnings: [] };
  const target = await chooseTarget(it);
  const times = await chooseTime(it, target);
  const rowNames = await chooseKey(it, { target, times });
  const { columns, source, types } = table;
  const label = labelSql(target, columnNamed(table, target.column, '--target'));
  const found = await chooseSplit(it, { target, times, label, relation: source });
  const names = new OutputNames();
  const split = namedSplit(found, names);
  const without = [target.column, ...(split.by === 'time' && split.knownAt !== undefined ? [split.knownAt.column] : [])];
  const key = keyOf(rowNames, { names, columns, without });
  const labelName = names.of(target.column);
  const whyDuckdb = whyNotSqlite(table);
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
    warehouse: wishes.warehouse ?? (whyDuckdb === undefined ? 'sqlite' : 'duckdb'),
    whyWarehouse: wishes.warehouse === undefined ? whyDuckdb : undefined,
    decided: it.decided,
    warnings: [...remarksOf(table, target), ...it.warnings],
  };
}

/** Why a table is none for SQLite; undefined where it is. */
function whyNotSqlite({ columns, place }: Table): string | undefined {
  if (columns.length > WIDE) return 'SQLite holds no table of more than 2,000 columns';
  const odd = place.location.kind === 'csv' ? undefined : columns.find(({ profile }) => profile.infinite > 0);
  return odd === undefined ? undefined : `SQLite cannot load what is no number (NaN), as some values of ${shortened(odd.profile.name)}`;
}

function namedSplit(split: Split, names: OutputNames): Split {
  if (split.by === 'hash') return split;
  const time = { column: split.time.column, name: names.key(split.time.column) };
  return { ...split, time, knownAt: split.knownAt === undefined ? undefined : { column: split.knownAt.column, name: names.of(split.knownAt.column), delay: split.knownAt.delay } };
}
