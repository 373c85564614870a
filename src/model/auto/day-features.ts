import type { Column } from '../../dataset/batch.ts';
import type { SharedRows } from './rows.ts';

/** Fewer rows a day than this, on average, are a series of days and no rows within days. */
const ROWS_A_DAY = 20;
/** A value that returns on as many days, on average, tells more than which day it is. */
const DAYS_A_VALUE = 5;

/**
 * Features of which all rows of a day have the same value, another one nearly every day, such as yesterday's share of late flights: a
 * million rows know them only as often as there are days, and trees that split by them learn days by heart. None, where nothing
 * else would be left.
 */
export function dayFeatures({ contract, all, days }: SharedRows): readonly string[] {
  const count = days === undefined ? 0 : new Set(days).size;
  if (days === undefined || all.rows < ROWS_A_DAY * count) return [];
  const found = contract.features.map(({ name }) => name).filter((name) => (valuesByDay(all.columns.get(name)!, days) ?? 0) * DAYS_A_VALUE > count);
  return found.length < contract.features.length ? found : [];
}

/** How many values a column has where each day has but one; undefined where a day has several. */
function valuesByDay(column: Column, days: Float64Array): number | undefined {
  const values = column.storage === 'text' ? column.codes : column.values;
  const byDay = new Map<number, number>();
  for (let row = 0; row < days.length; row++) {
    const value = values[row]!;
    const known = byDay.get(days[row]!);
    if (known === undefined) byDay.set(days[row]!, value);
    else if (!Object.is(known, value)) return undefined;
  }
  return new Set(byDay.values()).size;
}
