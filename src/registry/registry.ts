import Database from 'better-sqlite3';
import { dirname } from 'node:path';
import { NightshiftError, codeOf, messageOf } from '../shared/errors.ts';
import { fileError, makeFolder } from '../shared/files.ts';
import { Champions } from './champions.ts';
import type { ArtefactRecord, Attempt, BatchRecord, Environment, GateRecord, MetricRecord, NoiseRecord, PublishedRecord, StepRecord, TestRecord } from './records.ts';
import { Outcomes } from './outcomes.ts';
import { RunReader } from './run-reader.ts';
import { SCHEMA_VERSION, migrationsFrom } from './schema.ts';

/** The append-only record of runs in `data/runs.db`. */
export class Registry {
  readonly #database: Database.Database;
  readonly #now: () => Date;
  /** Who is champion, and was. */
  readonly champions: Champions;
  /** What is recorded of runs. */
  readonly runs: RunReader;
  /** How published scores came true. */
  readonly outcomes: Outcomes;

  private constructor(database: Database.Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
    this.champions = new Champions(database, now);
    this.runs = new RunReader(database);
    this.outcomes = new Outcomes(database, now);
  }

  /** Opens the record, making it where missing; throws `registry-corrupt`, `registry-newer`. */
  static open(file: string, now: () => Date = () => new Date()): Registry {
    makeFolder(dirname(file));
    try {
      const database = new Database(file, { timeout: 10_000 });
      database.pragma('journal_mode = WAL');
      database.pragma('foreign_keys = ON');
      migrate(database, file);
      return new Registry(database, now);
    } catch (cause) {
      throw cause instanceof NightshiftError ? cause : openError(file, cause);
    }
  }

  close(): void {
    this.#database.close();
  }

