import type { MetricValue } from '../evaluation/task-metrics.ts';
import type { Figures } from './fit-request.ts';

/** Means over the trainings of one family on one table. */
export interface Means {
  readonly metrics: Readonly<Record<string, MetricValue>>;
  readonly trainSeconds: number;
  readonly trainCpuSeconds: number;
  readonly predictRowsPerSecond: number;
  readonly peakMb: number;
}

/** Undefined of nothing. A metric that one of the trainings does not define has no mean. */
export function meansOf(fits: readonly Figures[]): Means | undefined {
  const [first] = fits;
  if (first === undefined) return undefined;
  const of = (pick: (figures: Figures) => number): number => fits.reduce((sum, figures) => sum + pick(figures), 0) / fits.length;
  const metric = (name: string): MetricValue => (fits.some(({ metrics }) => metrics[name] === null) ? null : of(({ metrics }) => metrics[name] ?? Number.NaN));
  return {
    metrics: Object.fromEntries(Object.keys(first.metrics).map((name) => [name, metric(name)])),
    trainSeconds: of(({ trainSeconds }) => trainSeconds),
    trainCpuSeconds: of(({ trainCpuSeconds }) => trainCpuSeconds),
    predictRowsPerSecond: of(({ predictRowsPerSecond }) => predictRowsPerSecond),
    peakMb: of(({ peakMb }) => peakMb),
  };
}
