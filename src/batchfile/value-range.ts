import { storageOf } from '../dataset/sql-type.ts';
import type { BatchColumn } from './contract.ts';

/** The closed range of a column; a bound that is not given holds nothing back. */
export interface ValueRange {
  readonly least: number;
  readonly most: number;
  readonly first: string | undefined;
  readonly last: string | undefined;
}

export function rangeOf({ type, min, max }: BatchColumn): ValueRange {
  const isNumber = storageOf(type) === 'number';
  return {
    least: isNumber && min !== undefined ? Number(min) : Number.NEGATIVE_INFINITY,
    most: isNumber && max !== undefined ? Number(max) : Number.POSITIVE_INFINITY,
    first: isNumber || min === undefined ? undefined : String(min),
    last: isNumber || max === undefined ? undefined : String(max),
  };
}

/** ISO texts are in the order of time. A timestamp is compared by as much as the bound says: a date lets its whole day in. */
export function isWithin(value: number | string, { least, most, first, last }: ValueRange): boolean {
  if (typeof value === 'number') return value >= least && value <= most;
  if (first !== undefined && value.slice(0, first.length) < first) return false;
  return last === undefined || value.slice(0, last.length) <= last;
}
