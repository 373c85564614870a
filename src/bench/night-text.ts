import { textTable } from '../report/text-table.ts';
import { count } from './count.ts';
import type { NightFigures } from './night.ts';
import type { Shares } from './shares.ts';

const HEADER = ['', 'rows', 'rows/s', 'wall s', 'CPU s', 'peak MB', 'ready s', 'SQL s', 'training s', 'tests s', 'overhead s'];

/** The figures of a night as a table: a line a step, and the sums below. */
export function nightLines({ warehouse, size, runs, sample, wallSeconds, aroundSeconds, shares, steps }: NightFigures): readonly string[] {
  const title = `${size} sample, ${warehouse}: ${count(sample.rows)} rows, loaded in ${sample.wallSeconds.toFixed(1)} s${runs > 1 ? `; the median of ${runs} nights` : ''}`;
  const lines = steps.map((step) => [
    step.step,
    step.rows === null ? '' : count(step.rows),
    step.rows === null ? '' : count(rowsPerSecond(step)),
    ...[step.wallSeconds, step.cpuSeconds].map(seconds),
    step.peakMb.toFixed(0),
    seconds(step.readySeconds),
    ...shareCells(step.shares),
  ]);
  const around = ['start and plan', '', '', seconds(aroundSeconds), '', '', '', ...shareCells({ sql: 0, training: 0, tests: 0, overhead: aroundSeconds })];
  const cpu = steps.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const total = ['night', '', '', seconds(wallSeconds), seconds(cpu), Math.max(...steps.map(({ peakMb }) => peakMb)).toFixed(0), '', ...shareCells(shares)];
  return [title, ...textTable([HEADER, around, ...lines, total])];
}

/** The same as an object, with the names that `--json` uses. */
export function nightJson({ warehouse, size, runs, sample, wallSeconds, aroundSeconds, shares, steps, state }: NightFigures): object {
  return {
    warehouse,
    size,
    runs,
    sample: { rows: sample.rows, wall_seconds: rounded(sample.wallSeconds), rows_per_second: Math.round(sample.rows / sample.wallSeconds) },
    wall_seconds: rounded(wallSeconds),
    around_seconds: rounded(aroundSeconds),
    ...shareFields(shares),
    steps: steps.map((step) => ({
      name: step.step,
      rows: step.rows,
      rows_per_second: step.rows === null ? null : rowsPerSecond(step),
      wall_seconds: rounded(step.wallSeconds),
      cpu_seconds: rounded(step.cpuSeconds),
      peak_mb: rounded(step.peakMb),
      ready_seconds: rounded(step.readySeconds),
      ...shareFields(step.shares),
    })),
    ...(state === null ? {} : { state }),
  };
}

function rowsPerSecond({ rows, wallSeconds }: { readonly rows: number | null; readonly wallSeconds: number }): number {
  return Math.round((rows ?? 0) / wallSeconds);
}

function shareCells({ sql, training, tests, overhead }: Shares): string[] {
  return [sql, training, tests, overhead].map((share) => (share === 0 ? '' : seconds(share)));
}

function shareFields({ sql, training, tests, overhead }: Shares): object {
  return { sql_seconds: rounded(sql), training_seconds: rounded(training), tests_seconds: rounded(tests), overhead_seconds: rounded(overhead) };
}

function seconds(value: number): string {
  return value.toFixed(2);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
