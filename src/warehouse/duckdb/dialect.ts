import type { Dialect, Scalar } from '../warehouse.ts';

/** A name as SQL text, whatever it holds. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(value: Scalar): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return text(value);
  if (typeof value === 'bigint') return String(value);
  if (Number.isNaN(value)) return "'NaN'::DOUBLE";
  if (!Number.isFinite(value)) return value > 0 ? "'Infinity'::DOUBLE" : "'-Infinity'::DOUBLE";
  // A plain 0.1 would be a DECIMAL here, and a DECIMAL is not added up as a double is.
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return `'${Object.is(value, -0) ? '-0' : value}'::DOUBLE`;
  return String(value);
}

/** SQL text ends at a NUL character, so a string that holds one is put together from pieces. */
function text(value: string): string {
  return value.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`).join(' || chr(0) || ');
}

export const duckdbDialect: Dialect = { name: 'duckdb', identifier, literal };
