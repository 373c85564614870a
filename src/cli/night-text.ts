import type { NightMetrics } from '../pipeline/night-metrics.ts';
import type { NightReport } from '../pipeline/night-report.ts';
import { textTable } from '../report/text-table.ts';
import { count } from './console.ts';

/** The table of metrics: tonight beside the champion, the linear family and the baseline. */
export function metricLines({ rows }: NightMetrics): readonly string[] {
  const header = ['test batch', 'tonight', 'champion', 'linear', 'baseline'];
  const measured = rows.filter((row) => [row.tonight, row.champion, row.linear, row.baseline].some((value) => value !== null));
  return textTable([header, ...measured.map(({ title, tonight, champion, linear, baseline }) => [title, ...[tonight, champion, linear, baseline].map(shown)])]);
}

function shown(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) && Math.abs(value) >= 10 ? count(value) : value.toFixed(4);
}

/** The last line: success confirmed, or what failed and where to look. */
export function endLine(report: NightReport, seconds: number): string {
  const took = `(${seconds.toFixed(1)} s)`;
  const scores = report.scores === null ? '' : `${count(report.scores.rows)} scores of ${report.asOf} in ${report.scores.file}`;
  switch (report.status) {
    case 'done':
      return report.scores === null ? `Done: ${report.steps.map(({ name }) => name).join(', ')} ${took}` : `Done: published ${scores} ${took}`;
    case 'tried':
      return report.exitCode === 0 ? `Tried: everything held; nothing was published ${took}` : `Tried: the gates refuse this model (${refusals(report)}); nothing was published ${took}`;
    case 'unchanged':
      return `Unchanged: run ${report.runId} is published already, nothing to do ${took}`;
    case 'refused':
      return `Refused: ${report.untrained === null ? `the gates refuse tonight's model (${refusals(report)})` : `there is no new model (${report.untrained.details.what})`}; the champion ${report.model?.run ?? ''} scored instead: ${scores} ${took}`;
    default: {
      const at = report.steps.at(-1);
      const said = report.error?.message ?? '';
      if (at === undefined) return `Failed before the first step:\n${said}`;
      return `Failed in ${at.name}, see logs/${at.name}.csv:\n${said}\nA night is published whole or not at all; what was published before stands. ${took}`;
    }
  }
}

function refusals(report: NightReport): string {
  return (report.evaluation?.judgement.gates ?? []).filter(({ blocks }) => blocks).map(({ reason }) => reason).join('; ');
}
