import type { Storage } from '../../dataset/batch.ts';
import { storageOf } from '../../dataset/sql-type.ts';
import type { SqlType } from '../../dataset/sql-type.ts';
import { dayNames, declaredType } from '../day-columns.ts';
import { removeLeftSpills } from '../sqlite/spill.ts';
import { SqliteWarehouse } from '../sqlite/sqlite-warehouse.ts';
import type { Source } from '../warehouse.ts';
import type { Content } from './attach.ts';

/** A table of a SQLite file as batches. Its declared columns are checked first; the others become what their values are. */
export async function readSqliteSource(source: Source, spillStem: string): Promise<Content> {
  removeLeftSpills(spillStem);
  const reader = SqliteWarehouse.reading(spillStem);
  try {
    await reader.attach([source]);
    await reader.check(source);
    const types = await typesOf(reader, source);
    const storages: Record<string, Storage> = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, storageOf(type)]));
    const names = Object.keys(types).map(reader.dialect.identifier);
    const batches = reader.stream(`SELECT ${names.join(', ')} FROM ${reader.dialect.identifier(source.name)}`, { columns: storages });
    return { types, batches, close: () => reader.close() };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** Integers beyond ±2^53 come as text; the view makes integers of them again. */
async function typesOf(reader: SqliteWarehouse, source: Source): Promise<Record<string, SqlType>> {
  const columns = await reader.columns(`SELECT * FROM ${reader.dialect.identifier(source.name)}`, source.name);
  const made = new Set(dayNames(source));
  const names = columns.map(({ name }) => name).filter((name) => !made.has(name.toLowerCase()));
  const open = names.filter((name) => ['integer', undefined].includes(declaredType(source, name)));
  const kinds = await reader.kinds(source.name, open);
  return Object.fromEntries(names.map((name) => [name, loadType(declaredType(source, name), kinds[open.indexOf(name)])]));
}

/** `kind` is what the values of an integer or undeclared column are. */
function loadType(declared: SqlType | undefined, kind: SqlType = 'text'): SqlType {
  return declared === undefined || (declared === 'integer' && kind === 'text') ? kind : declared;
}
