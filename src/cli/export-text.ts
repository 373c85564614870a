import type { ExportReport } from '../export/mlflow/export-runs.ts';
import { textTable } from '../report/text-table.ts';

/** What went where, a line a run; nothing where none did. */
export function exportTable({ runs }: ExportReport): readonly string[] {
  if (runs.length === 0) return [];
  const lines = runs.map((run) => [run.runId, run.state, String(run.params), String(run.metrics), run.files === null ? '–' : String(run.files), run.mlflowRun]);
  return textTable([['run', 'state', 'parameters', 'metrics', 'files', 'MLflow run'], ...lines], '');
}

/** What did not go along, and why. */
export function exportWarnings({ runs, champion, model }: ExportReport): readonly string[] {
  const warnings: string[] = [];
  const unserved = runs.find(({ files }) => files === null);
  if (unserved !== undefined) warnings.push(`No files were uploaded: clients of this server are to write them to ${unserved.artefactUri} by themselves. A server that takes them runs with --serve-artifacts, and so it did when the experiment was made`);
  if (runs.some(({ withheld }) => withheld)) warnings.push('Of runs with sensitive columns only report and card went along, since the files of a model hold values of its columns; --files all sends them, too');
  if (champion !== null && champion.version === null) warnings.push(`The champion ${champion.runId} is no version of the model ${model} there, so that nothing has the alias champion anew; export that run, too`);
  return warnings;
}

/** The last line. */
export function exportLine({ server, experiment, model, champion, runs, failures }: ExportReport): string {
  const all = runs.length + failures.length;
  const whole = `${runs.length} of ${all} run${all === 1 ? '' : 's'} whole in ${server}/#/experiments/${experiment.id}`;
  return `${failures.length === 0 ? 'Done' : 'Failed'}: ${whole}${champion?.version == null ? '' : `; champion is version ${champion.version} of ${model}`}`;
}
