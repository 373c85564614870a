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
  const found = DATE_ORDERS.map((order) => ({ order, columns: profiles.filter((profile) => isDated(profile, order)) })).filter(({ columns }) => columns.length > 0);
  const most = Math.max(...found.map(({ columns }) => columns.length));
  const best = found.filter(({ columns }) => columns.length === most);
  const [one] = best;
  if (one === undefined) return undefined;
  const { name, strays } = one.columns[0]!;
  // One that can be read in one way alone tells most.
  const example = (strays.find(({ text }) => readCell(text).orders.length === 1) ?? strays[0])?.text;
  // With points a day comes first; with strokes either may.
  const order = best.length === 1 ? one.order : example?.includes('.') === true ? 'dmy' : 'mdy';
  return { order, column: name, example, isUnclear: best.length > 1 };
}

/** Whether every value is a date, and some are in this order. */
function isDated({ stored, filled, timestamps, dated }: Profile, order: DateOrder): boolean {
  return stored === 'text' && dated[order].timestamps > 0 && timestamps + dated[order].timestamps === filled;
}
