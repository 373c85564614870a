import type { MetricRecord, RunDetail } from '../../registry/records.ts';
import type { MetricPoint } from './batches.ts';
import type { Curve } from './model-folder.ts';
import { type Keyed, keyed } from './keys.ts';

interface Point {
  readonly value: number | null;
  readonly step: number;
}

/**
 * A run's numbers as MLflow's metrics: `test/auc` (with `test/auc.low` and `.high`) is the candidate's, `linear/test/auc` another
 * model's, `test/weekday.1/auc` a slice's, `curve/train_loss` one round's a step, `step/03-train/seconds` a step of the night's. What
 * is undefined or no finite number is left out. All are of the time at which the attempt began, so that repeating them is seen.
 */
export function metricPoints(run: RunDetail, curves: readonly Curve[]): readonly MetricPoint[] {
  const points = [...run.metrics.flatMap(measured), ...curves.flatMap(ofCurve), ...run.steps.flatMap(ofStep), ...run.batches.map((batch) => single(['batch', batch.batch, 'rows'], batch.rows))];
  const timestamp = Date.parse(run.startedAt);
  // Points of one key are one metric; keys are told apart by their names, not by their points.
  const names = new Map(points.map(({ parts }) => [parts.join('\n'), parts]));
  const keys = new Map([...keyed([...names].map(([name, parts]) => ({ parts, value: name })), '/')].map(([key, name]) => [name, key]));
  return points.flatMap(({ parts, value: { value, step } }) => (value === null || !Number.isFinite(value) ? [] : [{ key: keys.get(parts.join('\n'))!, value, timestamp, step }]));
}

function measured({ model, batch, slice, metric, value, low = null, high = null }: MetricRecord): readonly Keyed<Point>[] {
  const place = [...(model === 'candidate' ? [] : [model]), batch, ...(slice === 'all' ? [] : [slice.replace('=', '.')])];
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
  return [single(['step', step, 'seconds'], seconds), single(['step', step, 'cpu_seconds'], cpuSeconds), single(['step', step, 'peak_mb'], peakMb), single(['step', step, 'rows'], rows)];
}

function single(parts: readonly string[], value: number | null): Keyed<Point> {
  return { parts, value: { value, step: 0 } };
}
