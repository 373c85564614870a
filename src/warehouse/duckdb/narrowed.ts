import type { ColumnInfo } from '../warehouse.ts';
import { identifier } from './dialect.ts';

/**
 * A query, on lines of its own, whose integers of 128 bits are made ones of 64. A sum of integers is a HUGEINT here, which is
 * read from a table some twenty times slower; elsewhere it is 64 bits as well, and one that does not fit is an error as there.
 */
export function narrowed({ text, columns }: { readonly text: string; readonly columns: readonly ColumnInfo[] }): string {
  const wide = columns.filter(({ type }) => type === 'HUGEINT').map(({ name }) => identifier(name));
  if (wide.length === 0) return `\n${text}`;
  return ` SELECT * REPLACE (${wide.map((name) => `CAST(${name} AS BIGINT) AS ${name}`).join(', ')}) FROM (\n${text}\n) AS made`;
}
