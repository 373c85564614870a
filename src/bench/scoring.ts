import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NightshiftError } from '../shared/errors.ts';
import { launch } from './launch.ts';
import type { Kind } from './night.ts';
import { AS_OF, writeOrders } from './orders.ts';
import { makeShop } from './shop.ts';

export interface ScoringRequest {
  readonly rows: number;
  readonly families: readonly string[];
  readonly warehouses: readonly Kind[];
  readonly progress: (text: string) => void;
}

/** What the scoring of one file took. */
export interface ScoringFigures {
  readonly warehouse: Kind;
  readonly family: string;
  readonly rows: number;
  readonly megabytes: number;
  /** From the command's start to its end. */
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** By phase; what lies outside of them is the start. */
  readonly seconds: Readonly<Record<string, number>>;
}

interface ScoreJson {
  readonly read: number;
  readonly scored: number;
  readonly rejected: number;
  readonly seconds: Readonly<Record<string, number>>;
  readonly cpu_seconds: number;
  readonly peak_mb: number;
}

/** Trains a model by a night in a project of its own, then scores a CSV file of so many rows to another, as `run.sh score` does. */
export async function benchScoring({ rows, families, warehouses, progress }: ScoringRequest): Promise<readonly ScoringFigures[]> {
  const figures: ScoringFigures[] = [];
  for (const warehouse of warehouses) {
    for (const family of families) {
      const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-score-'));
      try {
        progress(`${warehouse}, ${family}: a night`);
        await makeShop({ folder, warehouse, family, fresh: 1000 });
        await launch(['--project', folder, '--warehouse', warehouse]);
        progress(`${warehouse}, ${family}: ${rows} rows`);
        figures.push(await scored({ folder, warehouse, family, rows }));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }
  return figures;
}

async function scored({ folder, warehouse, family, rows }: { readonly folder: string; readonly warehouse: Kind; readonly family: string; readonly rows: number }): Promise<ScoringFigures> {
  const input = join(folder, 'orders.csv');
  writeOrders(input, rows);
  const { json, wallSeconds } = await launch(['score', '--project', folder, '--warehouse', warehouse, '--as-of', AS_OF, '--input', input, '--output', join(folder, 'scores.csv')]);
  const { read, scored: done, rejected, seconds, cpu_seconds: cpuSeconds, peak_mb: peakMb } = json as ScoreJson;
  if (read !== rows || done + rejected !== read || rejected > 0) throw new NightshiftError({ code: 'bench-failed', what: 'Not every row was scored', found: `${read} read, ${done} scored, ${rejected} rejected`, expected: `${rows} scored` });
  return { warehouse, family, rows, megabytes: statSync(input).size / 1e6, wallSeconds, cpuSeconds, peakMb, seconds };
}
