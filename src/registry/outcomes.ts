import type Database from 'better-sqlite3';

/** Which scores an outcome is about: those of a night, of a model, of models of an age, or of the last nights. */
export type OutcomeKind = 'night' | 'model' | 'age' | 'recent';

/** A metric of scores whose labels became known, beside what the test batches of their models said. */
export interface OutcomeMetric {
  readonly metric: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly promised: number | null;
  readonly promisedLow: number | null;
  readonly promisedHigh: number | null;
}

/** Published scores, held against the labels that were known by a date. */
export interface Outcome {
  readonly kind: OutcomeKind;
  /** Among its kind: an as-of date, a model's run, an age. */
  readonly name: string;
  /** The date by which the labels were known. */
  readonly knownAsOf: string;
  /** The first and the last night whose scores are in it, and how many have a known label. */
  readonly fromAsOf: string;
  readonly asOf: string;
  readonly nights: number;
  /** Of one night: the run that published it. */
  readonly runId: string | null;
  /** The run whose model scored; null where several did. */
  readonly modelRun: string | null;
  readonly rows: number;
  readonly labelled: number;
  /** The metric that the verdict is about. */
  readonly metric: string;
  /** `kept`, `broken` or `unclear`. */
  readonly verdict: string;
  readonly reason: string;
  /** A hash of the rows and of what they were measured with: equal content has equal figures. */
  readonly content: string;
  readonly metrics: readonly OutcomeMetric[];
}

type Row = Omit<Outcome, 'metrics'> & { readonly sequence: number };

const COLUMNS = 'sequence, kind, name, known_as_of AS knownAsOf, from_as_of AS fromAsOf, as_of AS asOf, nights, run_id AS runId, model_run AS modelRun, rows, labelled, metric, verdict, reason, content';
/** Of each thing what was known last. */
const LATEST = 'NOT EXISTS (SELECT 1 FROM outcomes AS later WHERE later.kind = outcomes.kind AND later.name = outcomes.name AND later.warehouse = outcomes.warehouse AND (later.known_as_of, later.sequence) > (outcomes.known_as_of, outcomes.sequence))';

/** How published scores came true, as far as it was known when. */
export class Outcomes {
  readonly #database: Database.Database;
  readonly #now: () => Date;

  constructor(database: Database.Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
  }

  /** Records what is not recorded yet: the same rows once, however often and however much later they are held against their labels. Returns what was new. */
  record(warehouse: string, outcomes: readonly Outcome[]): readonly Outcome[] {
    return this.#database.transaction(() => {
      const found = outcomes.filter((one) => this.knownBy(warehouse, one)?.content !== one.content);
      for (const one of found) this.#insert(warehouse, one);
      return found;
    })();
  }

  #insert(warehouse: string, one: Outcome): void {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO outcomes (warehouse, kind, name, known_as_of, from_as_of, as_of, nights, run_id, model_run, rows, labelled, metric, verdict, reason, content, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(warehouse, one.kind, one.name, one.knownAsOf, one.fromAsOf, one.asOf, one.nights, one.runId, one.modelRun, one.rows, one.labelled, one.metric, one.verdict, one.reason, one.content, this.#now().toISOString());
    const insert = this.#database.prepare('INSERT INTO outcome_metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    for (const { metric, value, low, high, promised, promisedLow, promisedHigh } of one.metrics) insert.run(lastInsertRowid, metric, value, low, high, promised, promisedLow, promisedHigh);
  }

  /** What was last known of something by a date. */
  knownBy(warehouse: string, { kind, name, knownAsOf }: Pick<Outcome, 'kind' | 'name' | 'knownAsOf'>): Outcome | undefined {
    return this.#read('WHERE warehouse = ? AND kind = ? AND name = ? AND known_as_of <= ? ORDER BY known_as_of DESC, sequence DESC LIMIT 1', [warehouse, kind, name, knownAsOf])[0];
  }

  /** What became of the nights that a model scored, the first night first. */
  nightsOfModel(modelRun: string): readonly Outcome[] {
    return this.#read(`WHERE kind = 'night' AND model_run = ? AND ${LATEST} ORDER BY as_of, warehouse`, [modelRun]);
  }

  /** What became of the nights that runs published, by run. */
  ofRuns(): ReadonlyMap<string, Outcome> {
    return new Map(this.#read(`WHERE kind = 'night' AND ${LATEST} ORDER BY as_of`, []).flatMap((one) => (one.runId === null ? [] : [[one.runId, one]])));
  }

  /** What became of a model's scores; undefined where it scored no night whose labels are known. */
  ofModel(modelRun: string): Outcome | undefined {
    return this.#read(`WHERE kind = 'model' AND name = ? AND ${LATEST} ORDER BY sequence DESC LIMIT 1`, [modelRun])[0];
  }

  /** When something was last recorded of a model's nights, by model. */
  recordedAt(): ReadonlyMap<string, string> {
    const rows = this.#database.prepare<[], { modelRun: string; at: string }>("SELECT model_run AS modelRun, max(recorded_at) AS at FROM outcomes WHERE kind = 'night' GROUP BY model_run").all();
    return new Map(rows.map(({ modelRun, at }) => [modelRun, at]));
  }

  #read(condition: string, values: readonly string[]): readonly Outcome[] {
    const rows = this.#database.prepare<string[], Row>(`SELECT ${COLUMNS} FROM outcomes ${condition}`).all(...values);
    const metrics = this.#database.prepare<[number], OutcomeMetric>('SELECT metric, value, low, high, promised, promised_low AS promisedLow, promised_high AS promisedHigh FROM outcome_metrics WHERE sequence = ?');
    return rows.map(({ sequence, ...row }) => ({ ...row, metrics: metrics.all(sequence) }));
  }
}
