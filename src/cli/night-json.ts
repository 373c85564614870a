import type { NightReport } from '../pipeline/night-report.ts';
import type { ErrorDetails } from '../shared/errors.ts';

/** The one object of `--json`, whatever a night came to. */
export function nightJson(report: NightReport): object {
  const { runId, asOf, status, steps, metrics, model, scores, exitCode, error } = report;
  return {
    run_id: runId,
    as_of: asOf,
    status,
    steps: steps.map(({ name, status: state, seconds, rows, peakMb }) => ({ name, status: state, seconds: rounded(seconds), rows, peak_mb: peakMb === null ? null : rounded(peakMb) })),
    metrics: metrics === null ? {} : { test: Object.fromEntries(metrics.rows.map(({ metric, tonight }) => [metric, tonight])) },
    model,
    scores,
    gates: report.evaluation?.judgement.gates ?? [],
    exit_code: exitCode,
    ...(report.alarms.length === 0 ? {} : { alarms: report.alarms }),
    ...(report.untrained === null ? {} : { untrained: { code: report.untrained.code, ...told(report.untrained.details) } }),
    ...(error === null ? {} : { error: { code: error.code, ...told(error.details) } }),
  };
}

/** What an error tells, without what caused it: that may hold anything. */
function told({ what, where, found, expected, fix }: ErrorDetails): object {
  return { what, where, found, expected, fix };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
