/**
 * The record of runs. Only ever added to: an end is a row beside its beginning, never a change of it.
 * Times are ISO instants in UTC, seconds are numbers, hashes are SHA-256 in hex. A version is the schema before it and a
 * migration, which a record of an older version is brought forward by; none is ever changed.
 */
const migrations: readonly string[] = [
  `
CREATE TABLE runs (
  run_id TEXT PRIMARY KEY, as_of TEXT NOT NULL, warehouse TEXT NOT NULL, inputs TEXT NOT NULL, recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE attempts (
  run_id TEXT NOT NULL REFERENCES runs, attempt INTEGER NOT NULL, mode TEXT NOT NULL, started_at TEXT NOT NULL,
  champion TEXT, PRIMARY KEY (run_id, attempt)
) STRICT;
CREATE TABLE attempt_ends (
  run_id TEXT NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL, exit_code INTEGER NOT NULL, message TEXT,
  ended_at TEXT NOT NULL, PRIMARY KEY (run_id, attempt), FOREIGN KEY (run_id, attempt) REFERENCES attempts
) STRICT;
CREATE TABLE steps (
  run_id TEXT NOT NULL, attempt INTEGER NOT NULL, step TEXT NOT NULL, status TEXT NOT NULL, started_at TEXT NOT NULL,
  seconds REAL NOT NULL, cpu_seconds REAL, peak_mb REAL, rows INTEGER, PRIMARY KEY (run_id, attempt, step)
) STRICT;
CREATE TABLE metrics (
  run_id TEXT NOT NULL, attempt INTEGER NOT NULL, model TEXT NOT NULL, batch TEXT NOT NULL, slice TEXT NOT NULL,
  metric TEXT NOT NULL, value REAL, low REAL, high REAL, PRIMARY KEY (run_id, attempt, model, batch, slice, metric)
) STRICT, WITHOUT ROWID;
CREATE TABLE tests (
  run_id TEXT NOT NULL, attempt INTEGER NOT NULL, test TEXT NOT NULL, severity TEXT NOT NULL, outcome TEXT NOT NULL,
  message TEXT, PRIMARY KEY (run_id, attempt, test)
) STRICT;
CREATE TABLE published (
  sequence INTEGER PRIMARY KEY, as_of TEXT NOT NULL, warehouse TEXT NOT NULL, run_id TEXT NOT NULL, model_run TEXT NOT NULL,
  rows INTEGER NOT NULL, scores_hash TEXT NOT NULL, mean_score REAL, recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE champions (
  sequence INTEGER PRIMARY KEY, as_of TEXT NOT NULL, model_run TEXT NOT NULL, action TEXT NOT NULL, why TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
CREATE INDEX attempts_started ON attempts (started_at);
CREATE INDEX published_as_of ON published (as_of);
CREATE INDEX champions_as_of ON champions (as_of);
`,
  `
ALTER TABLE attempts ADD COLUMN environment TEXT;
ALTER TABLE champions ADD COLUMN by_whom TEXT NOT NULL DEFAULT 'the night';
ALTER TABLE champions ADD COLUMN until TEXT;
CREATE TABLE step_starts (
  run_id TEXT NOT NULL, attempt INTEGER NOT NULL, step TEXT NOT NULL, started_at TEXT NOT NULL, PRIMARY KEY (run_id, attempt, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE gates (
  run_id TEXT NOT NULL, attempt INTEGER NOT NULL, position INTEGER NOT NULL, gate TEXT NOT NULL, metric TEXT NOT NULL, outcome TEXT NOT NULL,
  found REAL, low REAL, high REAL, expected TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (run_id, attempt, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE artefacts (
  run_id TEXT NOT NULL, attempt INTEGER NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (run_id, attempt, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE batches (
  run_id TEXT NOT NULL, attempt INTEGER NOT NULL, batch TEXT NOT NULL, rows INTEGER NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (run_id, attempt, batch)
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_as_of ON runs (as_of);
`,
  `
CREATE TABLE noise (
  sequence INTEGER PRIMARY KEY, run_id TEXT NOT NULL, as_of TEXT NOT NULL, metric TEXT NOT NULL, seeds INTEGER NOT NULL, deviation REAL NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
`,
  `
CREATE TABLE outcomes (
  sequence INTEGER PRIMARY KEY, warehouse TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, known_as_of TEXT NOT NULL, from_as_of TEXT NOT NULL,
  as_of TEXT NOT NULL, nights INTEGER NOT NULL, run_id TEXT, model_run TEXT, rows INTEGER NOT NULL, labelled INTEGER NOT NULL, metric TEXT NOT NULL,
  verdict TEXT NOT NULL, reason TEXT NOT NULL, content TEXT NOT NULL, recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE outcome_metrics (
  sequence INTEGER NOT NULL REFERENCES outcomes, metric TEXT NOT NULL, value REAL, low REAL, high REAL, promised REAL, promised_low REAL,
  promised_high REAL, PRIMARY KEY (sequence, metric)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcomes_name ON outcomes (kind, name);
CREATE INDEX outcomes_model ON outcomes (model_run);
`,
];

export const SCHEMA_VERSION = migrations.length;

/** The statements that bring a record from one version to the next ones; all of them from 0. */
export function migrationsFrom(version: number): readonly string[] {
  return migrations.slice(version);
}
