import type { SqlType } from '../warehouse.ts';
import { identifier } from './dialect.ts';
import type { SqliteSession } from './session.ts';

/** What the values of some columns are: a column of this engine may hold anything. One scan. Nothing but NULL counts as text. */
export function valueKinds(session: SqliteSession, relation: string, names: readonly string[]): readonly SqlType[] {
  if (names.length === 0) return [];
  const marks = names.flatMap((name) => {
    const column = identifier(name);
    const held = `typeof(${column})`;
    return [
      `max(${held} IN ('text', 'blob') OR (${held} = 'integer' AND ${column} NOT BETWEEN -9007199254740991 AND 9007199254740991))`,
      `max(${held} = 'real')`,
      `count(${column})`,
    ];
  });
  const row = session.db.prepare<[], (number | null)[]>(`SELECT ${marks.join(', ')} FROM ${identifier(relation)}`).raw(true).get() ?? [];
  return names.map((_, i) => {
    const [text, real, count] = row.slice(i * 3, i * 3 + 3);
    if (text === 1 || count === 0) return 'text';
    return real === 1 ? 'number' : 'integer';
  });
}
