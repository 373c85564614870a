import type { SqlType } from '../dataset/sql-type.ts';

const INTEGERS = /^U?(?:TINY|SMALL|MEDIUM|BIG|HUGE)?INT(?:EGER)?$/;
const NUMBERS = /^(?:REAL|FLOAT|DOUBLE|DEC|NUM)/;
const TEXTS = /^(?:TEXT|N?VARCHAR|N?CHAR|CHARACTER|CLOB|STRING)/;

/** The kind that an engine's word for a type means, whichever engine's; undefined where it has none, as for an expression of SQLite. */
export function typeOfWord(word: string): SqlType | undefined {
  const type = word.toUpperCase();
  if (INTEGERS.test(type)) return 'integer';
  if (NUMBERS.test(type)) return 'number';
  if (/^(?:TIMESTAMP|DATETIME)/.test(type)) return 'timestamp';
  if (type === 'DATE') return 'date';
  if (type.startsWith('BOOL')) return 'boolean';
  return TEXTS.test(type) ? 'text' : undefined;
}
