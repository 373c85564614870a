import { DATE_ORDERS, type DateOrder } from '../shared/date-order.ts';
import { readCell } from './cells.ts';
import type { Profile } from './profile.ts';

/** How a file writes its dates. */
export interface Dates {
  readonly order: DateOrder;
  /** A column of such dates, and one of its cells. */
  readonly column: string;
  readonly example: string | undefined;
  /** Whether every one of them could have day and month the other way round. */
  readonly isUnclear: boolean;
}

/** Each order in words. */
export const ORDER_WORDS: Readonly<Record<DateOrder, string>> = { ymd: 'year first', dmy: 'day first', mdy: 'month first' };

/** The order in which most columns are dates, one for the whole file; undefined where no column is, or all are as ISO has them. */
export function dateOrderOf(profiles: readonly Profile[]): Dates | undefined {
  const found = DATE_ORDERS.map((order) => ({ order, columns: profiles.filter((profile) => isDated(profile, order)) }));
  const most = Math.max(...found.map(({ columns }) => columns.length));
  if (most === 0) return undefined;
  const best = found.filter(({ columns }) => columns.length === most);
  const [dmy, mdy] = (['dmy', 'mdy'] as const).map((order) => best.find((one) => one.order === order));
  const isUnclear = dmy !== undefined && mdy !== undefined && dmy.columns.every((column) => mdy.columns.includes(column));
  // With points a day comes first; with strokes either may.
  const one = isUnclear ? (exampleOf(dmy.columns[0]!, 'dmy')?.includes('.') === true ? dmy : mdy) : best[0]!;
  const [column] = one.columns;
  return { order: one.order, column: column!.name, example: exampleOf(column!, one.order), isUnclear };
}

/** A cell in that order; one that can be read in no other, where there is one, tells most. */
function exampleOf({ strays }: Profile, order: DateOrder): string | undefined {
  const texts = strays.map(({ text }) => ({ text, orders: readCell(text).orders })).filter(({ orders }) => orders.includes(order));
  return (texts.find(({ orders }) => orders.length === 1) ?? texts[0])?.text;
}

/** Whether every value is a date, and some are in this order. */
function isDated({ stored, filled, timestamps, dated }: Profile, order: DateOrder): boolean {
  return stored === 'text' && dated[order].timestamps > 0 && timestamps + dated[order].timestamps === filled;
}
