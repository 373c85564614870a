import type { Dialect, Scalar } from '../warehouse.ts';

/** A name as SQL text, whatever it holds. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(value: Scalar): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return text(value);
  if (typeof value === 'bigint') return String(value);
  if (Number.isNaN(value)) return 'NULL';
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999';
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  const digits = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

/** SQL text ends at a NUL character, so a string that holds one is put together from pieces. */
function text(value: string): string {
  return value.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`).join(' || char(0) || ');
}

export const sqliteDialect: Dialect = { name: 'sqlite', identifier, literal };
