import type { Task } from '../dataset/contract.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import { binary } from './binary.ts';
import { multiclass } from './multiclass.ts';
import { regression } from './regression.ts';
import type { EvaluationData, MetricInfo, MetricValue, TaskMetrics } from './task-metrics.ts';

/** Metric values by name, in the order of `metricInfo`. */
export type Metrics = ReadonlyMap<string, MetricValue>;

const tasks: Readonly<Record<Task, TaskMetrics>> = { binary, multiclass, regression };

/** What evaluation knows of a task. */
export function metricsFor(task: Task): TaskMetrics {
  return tasks[task];
}

/** Names, titles and directions of a task's metrics, in the order in which they are shown. */
export function metricInfo(task: Task): readonly MetricInfo[] {
  return tasks[task].info;
}

/** The metric that stands for a model of this task unless `metrics.primary` names another. */
export function primaryMetric(task: Task): string {
  return tasks[task].primary;
}

/**
 * All metrics of some rows. Throws `predictions-invalid` where lengths do not match, a label is not one, or a prediction is
 * NaN, infinite or, as a probability, outside [0, 1].
 */
export function metricsOf(task: Task, data: EvaluationData): Metrics {
  const { info, prepare } = tasks[task];
  const reading = prepare(data)(new Uint8Array(data.labels.length).fill(1));
  return new Map(info.map(({ name }) => [name, reading(name)]));
}

/** The descriptor of a metric that a person named; throws `config-invalid` (exit code 2) with the closest name. */
export function metricNamed(task: Task, name: string, where: string): MetricInfo {
  const { info } = tasks[task];
  const found = info.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = info.map((one) => one.name);
  const closest = nearest(name, names);
  throw new NightshiftError({
    code: 'config-invalid',
    what: `There is no metric of this name for a ${task} task`,
    where,
    found: name,
    expected: `one of ${names.join(', ')}`,
    fix: closest === undefined ? undefined : `did you mean ${closest}?`,
    exitCode: ExitCode.usage,
  });
}
