import type Database from 'better-sqlite3';
import { ManyRuns } from './many-runs.ts';
import type { ArtefactRecord, Attempt, BatchRecord, GateRecord, MetricRecord, RunDetail, RunLine, RunStatus, TestRecord } from './records.ts';

/** Which runs a list has; the latest first. */
export interface RunFilter {
  /** First and last as-of date. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly modes?: readonly string[] | undefined;
  readonly limit?: number | undefined;
}

interface Row extends Omit<RunLine, 'status' | 'published'> {
  readonly status: string | null;
  readonly publishedRun: string | null;
}

/** A night that was tried again, or a step of it, stays a night: its own attempts come before those. */
const LINES = `
  SELECT runs.run_id AS runId, attempts.attempt, runs.as_of AS asOf, runs.warehouse, mode, started_at AS startedAt, champion,
         status, exit_code AS exitCode, message, ended_at AS endedAt,
         (SELECT run_id FROM published WHERE published.as_of = runs.as_of AND published.warehouse = runs.warehouse ORDER BY sequence DESC LIMIT 1) AS publishedRun
  FROM runs CROSS JOIN attempts ON attempts.run_id = runs.run_id
   AND attempts.attempt = (SELECT attempt FROM attempts AS those WHERE those.run_id = runs.run_id ORDER BY mode = 'night' DESC, attempt DESC LIMIT 1)
  LEFT JOIN attempt_ends ON attempt_ends.run_id = attempts.run_id AND attempt_ends.attempt = attempts.attempt`;

/** Reads what is recorded of runs. A run is shown as its last attempt as a night, or else as its last one. */
export class RunReader {
  readonly #database: Database.Database;
  /** The same of many runs at once. */
  readonly many: ManyRuns;

  constructor(database: Database.Database) {
    this.#database = database;
    this.many = new ManyRuns(database);
  }

  /** Runs, the latest as-of date first, and of one date the one begun last. */
  list({ from = '', to = '9999', modes, limit = -1 }: RunFilter = {}): readonly RunLine[] {
    const wanted = modes === undefined ? '' : `AND mode IN (${modes.map(() => '?').join(', ')})`;
    const rows = this.#database
      .prepare<unknown[], Row>(`${LINES} WHERE runs.as_of BETWEEN ? AND ? ${wanted} ORDER BY runs.as_of DESC, started_at DESC, runs.run_id LIMIT ?`)
      .all(from, to, ...(modes ?? []), limit);
    return rows.map(lineOf);
  }

  /** How many runs a list without a limit has. */
  count({ from = '', to = '9999', modes }: RunFilter = {}): number {
    const wanted = modes === undefined ? '' : `AND EXISTS (SELECT 1 FROM attempts WHERE attempts.run_id = runs.run_id AND mode IN (${modes.map(() => '?').join(', ')}))`;
    return this.#database.prepare<unknown[], number>(`SELECT count(*) FROM runs WHERE as_of BETWEEN ? AND ? ${wanted}`).pluck().get(from, to, ...(modes ?? [])) ?? 0;
  }

  line(runId: string): RunLine | undefined {
    const row = this.#database.prepare<[string], Row>(`${LINES} WHERE runs.run_id = ?`).get(runId);
    return row === undefined ? undefined : lineOf(row);
  }

  /** Several runs as lines, in the order asked for. */
  lines(runIds: readonly string[]): readonly RunLine[] {
    const rows = this.#database.prepare<[string], Row>(`${LINES} WHERE runs.run_id IN (SELECT value FROM json_each(?))`).all(JSON.stringify(runIds));
    const found = new Map(rows.map((row) => [row.runId, lineOf(row)]));
    return runIds.flatMap((runId) => found.get(runId) ?? []);
  }

  has(runId: string): boolean {
    return this.#database.prepare('SELECT 1 FROM runs WHERE run_id = ?').get(runId) !== undefined;
  }

  /** The ids of all runs, the latest as-of date first. */
  ids(): readonly string[] {
    return this.#database.prepare<[], string>('SELECT run_id FROM runs ORDER BY as_of DESC, run_id').pluck().all();
  }

  /** Runs whose ids begin so; at most so many. */
  beginningWith(prefix: string, limit: number): readonly string[] {
    // A range of the primary key; no id holds the last character there is.
    return this.#database.prepare<[string, string, number], string>('SELECT run_id FROM runs WHERE run_id >= ? AND run_id < ? ORDER BY run_id LIMIT ?').pluck().all(prefix, `${prefix}\u{10ffff}`, limit);
  }

  /** Nights that came to a verdict, the last first, from the one so many nights back on; a night that failed or was killed came to none. */
  finishedNights(back: number, limit: number): readonly string[] {
    return this.#database
      .prepare<[number, number], string>(
        `SELECT run_id FROM runs JOIN attempts USING (run_id) JOIN attempt_ends USING (run_id, attempt)
         WHERE mode = 'night' AND status IN ('done', 'refused', 'checks_failed')
         GROUP BY run_id ORDER BY as_of DESC, max(started_at) DESC, run_id LIMIT ? OFFSET ?`,
      )
      .pluck()
      .all(limit, back);
  }

