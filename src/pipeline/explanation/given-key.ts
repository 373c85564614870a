import { parse } from 'csv-parse/sync';
import type { Storage } from '../../dataset/batch.ts';
import type { Config } from '../../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { entityColumns, keyColumns } from '../columns.ts';
import { storageOf } from '../job/streams.ts';

/** What a person says of a row: values of columns of its key, or of its entity, as text. */
export type GivenKey = ReadonlyMap<string, string>;

/**
 * Reads a key: its value; values of several columns in their order, as a line of CSV; or `column=value`, comma-separated. The last
 * columns may be left out, and the entity's may be named. Throws `key-invalid` (exit code 2).
 */
export function givenKey(config: Config, text: string): GivenKey {
  const keys = keyColumns(config);
  const nameable = [...new Set([...keys, ...entityColumns(config)])];
  const isNamed = nameable.some((name) => text.startsWith(`${name}=`));
  if (!isNamed && keys.length === 1) return new Map([[keys[0]!, text]]);
  const parts = partsOf(text, keys);
  if (!isNamed && parts.length <= keys.length) return new Map(parts.map((value, i) => [keys[i]!, value]));
  const named = parts.map((part): [string, string] => [part.slice(0, Math.max(0, part.indexOf('='))), part.slice(part.indexOf('=') + 1)]);
  if (!named.every(([name]) => nameable.includes(name)) || new Set(named.map(([name]) => name)).size < named.length) throw invalid(keys);
  return new Map(named);
}

function partsOf(text: string, keys: readonly string[]): readonly string[] {
  try {
    const lines = parse(text);
    if (lines.length === 1) return lines[0]!;
  } catch (cause) {
    throw invalid(keys, cause);
  }
  throw invalid(keys);
}

/** Not told is what was written: a key may be sensitive. */
function invalid(keys: readonly string[], cause?: unknown): NightshiftError {
  const named = keys.map((name) => `${name}=…`).join(',');
  return new NightshiftError({ code: 'key-invalid', what: 'This is not the key of a row', found: 'other columns, more values, or no line of CSV', expected: keys.length === 1 ? `a value of ${keys[0]}, or ${named}` : `values of ${keys.join(', ')} in that order, or ${named}; a value with a comma in quotes`, exitCode: ExitCode.usage, cause });
}

/** The condition in SQL by which a relation's rows have what was given. A number is compared as one, whatever it is written like. */
export async function givenCondition(warehouse: Warehouse, relation: string, given: GivenKey): Promise<string> {
  const held = await storageOf(warehouse, relation, [...given.keys()]);
  return [...given].map(([name, value]) => conditionOf(warehouse, { name, value, storage: held[name] ?? 'text' })).join(' AND ');
}

function conditionOf({ dialect: { identifier, literal } }: Warehouse, { name, value, storage }: { name: string; value: string; storage: Storage }): string {
  if (storage === 'text') return `CAST(${identifier(name)} AS TEXT) = ${literal(value)}`;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return Number.isNaN(number) ? '1 = 0' : `${identifier(name)} = ${literal(number)}`;
}
