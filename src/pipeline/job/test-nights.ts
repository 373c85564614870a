import { LEAST_PARTS, meanOfParts } from '../../evaluation/mean-of-parts.ts';
import { metricInfo, metricsOf } from '../../evaluation/metrics.ts';
import { normalQuantile } from '../../evaluation/normal.ts';
import { only } from '../../evaluation/slices.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import type { MetricRecord } from '../../registry/records.ts';
import type { Config } from '../../shared/config/schema.ts';

/** The name of the test batch in the record where it is cut into nights. */
export const TEST_NIGHTS = 'test nights';

export interface TestNightsOptions {
  readonly config: Config;
  readonly asOfDay: number;
  /** The day of each row. */
  readonly days: Float64Array;
}

/**
 * What nights may be expected to come to: metrics of the test batch cut into parts of as many days as a night scores, the mean over
 * these parts ± so many standard errors as `metrics.level` asks for. A ranking over several days at once is another thing than one within a day.
 */
export function testNights(data: EvaluationData, { config: { task, split, metrics: { level } }, asOfDay, days }: TestNightsOptions): readonly MetricRecord[] {
  const parts = new Map<number, number[]>();
  days.forEach((day, row) => {
    const night = Math.floor((asOfDay - 1 - day) / split.fresh_days);
    const rows = parts.get(night);
    if (rows === undefined) parts.set(night, [row]);
    else rows.push(row);
  });
  if (parts.size < LEAST_PARTS) return [];
  const measured = [...parts.values()].map((rows) => ({ rows: rows.length, metrics: metricsOf(task, only(data, Uint32Array.from(rows))) }));
  const reach = normalQuantile((1 + level) / 2);
  return metricInfo(task).filter(({ direction }) => direction !== 'none').map(({ name: metric }): MetricRecord => {
    const { value, error } = meanOfParts(measured.map(({ rows, metrics }) => ({ rows, value: metrics.get(metric) ?? null })));
    const isKnown = value !== null && error !== null;
    return { model: 'candidate', batch: TEST_NIGHTS, slice: 'all', metric, value, low: isKnown ? value - reach * error : null, high: isKnown ? value + reach * error : null };
  });
}