  /** The run published last for an as-of date; else its last night, else its last run of any mode. */
  ofDate(asOf: string): string | undefined {
    const published = this.#database.prepare<[string], string>('SELECT run_id FROM published WHERE as_of = ? ORDER BY sequence DESC LIMIT 1').pluck().get(asOf);
    return published ?? this.#database.prepare<[string], string>("SELECT run_id FROM runs JOIN attempts USING (run_id) WHERE as_of = ? ORDER BY mode = 'night' DESC, started_at DESC, attempt DESC LIMIT 1").pluck().get(asOf);
  }

  /** The run whose model gave the scores that a run published; undefined where it published none. */
  publishedModel(runId: string): string | undefined {
    return this.#database.prepare<[string], string>('SELECT model_run FROM published WHERE run_id = ? ORDER BY sequence DESC LIMIT 1').pluck().get(runId);
  }

  /** As-of dates that a warehouse has published, from one on, the earliest first. */
  publishedNights(warehouse: string, from: string): readonly string[] {
    return this.#database.prepare<[string, string], string>('SELECT DISTINCT as_of FROM published WHERE warehouse = ? AND as_of >= ? ORDER BY as_of').pluck().all(warehouse, from);
  }

  /** The run whose model made the scores that a run published, also where another has replaced them since. */
  scoredBy(runId: string): string | undefined {
    return this.#database.prepare<[string], string>('SELECT model_run FROM published WHERE run_id = ? ORDER BY sequence DESC LIMIT 1').pluck().get(runId);
  }

  /** A model's metric over the whole of a batch, with its interval, in the run's last attempt that has it. */
  metric(runId: string, { model, batch, metric }: Pick<MetricRecord, 'model' | 'batch' | 'metric'>): MetricRecord | undefined {
    return this.#database
      .prepare<[string, string, string, string], MetricRecord>("SELECT model, batch, slice, metric, value, low, high FROM metrics WHERE run_id = ? AND model = ? AND batch = ? AND metric = ? AND slice = 'all' ORDER BY attempt DESC LIMIT 1")
      .get(runId, model, batch, metric);
  }

  /** What names a run, as `RunDetail` says. */
  inputs(runId: string): Readonly<Record<string, unknown>> {
    const text = this.#database.prepare<[string], string>('SELECT inputs FROM runs WHERE run_id = ?').pluck().get(runId);
    return JSON.parse(text ?? '{}') as Record<string, unknown>;
  }

  /** Metrics of the last attempt that has any. */
  metrics(runId: string): readonly MetricRecord[] {
    return this.#database
      .prepare<[string, string], MetricRecord>('SELECT model, batch, slice, metric, value, low, high FROM metrics WHERE run_id = ? AND attempt = (SELECT max(attempt) FROM metrics WHERE run_id = ?)')
      .all(runId, runId);
  }

  /** The step that an attempt had begun and never ended; null where there is none. */
  unfinishedStep({ runId, attempt }: Attempt): string | null {
    const found = this.#database
      .prepare<[string, number], string>('SELECT step FROM step_starts AS begun WHERE run_id = ? AND attempt = ? AND NOT EXISTS (SELECT 1 FROM steps WHERE steps.run_id = begun.run_id AND steps.attempt = begun.attempt AND steps.step = begun.step) ORDER BY started_at, step LIMIT 1')
      .pluck()
      .get(runId, attempt);
    return found ?? null;
  }

  detail(runId: string): RunDetail | undefined {
    const line = this.line(runId);
    if (line === undefined) return undefined;
    const of = <T>(sql: string): T[] => this.#database.prepare<[string, number], T>(sql).all(runId, line.attempt);
    const [environment] = of<{ environment: string | null }>('SELECT environment FROM attempts WHERE run_id = ? AND attempt = ?');
    const steps = of<RunDetail['steps'][number]>('SELECT step, status, started_at AS startedAt, seconds, cpu_seconds AS cpuSeconds, peak_mb AS peakMb, rows FROM steps WHERE run_id = ? AND attempt = ? ORDER BY started_at, step');
    return {
      ...line,
      inputs: this.inputs(runId),
      environment: JSON.parse(environment?.environment ?? 'null') as RunDetail['environment'],
      steps,
      unfinishedStep: this.unfinishedStep(line),
      metrics: this.metrics(runId),
      tests: of<TestRecord>('SELECT test, severity, outcome, message FROM tests WHERE run_id = ? AND attempt = ? ORDER BY test'),
      gates: of<GateRecord>('SELECT gate, metric, outcome, found, low, high, expected, reason FROM gates WHERE run_id = ? AND attempt = ? ORDER BY position'),
      batches: of<BatchRecord>('SELECT batch, rows, sha256 FROM batches WHERE run_id = ? AND attempt = ? ORDER BY batch'),
      artefacts: of<ArtefactRecord>('SELECT path, bytes, sha256 FROM artefacts WHERE run_id = ? AND attempt = ? ORDER BY path'),
    };
  }
}

function lineOf({ publishedRun, status, ...row }: Row): RunLine {
  return { ...row, status: statusOf(status, row.exitCode), published: publishedRun === row.runId };
}

/** Who knows that a process is still at it says `running` instead of `killed`. */
function statusOf(status: string | null, exitCode: number | null): RunStatus {
  if (status === null) return 'killed';
  return exitCode === 130 || exitCode === 143 ? 'interrupted' : (status as RunStatus);
}
