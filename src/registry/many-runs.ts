import type Database from 'better-sqlite3';
import type { BatchRecord, Environment, MetricRecord } from './records.ts';

export interface Measured extends Pick<MetricRecord, 'metric' | 'value' | 'low' | 'high'> {
  readonly runId: string;
}

/** What a run of a list is about. */
export interface Purpose {
  readonly task: string;
  readonly family: string | null;
  /** `metrics.primary`, where the configuration names one. */
  readonly primary: string | null;
}

/** Reads the same of many runs at once: one query for all of them, however many. Runs that have nothing of the kind are left out. */
export class ManyRuns {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Metrics of each run's own model over its whole test batch, of the last attempt that has any; all metrics unless some are named. */
  measured(runIds: readonly string[], metrics?: readonly string[]): readonly Measured[] {
    const named = metrics === undefined ? '' : 'AND metric IN (SELECT value FROM json_each(?))';
    // One look into the primary key a run: without the order, the planner would read all metrics first.
    return this.#of<Measured>(
      `SELECT wanted.value AS runId, metric, metrics.value, low, high FROM json_each(?) AS wanted CROSS JOIN metrics
       WHERE metrics.run_id = wanted.value AND attempt = (SELECT max(attempt) FROM metrics AS those WHERE those.run_id = wanted.value)
       AND model = 'candidate' AND batch = 'test' AND slice = 'all' ${named}`,
    ).all(runIds, ...(metrics === undefined ? [] : [metrics]));
  }

  /** The task, family and primary metric of each run's configuration. */
  purposes(runIds: readonly string[]): ReadonlyMap<string, Purpose> {
    const rows = this.#of<Purpose & { runId: string }>(
      `SELECT run_id AS runId, inputs ->> '$.config.task' AS task, inputs ->> '$.config.model.family' AS family, inputs ->> '$.config.metrics.primary' AS "primary"
       FROM json_each(?) AS wanted CROSS JOIN runs ON run_id = wanted.value`,
    ).all(runIds);
    return new Map(rows.filter(({ task }) => task !== null).map(({ runId, ...purpose }) => [runId, purpose]));
  }

  /** What names each run, as `RunDetail.inputs`. */
  inputs(runIds: readonly string[]): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
    const rows = this.#of<{ runId: string; inputs: string }>('SELECT run_id AS runId, inputs FROM json_each(?) AS wanted CROSS JOIN runs ON run_id = wanted.value').all(runIds);
    return new Map(rows.map(({ runId, inputs }) => [runId, JSON.parse(inputs) as Record<string, unknown>]));
  }

  /** The environment of each run's last attempt that recorded one. */
  environments(runIds: readonly string[]): ReadonlyMap<string, Environment> {
    const rows = this.#of<{ runId: string; environment: string }>('SELECT run_id AS runId, environment FROM json_each(?) AS wanted CROSS JOIN attempts ON run_id = wanted.value WHERE environment IS NOT NULL ORDER BY attempt').all(runIds);
    return new Map(rows.map(({ runId, environment }) => [runId, JSON.parse(environment) as Environment]));
  }

  /** The batches of each run's last attempt that kept any. */
  batches(runIds: readonly string[]): ReadonlyMap<string, readonly BatchRecord[]> {
    const rows = this.#of<BatchRecord & { runId: string }>(
      `SELECT wanted.value AS runId, batch, rows, sha256 FROM json_each(?) AS wanted CROSS JOIN batches
       WHERE run_id = wanted.value AND attempt = (SELECT max(attempt) FROM batches AS those WHERE those.run_id = wanted.value) ORDER BY batch`,
    ).all(runIds);
    const found = new Map<string, BatchRecord[]>();
    for (const { runId, ...batch } of rows) found.set(runId, [...(found.get(runId) ?? []), batch]);
    return found;
  }

  /** A statement whose parameters are lists, each as JSON. */
  #of<T>(sql: string): { all(...lists: readonly (readonly string[])[]): T[] } {
    const statement = this.#database.prepare<string[], T>(sql);
    return { all: (...lists) => statement.all(...lists.map((list) => JSON.stringify(list))) };
  }
}
