import type { ExportReport } from '../export/mlflow/export-runs.ts';

/** The one object of `export mlflow --json`. */
export function exportJson({ server, experiment, model, champion, runs, failures }: ExportReport): object {
  return {
    server,
    experiment,
    model,
    champion: champion === null ? null : { run_id: champion.runId, version: champion.version },
    runs: runs.map((run) => ({ run_id: run.runId, mlflow_run_id: run.mlflowRun, state: run.state, params: run.params, metrics: run.metrics, tags: run.tags, files: run.files, artifact_uri: run.artefactUri, model_version: run.version })),
    failures: failures.map(({ runId, error: { code, details } }) => ({ run_id: runId, error: { code, what: details.what, where: details.where, found: details.found, expected: details.expected, fix: details.fix } })),
    exit_code: failures.length === 0 ? 0 : 1,
  };
}
