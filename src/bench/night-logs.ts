import { join } from 'node:path';
import { readCsv } from '../dataset/csv-read.ts';
import type { SqlType } from '../dataset/sql-type.ts';
import { type Shares, type TimedEvent, sharesOf } from './shares.ts';

/** What one step of a night took. */
export interface StepFigures {
  readonly step: string;
  readonly rows: number | null;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** From the start of its process to the start of its work. */
  readonly readySeconds: number;
  readonly shares: Shares;
}

/** Reads what the logs of a state folder with one night in it tell. */
export async function nightLogs(logs: string): Promise<readonly StepFigures[]> {
  const steps = await readLog(join(logs, 'run.csv'), { seconds: 'number', cpu_seconds: 'number', peak_mb: 'number', rows: 'integer' });
  const figures: StepFigures[] = [];
  for (const row of steps) {
    const step = String(row['step']);
    const events = (await readLog(join(logs, `${step}.csv`), { seconds: 'number' })).map(({ event, seconds }): TimedEvent => ({ event: String(event), seconds: Number(seconds ?? 0) }));
    const wallSeconds = Number(row['seconds']);
    figures.push({
      step,
      rows: row['rows'] === null ? null : Number(row['rows']),
      wallSeconds,
      cpuSeconds: Number(row['cpu_seconds']),
      peakMb: Number(row['peak_mb']),
      readySeconds: events.find(({ event }) => event === 'ready')?.seconds ?? Number.NaN,
      shares: sharesOf(wallSeconds, events),
    });
  }
  return figures;
}

type LogRow = Readonly<Record<string, string | number | null>>;

async function readLog(file: string, types: Readonly<Record<string, SqlType>>): Promise<readonly LogRow[]> {
  const rows: LogRow[] = [];
  for await (const batch of readCsv([file], { delimiter: ',', types })) {
    for (let row = 0; row < batch.rows; row++) {
      const cells = [...batch.columns].map(([name, column]): [string, string | number | null] => {
        if (column.storage === 'text') return [name, column.dictionary[column.codes[row] ?? -1] ?? null];
        return [name, column.nulls?.[row] === 1 ? null : (column.values[row] ?? null)];
      });
      rows.push(Object.fromEntries(cells));
    }
  }
  return rows;
}
