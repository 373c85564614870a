import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { launch } from './launch.ts';
import { type StepFigures, nightLogs } from './night-logs.ts';
import { type Shares, sumOf } from './shares.ts';

export type Size = 'default' | 'full';
export type Kind = 'sqlite' | 'duckdb';

export interface NightRequest {
  readonly warehouse: Kind;
  readonly size: Size;
  /** Nights measured, each in a state folder where none ran before. */
  readonly runs: number;
  /** Overrides of pipeline.yaml, as `--set` takes them. */
  readonly set: readonly string[];
  readonly project: string;
  /** Leaves the state folder of the last night. */
  readonly keep: boolean;
  readonly progress: (text: string) => void;
}

/** What nights of one size in one warehouse took: medians over the runs. */
export interface NightFigures {
  readonly warehouse: Kind;
  readonly size: Size;
  readonly runs: number;
  /** Rows of the sample's largest table, and how long its loading took. */
  readonly sample: { readonly rows: number; readonly wallSeconds: number };
  /** From the command's start to its end. */
  readonly wallSeconds: number;
  /** Of it, what lies outside of the steps: the program's start, the plan, the record. */
  readonly aroundSeconds: number;
  readonly shares: Shares;
  readonly steps: readonly StepFigures[];
  /** Where the last night's files are, if they were kept. */
  readonly state: string | null;
}

interface OneNight {
  readonly wallSeconds: number;
  readonly steps: readonly StepFigures[];
}

/** Makes the sample in a folder of its own and runs its night, as `run.sh` would. Throws `bench-failed` where a night does. */
export async function benchNight(request: NightRequest): Promise<NightFigures> {
  const { warehouse, size, runs, keep, progress } = request;
  const state = mkdtempSync(join(tmpdir(), `nightshift-bench-${size}-${warehouse}-`));
  try {
    progress(`${size}, ${warehouse}: making the sample`);
    const sample = await makeSample(request, state);
    const nights: OneNight[] = [];
    for (let run = 1; run <= runs; run++) {
      progress(`${size}, ${warehouse}: night ${run} of ${runs}`);
      clear(state, sample.file);
      nights.push(await runNight(request, state));
    }
    return { warehouse, size, runs, sample: { rows: sample.rows, wallSeconds: sample.wallSeconds }, ...medianNight(nights), state: keep ? state : null };
  } finally {
    if (!keep) rmSync(state, { recursive: true, force: true });
  }
}

async function makeSample({ warehouse, size, project }: NightRequest, state: string): Promise<{ file: string; rows: number; wallSeconds: number }> {
  const { json, wallSeconds } = await launch(['sample', ...(size === 'full' ? ['--full'] : []), '--project', project, '--warehouse', warehouse, '--set', `state=${state}`]);
  const { file, rows } = json as { file: string; rows: Readonly<Record<string, number>> };
  return { file, rows: Math.max(...Object.values(rows)), wallSeconds };
}

/** Removes all of a state but its sample: every night is the first. */
function clear(state: string, sample: string): void {
  for (const name of readdirSync(state)) if (name !== 'data') rmSync(join(state, name), { recursive: true });
  mkdirSync(dirname(sample), { recursive: true });
  for (const name of readdirSync(dirname(sample))) if (join(dirname(sample), name) !== sample) rmSync(join(dirname(sample), name), { recursive: true });
}

async function runNight({ warehouse, project, set }: NightRequest, state: string): Promise<OneNight> {
  const overrides = [`state=${state}`, ...set].flatMap((one) => ['--set', one]);
  const { wallSeconds } = await launch(['run', '--publish', '--project', project, '--warehouse', warehouse, ...overrides]);
  return { wallSeconds, steps: await nightLogs(join(state, 'logs')) };
}

/** The night of median wall time, whole: figures of different nights would not add up. */
function medianNight(nights: readonly OneNight[]): Pick<NightFigures, 'wallSeconds' | 'aroundSeconds' | 'shares' | 'steps'> {
  const ordered = [...nights].sort((a, b) => a.wallSeconds - b.wallSeconds);
  const { wallSeconds, steps } = ordered[Math.floor((ordered.length - 1) / 2)]!;
  const within = sumOf(steps.map(({ shares }) => shares));
  const aroundSeconds = wallSeconds - steps.reduce((sum, step) => sum + step.wallSeconds, 0);
  return { wallSeconds, aroundSeconds, steps, shares: { ...within, overhead: within.overhead + aroundSeconds } };
}
