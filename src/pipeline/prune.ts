import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'csv-parse/sync';
import { bytewise } from '../dataset/bytewise.ts';
import { writeCsv } from '../dataset/csv-write.ts';
import type { RunLine } from '../registry/records.ts';
import { dateOf, dayOf } from '../shared/days.ts';
import { keptFile, keptFolder } from './kept-batches.ts';
import type { Record } from './record.ts';

/** Something that retention lets go of. */
export interface Prunable {
  /** Below the state folder. */
  readonly path: string;
  readonly bytes: number;
  readonly why: string;
  /** Of a log: how many of its lines. */
  readonly lines?: number;
}

interface Policy {
  /** The last night's as-of date: what is old is old beside it, whatever the clock says. */
  readonly today: number;
  readonly champions: ReadonlySet<string>;
}

/** What retention would free: batches, models that were never champion, working files, lines of logs. Never scores, never what the record says, never a champion's model. */
export function prunable(record: Record): readonly Prunable[] {
  const runs = record.registry.runs.list();
  const last = runs[0];
  if (last === undefined) return [];
  const policy = { today: dayOf(last.asOf), champions: new Set(record.registry.champions.events().map(({ modelRun }) => modelRun)) };
  return [...runs.flatMap((run) => ofRun(record, run, policy)), ...ofLogs(record, policy)];
}

/** Frees what `prunable` gave. */
export async function prune(record: Record, items: readonly Prunable[]): Promise<void> {
  const last = record.registry.runs.list({ limit: 1 })[0];
  if (last === undefined) return;
  for (const { path, lines } of items) {
    const file = join(record.places.state, path);
    if (lines === undefined) rmSync(file, { recursive: true, force: true });
    else await shorten(file, cutoffOf(record, dayOf(last.asOf)));
  }
  for (const { runId } of record.registry.runs.list()) {
    const folder = keptFolder(record.places, runId);
    if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
  }
}

function ofRun({ config: { retention }, places }: Record, { runId, asOf, warehouse }: RunLine, { today, champions }: Policy): readonly Prunable[] {
  const age = today - dayOf(asOf);
  const isChampion = champions.has(runId);
  const kind = warehouse === 'duckdb' ? 'duckdb' : 'sqlite';
  const learned = isChampion ? retention.rows : retention.training;
  return [
    ...when(age > retention.rows, places.state, keptFile(places, { runId, kind, kept: 'scored' }), `scored rows of ${age} days ago; kept for ${retention.rows}`),
    ...when(age > learned, places.state, keptFile(places, { runId, kind, kept: 'learned' }), `training batches of ${age} days ago${isChampion ? ', of a champion' : ''}; kept for ${learned}`),
    ...when(!isChampion && age > retention.training, places.state, join(places.models, runId), `a model of ${age} days ago that was never champion; kept for ${retention.training}`),
    ...when(age > retention.training, places.state, join(places.data, 'work', runId), `working files of ${age} days ago; kept for ${retention.training}`),
  ];
}

function when(isOld: boolean, state: string, path: string, why: string): readonly Prunable[] {
  return isOld && existsSync(path) ? [{ path: relative(state, path), bytes: bytesOf(path), why }] : [];
}

function bytesOf(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

function cutoffOf({ config: { retention } }: Record, today: number): string {
  return dateOf(today - retention.logs);
}

/** Lines of logs that tell of as-of dates before the cutoff. */
function ofLogs(record: Record, { today }: Policy): readonly Prunable[] {
  const { places } = record;
  if (!existsSync(places.logs)) return [];
  const cutoff = cutoffOf(record, today);
  return readdirSync(places.logs).filter((name) => name.endsWith('.csv')).sort(bytewise).flatMap((name): readonly Prunable[] => {
    const file = join(places.logs, name);
    const text = readFileSync(file, 'utf8');
    const [, ...records] = recordsOf(text);
    const old = records.filter(([, asOf = '']) => asOf < cutoff);
    if (old.length === 0) return [];
    return [{ path: relative(places.state, file), bytes: Math.round((text.length * old.length) / records.length), why: `${old.length} lines of before ${cutoff}`, lines: old.length }];
  });
}

async function shorten(file: string, cutoff: string): Promise<void> {
  const [header = [], ...records] = recordsOf(readFileSync(file, 'utf8'));
  const kept = records.filter(([, asOf = '']) => asOf >= cutoff);
  await writeCsv(file, header, kept.map((cells) => cells.map((cell) => (cell === '' ? null : cell))));
}

function recordsOf(text: string): readonly (readonly string[])[] {
  return parse(text, { relax_column_count: true, skip_empty_lines: true });
}
