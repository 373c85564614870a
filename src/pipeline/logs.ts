import { join } from 'node:path';
import { appendCsv } from '../dataset/csv-write.ts';
import type { LogEntry } from './context.ts';
import type { Places } from './places.ts';

const STEP_HEADER = ['run_id', 'as_of', 'time', 'event', 'rows', 'seconds', 'status', 'message'];
const RUN_HEADER = ['run_id', 'as_of', 'attempt', 'step', 'started_at', 'seconds', 'cpu_seconds', 'peak_mb', 'rows', 'status'];

export interface StepTime {
  readonly step: string;
  readonly startedAt: Date;
  readonly seconds: number;
  readonly cpuSeconds: number | null;
  readonly peakMb: number | null;
  readonly rows: number | null;
  readonly status: string;
}

/** The CSV logs: one file a step, under its name, and `run.csv` with the time that each step took. Only ever appended to. */
export class Logs {
  readonly #places: Places;
  readonly #run: { readonly runId: string; readonly asOf: string; readonly attempt: number };
  readonly #now: () => Date;

  constructor(places: Places, run: { runId: string; asOf: string; attempt: number }, now: () => Date = () => new Date()) {
    this.#places = places;
    this.#run = run;
    this.#now = now;
  }

  event(step: string, { event, rows, seconds, status, message }: LogEntry): void {
    const { runId, asOf } = this.#run;
    appendCsv(join(this.#places.logs, `${step}.csv`), STEP_HEADER, [[runId, asOf, this.#now().toISOString(), event, rows ?? null, rounded(seconds ?? null), status ?? 'ok', message ?? null]]);
  }

  step({ step, startedAt, seconds, cpuSeconds, peakMb, rows, status }: StepTime): void {
    const { runId, asOf, attempt } = this.#run;
    appendCsv(join(this.#places.logs, 'run.csv'), RUN_HEADER, [[runId, asOf, attempt, step, startedAt.toISOString(), rounded(seconds), rounded(cpuSeconds), rounded(peakMb, 10), rows, status]]);
  }
}

function rounded(value: number | null, parts = 1000): number | null {
  return value === null ? null : Math.round(value * parts) / parts;
}
