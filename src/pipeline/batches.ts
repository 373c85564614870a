import type { Config } from '../shared/config/schema.ts';
import { type Windows, dateOf } from '../shared/days.ts';

export const BATCHES = ['train', 'test', 'fresh'] as const;
export type BatchName = (typeof BATCHES)[number];

/** The half-open windows of days that each batch takes rows from. By hash, train and test share one: entities divide them, not days. */
export function batchWindows(config: Config, { trainFromDay, testFromDay, asOfDay, freshUntilDay }: Windows): Readonly<Record<BatchName, readonly [number, number]>> {
  const fresh = [asOfDay, freshUntilDay] as const;
  if (config.split.by === 'hash') return { train: [trainFromDay, asOfDay], test: [trainFromDay, asOfDay], fresh };
  return { train: [trainFromDay, testFromDay], test: [testFromDay, asOfDay], fresh };
}

/** The days that a batch takes rows from, in words; empty where rows have no time. */
export function windowText(config: Config, windows: Windows, batch: BatchName): string {
  if (config.time === undefined) return '';
  const [from, until] = batchWindows(config, windows)[batch];
  return `${dateOf(from)} to before ${dateOf(until)}`;
}

/**
 * The day by which a batch's labels must have been known: the as-of date for rows that test, the first test cutoff for rows
 * that train or validate. By hash a test row may be older than a training row, so there the as-of date holds for both.
 */
export function labelsKnownBy(config: Config, { firstTestCutoffDay, asOfDay }: Windows): Readonly<Record<'train' | 'test', number>> {
  return { train: config.split.by === 'hash' ? asOfDay : firstTestCutoffDay, test: asOfDay };
}
