import {
  DuckDBBlobValue, DuckDBDateValue, DuckDBDecimalValue, DuckDBTimestampMillisecondsValue, DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue, DuckDBTimestampTZValue, DuckDBTimestampValue,
} from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import { dayAndMicros, isoDate, isoTimestamp } from '../../dataset/iso.ts';
import type { Scalar } from '../warehouse.ts';

/** Days that ISO dates with four digits can say: 0000-01-01 to 9999-12-31. */
const FIRST_DAY = -719_528;
const LAST_DAY = 2_932_896;

/** A value as `rows` gives it: the same in every engine. */
export function scalarOf(value: DuckDBValue): Scalar {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof DuckDBDecimalValue) return Number(value.toString());
  return otherText(value);
}

/** A value as text: the exact decimal text of numbers, ISO text of dates. */
export function textOf(value: Exclude<DuckDBValue, null>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof DuckDBDecimalValue) return trimmed(value.toString());
  return otherText(value);
}

function otherText(value: DuckDBValue): string {
  if (value instanceof DuckDBDateValue) return dateText(value.days) ?? value.toString();
  const micros = microsOf(value);
  if (micros !== undefined) return timestampText(...dayAndMicros(micros)) ?? String(value);
  return value instanceof DuckDBBlobValue ? Buffer.from(value.bytes).toString('hex') : String(value);
}

/** The ISO text of a day, undefined where four digits do not say its year (or it is the engine's infinity). */
export function dateText(day: number): string | undefined {
  return day >= FIRST_DAY && day <= LAST_DAY ? isoDate(day) : undefined;
}

export function timestampText(day: number, micros: number): string | undefined {
  return day >= FIRST_DAY && day <= LAST_DAY ? isoTimestamp(day, micros) : undefined;
}

function microsOf(value: DuckDBValue): bigint | undefined {
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.micros;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1000n;
  if (value instanceof DuckDBTimestampNanosecondsValue) return floorThousandth(value.nanos);
  return undefined;
}

function floorThousandth(nanos: bigint): bigint {
  return (nanos - (((nanos % 1000n) + 1000n) % 1000n)) / 1000n;
}

function trimmed(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