  /** Records a run where it is new, and one more attempt at it. */
  begin(run: { runId: string; asOf: string; warehouse: string; inputs: object; environment?: Environment | undefined }, mode: string, champion: string | null): Attempt {
    const now = this.#now().toISOString();
    return this.#database.transaction(() => {
      this.#database.prepare('INSERT INTO runs VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING').run(run.runId, run.asOf, run.warehouse, JSON.stringify(run.inputs), now);
      const last = this.#database.prepare<[string], { last: number | null }>('SELECT max(attempt) AS last FROM attempts WHERE run_id = ?').get(run.runId)?.last;
      const attempt = (last ?? 0) + 1;
      this.#database.prepare('INSERT INTO attempts (run_id, attempt, mode, started_at, champion, environment) VALUES (?, ?, ?, ?, ?, ?)').run(run.runId, attempt, mode, now, champion, run.environment === undefined ? null : JSON.stringify(run.environment));
      return { runId: run.runId, attempt };
    })();
  }

  end({ runId, attempt }: Attempt, outcome: { status: string; exitCode: number; message: string | null }): void {
    this.#database.prepare('INSERT INTO attempt_ends VALUES (?, ?, ?, ?, ?, ?)').run(runId, attempt, outcome.status, outcome.exitCode, outcome.message, this.#now().toISOString());
  }

  beginStep({ runId, attempt }: Attempt, step: string): void {
    this.#database.prepare('INSERT INTO step_starts VALUES (?, ?, ?, ?)').run(runId, attempt, step, this.#now().toISOString());
  }

  recordStep({ runId, attempt }: Attempt, step: StepRecord): void {
    this.#database
      .prepare('INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(runId, attempt, step.step, step.status, step.startedAt.toISOString(), step.seconds, step.cpuSeconds, step.peakMb, step.rows);
  }

  recordMetrics({ runId, attempt }: Attempt, metrics: readonly MetricRecord[]): void {
    const insert = this.#database.prepare('INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#database.transaction(() => {
      for (const { model, batch, slice, metric, value, low, high } of metrics) insert.run(runId, attempt, model, batch, slice, metric, value, low ?? null, high ?? null);
    })();
  }

  recordTests({ runId, attempt }: Attempt, tests: readonly TestRecord[]): void {
    const insert = this.#database.prepare('INSERT INTO tests VALUES (?, ?, ?, ?, ?, ?)');
    this.#database.transaction(() => {
      for (const { test, severity, outcome, message } of tests) insert.run(runId, attempt, test, severity, outcome, message);
    })();
  }

  recordGates({ runId, attempt }: Attempt, gates: readonly GateRecord[]): void {
    const insert = this.#database.prepare('INSERT INTO gates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#database.transaction(() => {
      for (const [i, { gate, metric, outcome, found, low, high, expected, reason }] of gates.entries()) insert.run(runId, attempt, i + 1, gate, metric, outcome, found, low, high, expected, reason);
    })();
  }

  recordBatch({ runId, attempt }: Attempt, { batch, rows, sha256 }: BatchRecord): void {
    this.#database.prepare('INSERT INTO batches VALUES (?, ?, ?, ?, ?)').run(runId, attempt, batch, rows, sha256);
  }

  recordArtefacts({ runId, attempt }: Attempt, artefacts: readonly ArtefactRecord[]): void {
    const insert = this.#database.prepare('INSERT INTO artefacts VALUES (?, ?, ?, ?, ?)');
    this.#database.transaction(() => {
      for (const { path, bytes, sha256 } of artefacts) insert.run(runId, attempt, path, bytes, sha256);
    })();
  }

  recordNoise({ runId, asOf }: { runId: string; asOf: string }, noise: readonly NoiseRecord[]): void {
    const insert = this.#database.prepare('INSERT INTO noise (run_id, as_of, metric, seeds, deviation, recorded_at) VALUES (?, ?, ?, ?, ?, ?)');
    this.#database.transaction(() => {
      for (const { metric, seeds, deviation } of noise) insert.run(runId, asOf, metric, seeds, deviation, this.#now().toISOString());
    })();
  }

  /** The spread over seeds that was measured last, of runs up to an as-of date, by metric. */
  noiseFor(asOf: string): ReadonlyMap<string, number> {
    const rows = this.#database.prepare<[string], { metric: string; deviation: number }>('SELECT metric, deviation FROM noise WHERE as_of <= ? ORDER BY as_of, sequence').all(asOf);
    return new Map(rows.map(({ metric, deviation }) => [metric, deviation]));
  }

  /** Records what the warehouse has published and, where another model than before did it, the champion; once, however often it is called. */
  recordPublished(record: PublishedRecord): void {
    if (this.isRecorded(record)) return;
    const now = this.#now().toISOString();
    this.#database.transaction(() => {
      this.#database
        .prepare('INSERT INTO published (as_of, warehouse, run_id, model_run, rows, scores_hash, mean_score, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        .run(record.asOf, record.warehouse, record.runId, record.modelRun, record.rows, record.scoresHash, record.meanScore, now);
      if (this.champions.after(record.asOf)?.modelRun === record.modelRun) return;
      const why = record.modelRun === record.runId ? 'its gates and tests held' : 'it scored this night again';
      this.champions.record({ asOf: record.asOf, modelRun: record.modelRun, action: 'published', why, byWhom: 'the night', until: null });
    })();
  }

  /** Whether the latest record of that night is this one. */
  isRecorded({ asOf, warehouse, runId }: { asOf: string; warehouse: string; runId: string }): boolean {
    const last = this.#database
      .prepare<[string, string], { run_id: string }>('SELECT run_id FROM published WHERE as_of = ? AND warehouse = ? ORDER BY sequence DESC LIMIT 1')
      .get(asOf, warehouse);
    return last?.run_id === runId;
  }

  /** A model's metrics over the whole of a batch, in a run's last attempt that has any. */
  metricsOf(runId: string, { batch, model }: { batch: string; model: string }): ReadonlyMap<string, number | null> {
    const rows = this.#database
      .prepare<[string, string, string, string], { metric: string; value: number | null }>(
        `SELECT metric, value FROM metrics WHERE run_id = ? AND batch = ? AND model = ? AND slice = 'all'
         AND attempt = (SELECT max(attempt) FROM metrics WHERE run_id = ?)`,
      )
      .all(runId, batch, model, runId);
    return new Map(rows.map(({ metric, value }) => [metric, value]));
  }
}

function migrate(database: Database.Database, file: string): void {
  database.transaction(() => {
    const version = Number(database.pragma('user_version', { simple: true }));
    if (version > SCHEMA_VERSION) {
      throw new NightshiftError({ code: 'registry-newer', what: 'The record of runs was written by a newer version', where: file, found: `version ${version}`, expected: `at most ${SCHEMA_VERSION}`, fix: 'update this checkout' });
    }
    for (const statements of migrationsFrom(version)) database.exec(statements);
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
  }).immediate();
}

function openError(file: string, cause: unknown): NightshiftError {
  const code = codeOf(cause) ?? '';
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return new NightshiftError({ code: 'registry-corrupt', what: 'The record of runs cannot be read', where: file, found: messageOf(cause), fix: 'restore it from a backup; it is never written by hand', cause });
  }
  if (code === 'SQLITE_READONLY' || code === 'SQLITE_CANTOPEN') return fileError(file, { code: 'EACCES', message: messageOf(cause) });
  if (code === 'SQLITE_FULL') return fileError(file, { code: 'ENOSPC', message: messageOf(cause) });
  return fileError(file, cause);
}
