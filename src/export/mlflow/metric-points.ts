import type { MetricRecord, RunDetail } from '../../registry/records.ts';
import type { MetricPoint } from './batches.ts';
import type { Curve } from './model-folder.ts';
import { type Keyed, keyed } from './keys.ts';

interface Point {
  readonly value: number | null;
  readonly step: number;
}

/**
 * A run's numbers as MLflow's metrics: `test/auc` (with `test/auc.low` and `.high`) is the candidate's, `test/linear/auc` another
 * model's, `test/weekday.1/auc` a slice's, `curve/train_loss` has a round a step, `step_seconds/03-train` is a step's of the night.
 * MLflow draws what has all but the last part in common side by side. What is undefined or no finite number is left out. All are of
 * the time at which the attempt began, so that those of a later one count.
 */
export function metricPoints(run: RunDetail, curves: readonly Curve[]): readonly MetricPoint[] {
  const points = [...run.metrics.flatMap(measured), ...curves.flatMap(ofCurve), ...run.steps.flatMap(ofStep), ...run.batches.map((batch) => single(['batch', `${batch.batch}_rows`], batch.rows))];
  const timestamp = Date.parse(run.startedAt);
  // Points of one key are one metric; keys are told apart by their names, not by their points.
  const names = new Map(points.map(({ parts }) => [parts.join('\n'), parts]));
  const keys = new Map([...keyed([...names].map(([name, parts]) => ({ parts, value: name })), '/')].map(([key, name]) => [name, key]));
  return points.flatMap(({ parts, value: { value, step } }) => (value === null || !Number.isFinite(value) ? [] : [{ key: keys.get(parts.join('\n'))!, value, timestamp, step }]));
}

function measured({ model, batch, slice, metric, value, low = null, high = null }: MetricRecord): readonly Keyed<Point>[] {
  const place = [batch, ...(model === 'candidate' ? [] : [model]), ...(slice === 'all' ? [] : [slice.replace('=', '.')])];
  return [single([...place, metric], value), single([...place, `${metric}.low`], low), single([...place, `${metric}.high`], high)];
}

function ofCurve({ member, points }: Curve): readonly Keyed<Point>[] {
  const place = member === null ? ['curve'] : ['curve', member];
  return points.flatMap(({ round, trainLoss, validationLoss }) => [
    { parts: [...place, 'train_loss'], value: { value: trainLoss, step: round } },
    { parts: [...place, 'validation_loss'], value: { value: validationLoss, step: round } },
  ]);
}

function ofStep({ step, seconds, cpuSeconds, peakMb, rows }: RunDetail['steps'][number]): readonly Keyed<Point>[] {
  return [single(['step_seconds', step], seconds), single(['step_cpu_seconds', step], cpuSeconds), single(['step_peak_mb', step], peakMb), single(['step_rows', step], rows)];
}

function single(parts: readonly string[], value: number | null): Keyed<Point> {
  return { parts, value: { value, step: 0 } };
}
