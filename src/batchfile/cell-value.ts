import { parseCell } from '../dataset/cell.ts';
import { canonicalTimestamp } from '../dataset/iso.ts';
import type { SqlType } from '../dataset/sql-type.ts';
import { type DateOrder, isoOf } from '../shared/date-order.ts';
import { wideDate, wideInteger } from './cell-faults.ts';

/** A value, and whether it was written as a value of a wider type. */
export interface CellValue {
  readonly value: number | string;
  readonly isWide: boolean;
}

/**
 * The value of a text: what a source's file may hold and is finite, a whole number written as another number, a date written
 * as midnight, a date in the order that is said. Undefined if it is none; `faultOf` says why.
 */
export function cellValue(written: string, type: SqlType, dates?: DateOrder): CellValue | undefined {
  const text = dates === undefined ? written : isoOf(written, dates);
  const value = parseCell(text, type);
  if (value !== undefined) return Number.isFinite(value) || typeof value === 'string' ? { value, isWide: false } : undefined;
  const wide = type === 'integer' ? wideInteger(text) : type === 'date' ? wideDate(canonicalTimestamp(text)) : undefined;
  return wide === undefined ? undefined : { value: wide, isWide: true };
}

const WHOLE = /^([+-]?)(\d+)(?:\.0*)?$/;

/**
 * The one form of all texts that name the same key: `007`, `+7` and `7.0` are one integer. Undefined if the text
 * is no value of the type, but for a whole number that is too large. Dates have one form alone, since a key stays as it came, unless an
 * order of theirs is said.
 */
export function canonicalKey(text: string, type: SqlType, dates?: DateOrder): string | undefined {
  switch (type) {
    case 'text':
      return text;
    case 'integer': {
      const [, sign, digits = ''] = WHOLE.exec(text) ?? [];
      if (sign === undefined) return undefined;
      const whole = digits.replace(/^0+(?=\d)/, '');
      return sign === '-' && whole !== '0' ? `-${whole}` : whole;
    }
    case 'date':
      return parseCell(dates === undefined ? text : isoOf(text, dates), 'date')?.toString();
    default:
      return cellValue(text, type, dates)?.value.toString();
  }
}
