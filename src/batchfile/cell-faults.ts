import type { SqlType } from '../dataset/sql-type.ts';
import type { RejectReason } from './reject.ts';

const INTEGER = /^[+-]?\d+$/;
// Each digit can be matched in one way only, so that a cell of a million digits takes no longer than to read it.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?\d+(?:\.\d{3})*,\d+$/;

/** Why a text is no value of a type, where it is none. */
export function faultOf(text: string, type: SqlType): RejectReason {
  switch (type) {
    case 'integer':
      if (INTEGER.test(text)) return 'integer-too-large';
      if (NUMBER.test(text)) return Number.isInteger(Number(text)) || !Number.isFinite(Number(text)) ? 'integer-too-large' : 'not-an-integer';
      return DECIMAL_COMMA.test(text) ? 'decimal-comma' : 'not-a-number';
    case 'number':
      if (NUMBER.test(text)) return 'number-too-large';
      return DECIMAL_COMMA.test(text) ? 'decimal-comma' : 'not-a-number';
    case 'boolean':
      return 'not-a-boolean';
    case 'date':
      return 'bad-date';
    default:
      return 'bad-timestamp';
  }
}

/** A whole number written as another number (`1.0`, `1e3`); undefined if it is none, or too large to be exact. */
export function wideInteger(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The date of a timestamp at midnight, which other programs write for dates; undefined if it is none. */
export function wideDate(canonical: string | undefined): string | undefined {
  return canonical?.endsWith(' 00:00:00') === true ? canonical.slice(0, 10) : undefined;
}
