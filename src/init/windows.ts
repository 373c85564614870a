import type { Warehouse } from '../warehouse/warehouse.ts';
import { identifier, ofRow } from './sql.ts';

/** How a table with a time is divided by days, as `split:` has it. */
export interface WindowLengths {
  readonly trainDays: number;
  readonly testDays: number;
  readonly validationShare: number;
  /** The first and the last day of the table. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Rows that train and test. */
  readonly train: number;
  readonly test: number;
}

/** Labelled rows of one day, by the day from which their labels are known. */
export interface DayCount {
  readonly day: number;
  readonly known: number;
  readonly rows: number;
}

const TEST_SHARE = 0.2;
const VALIDATION_SHARE = 0.15;

export interface WindowsRequest {
  /** The relation that `label` calls `r`. */
  readonly relation: string;
  readonly label: string;
  readonly time: string;
  readonly knownAt: { readonly column: string; readonly delay: number } | undefined;
}

/** Finds windows that fit the span of the data; undefined where there are too few days with labels. */
export async function windowLengthsOf(warehouse: Warehouse, request: WindowsRequest): Promise<WindowLengths | undefined> {
  const day = ofRow(`${request.time}_day`);
  const known = request.knownAt === undefined ? `${day} + 1` : `${ofRow(`${request.knownAt.column}_day`)} + ${request.knownAt.delay}`;
  const from = `FROM ${identifier(request.relation)} AS r`;
  const rows = await warehouse.rows(`SELECT ${day} AS day, ${known} AS known, count(*) AS n ${from} WHERE ${request.label} IS NOT NULL AND ${day} IS NOT NULL AND ${known} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`);
  const [last] = await warehouse.rows(`SELECT max(${day}) AS day ${from}`);
  return windowLengths(rows.map((row) => ({ day: Number(row['day']), known: Number(row['known']), rows: Number(row['n']) })), Number(last?.['day'] ?? 0));
}

/** The windows of counted days, as of the last one: the latest fifth of the rows whose labels are known tests. */
export function windowLengths(counts: readonly DayCount[], lastDay: number): WindowLengths | undefined {
  const usable = counts.filter(({ day, known }) => day < lastDay && known <= lastDay);
  const testFrom = startOfLast(usable, TEST_SHARE);
  const firstDay = usable[0]?.day;
  if (testFrom === undefined || firstDay === undefined) return undefined;
  const training = usable.filter(({ day, known }) => day < testFrom && known <= testFrom);
  const heldFrom = startOfLast(training, VALIDATION_SHARE);
  if (heldFrom === undefined) return undefined;
  const trainDays = testFrom - firstDay;
  return {
    trainDays,
    testDays: lastDay - testFrom,
    validationShare: shareOf(testFrom - heldFrom, trainDays),
    firstDay,
    lastDay,
    train: sum(training),
    test: sum(usable.filter(({ day }) => day >= testFrom)),
  };
}

/** The first of the last days that together have a share of the rows; undefined where that would be all of the days. */
function startOfLast(counts: readonly DayCount[], share: number): number | undefined {
  const days = [...new Set(counts.map(({ day }) => day))].sort((a, b) => a - b);
  const wanted = share * sum(counts);
  let found = 0;
  for (const day of days.slice(1).reverse()) {
    found += sum(counts.filter((one) => one.day === day));
    if (found >= wanted) return day;
  }
  return days[1];
}

/** A share of so many days, as short as it can be written. */
function shareOf(days: number, all: number): number {
  for (const digits of [2, 3, 4, 5]) {
    const share = Number((days / all).toFixed(digits));
    if (Math.round(all * share) === days && share > 0 && share < 1) return share;
  }
  return days / all;
}

function sum(counts: readonly DayCount[]): number {
  return counts.reduce((rows, one) => rows + one.rows, 0);
}
