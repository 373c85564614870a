import { parseCell } from '../dataset/cell.ts';
import { DATE_ORDERS, type DateOrder, isoOf } from '../shared/date-order.ts';
import { type DecimalMark, amountOf } from './amounts.ts';

/** What people and programs write for a missing value, in small letters and without the space around it. */
export const MARKERS: ReadonlySet<string> = new Set(['', 'na', 'n/a', '#n/a', '<na>', 'nan', 'null', 'none', 'nil', '?', '-', '--', '.', '..', 'missing', 'unknown', 'n.a.', 'not available', '#null!', '#value!', '#div/0!', '(null)', '\\n']);

export const PERSONAL = ['email', 'iban', 'ip', 'ssn', 'phone'] as const;
export type Personal = (typeof PERSONAL)[number];

const PATTERNS: Readonly<Record<Personal, RegExp>> = {
  email: /^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$/,
  iban: /^[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7} ?[A-Z0-9]{1,4}$/,
  ip: /^(?:(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4})$/,
  ssn: /^\d{3}-\d{2}-\d{4}$/,
  phone: /^(?:(?:\+|00)\d{1,3}[ ./()-]*(?:\d[ ./()-]*){6,12}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})$/,
};

/** What a cell's text can be read as. */
export interface Cell {
  readonly integer: boolean;
  readonly number: number | undefined;
  readonly date: boolean;
  readonly timestamp: boolean;
  readonly boolean: boolean;
  readonly marker: boolean;
  /** Digits that are no amount: they begin with a zero as codes do, or are more than a double holds. */
  readonly code: boolean;
  readonly personal: Personal | undefined;
  /** The number that people mean by it, by the mark before its fraction. */
  readonly amounts: Readonly<Record<DecimalMark, number | undefined>>;
  /** The orders in which it is a date or a timestamp that is not written as ISO has it. */
  readonly orders: readonly DateOrder[];
  /** Whether it is a date without a time of day in one of them. */
  readonly isDay: boolean;
}

const DATE_LIKE = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:\D|$)/;
const NO_ORDERS: readonly DateOrder[] = [];

/** Reads a cell in the forms that declared types accept, so that what is found here loads later. */
export function readCell(text: string): Cell {
  const value = text.length <= 40 ? parseCell(text, 'number') : undefined;
  const number = typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  const isDigits = number !== undefined && /^[+-]?\d+$/.test(text);
  const timestamp = number === undefined && text.length <= 40 && parseCell(text, 'timestamp') !== undefined;
  const orders = timestamp || number !== undefined || !DATE_LIKE.test(text) ? NO_ORDERS : DATE_ORDERS.filter((order) => parseCell(isoOf(text, order), 'timestamp') !== undefined);
  return {
    integer: isDigits && Number.isSafeInteger(number),
    number,
    date: timestamp && parseCell(text, 'date') !== undefined,
    timestamp,
    boolean: /^(?:true|false)$/i.test(text),
    marker: text.length < 20 && MARKERS.has(text.trim().toLowerCase()),
    code: isDigits && (/^[+-]?0\d/.test(text) || !Number.isSafeInteger(number)),
    personal: number === undefined && !timestamp && orders.length === 0 && text.length >= 6 && text.length <= 80 ? PERSONAL.find((kind) => PATTERNS[kind].test(text)) : undefined,
    orders,
    isDay: orders.length > 0 && !text.includes(':'),
    amounts: { point: number ?? amountOf(text, 'point'), comma: isDigits ? number : amountOf(text, 'comma') },
  };
}
