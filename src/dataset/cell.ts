import { canonicalTimestamp, dayNumber } from './iso.ts';
import type { SqlType } from './sql-type.ts';

const INTEGER = /^[+-]?\d+$/;
// Each digit can be matched in one way only: a cell of a million digits must not take a million times as long.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;
const BOOLEANS = new Map([['0', 0], ['1', 1], ['false', 0], ['true', 1]]);

/** What a cell of each type must look like, as errors say it. */
export const CELL_FORMS: Readonly<Record<SqlType, string>> = {
  integer: 'a whole number within ±9007199254740991',
  number: 'a number with a decimal point',
  text: 'text',
  boolean: '0, 1, true or false',
  date: 'a date as 2001-06-10',
  timestamp: 'a timestamp as 2001-06-10 13:45:00',
};

/** The value of a cell of a declared type; undefined if the text is none. Booleans are 0 and 1, dates ISO text. */
export function parseCell(text: string, type: SqlType): number | string | undefined {
  switch (type) {
    case 'text':
      return text;
    case 'integer':
      return parseInteger(text);
    case 'number':
      return parseNumber(text);
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase());
    case 'date':
      return dayNumber(text) === undefined ? undefined : text;
    case 'timestamp':
      return canonicalTimestamp(text);
  }
}

function parseInteger(text: string): number | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Not a number (`NaN`) is refused: one of the engines has none, and a missing value is an empty cell. */
function parseNumber(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const sign = INFINITE.exec(text)?.[1];
  if (sign === undefined) return undefined;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
