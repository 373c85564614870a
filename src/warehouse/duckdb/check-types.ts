import { CELL_FORMS } from '../../dataset/cell.ts';
import { declaredType } from '../day-columns.ts';
import { typeFault } from '../source-errors.ts';
import type { SqlType } from '../warehouse.ts';
import type { AttachedSource } from './attach.ts';
import { identifier } from './dialect.ts';
import type { DuckdbSession } from './session.ts';
import { ENGINE_TYPES, fits } from './source-view.ts';

interface Suspect {
  readonly name: string;
  readonly type: SqlType;
  readonly wrong: string;
}

/** Throws `source-type` for the first column whose values are not of the declared type. At most one scan. */
export async function checkTypes(session: DuckdbSession, attached: AttachedSource): Promise<void> {
  const suspects = suspectsOf(attached);
  if (attached.checked || suspects.length === 0) return;
  const counts = suspects.map(({ wrong }) => `count(*) FILTER (WHERE ${wrong})`);
  const [found = []] = await (await session.run(`SELECT ${counts.join(', ')} FROM ${attached.from}`)).getRows();
  for (const [i, suspect] of suspects.entries()) {
    const rows = Number(found[i]);
    if (rows > 0) throw await fault(session, attached, suspect, rows);
  }
}

/** Columns that the engine does not already hold as what they are declared. */
function suspectsOf({ source, columns }: AttachedSource): readonly Suspect[] {
  return columns.flatMap(({ name, type }) => {
    const declared = declaredType(source, name);
    if (declared === undefined || declared === 'text' || fits(type, declared)) return [];
    return [{ name, type: declared, wrong: isWrong(identifier(name), declared) }];
  });
}

function isWrong(column: string, type: SqlType): string {
  const cast = `TRY_CAST(${column} AS ${ENGINE_TYPES[type]})`;
  if (type === 'boolean') return `${column} IS NOT NULL AND (${cast} IS NULL OR ${cast} NOT IN (0, 1))`;
  if (type === 'integer' || type === 'date') return `${column} IS NOT NULL AND (${cast} IS NULL OR ${cast} <> ${wider(column, type)})`;
  return `${column} IS NOT NULL AND ${cast} IS NULL`;
}

/** What would be lost if the value were made its declared type: a fraction, a time of day. */
function wider(column: string, type: 'integer' | 'date'): string {
  return `TRY_CAST(${column} AS ${type === 'integer' ? 'DOUBLE' : 'TIMESTAMP'})`;
}

async function fault(session: DuckdbSession, attached: AttachedSource, { name, type, wrong }: Suspect, rows: number) {
  const sql = `SELECT CAST(${identifier(name)} AS VARCHAR), typeof(${identifier(name)}) FROM ${attached.from} WHERE ${wrong} LIMIT 1`;
  const [first = []] = await (await session.run(sql)).getRows();
  const value = `${JSON.stringify(String(first[0]))} (${String(first[1]).toLowerCase()})`;
  return typeFault(attached.source, { column: name, expected: CELL_FORMS[type], value, rows });
}
