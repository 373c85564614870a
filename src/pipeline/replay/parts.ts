import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Registry } from '../../registry/registry.ts';
import type { RunLine } from '../../registry/records.ts';
import type { Config } from '../../shared/config/schema.ts';
import { type Windows, windowsOf } from '../../shared/days.ts';
import { readJsonFile } from '../../shared/files.ts';
import type { ScoringResult } from '../job/score.ts';
import { keptFile } from '../kept-batches.ts';
import { type Places, workFolder } from '../places.ts';
import { hasRecipe } from './recipe.ts';

/** One batch that is kept of a run. */
export interface Part {
  readonly runId: string;
  readonly asOf: string;
  /** The run's own. */
  readonly windows: Windows;
  readonly batch: 'fresh' | 'test' | 'train';
  /** The run whose model's SQL made its features: of a fresh batch, the one that scored it. */
  readonly modelRun: string;
}

export interface Parts {
  readonly parts: readonly Part[];
  /** Runs of which something is kept that cannot be replayed, and why. */
  readonly skipped: readonly { readonly run: string; readonly why: string }[];
}

export interface PartsRequest {
  readonly registry: Registry;
  readonly places: Places;
  /** The engine: another's SQL is not run. */
  readonly kind: Config['warehouse'];
  /** The step whose SQL makes features. */
  readonly extract: string;
}

/** The batches that are kept of some runs, in their order. */
export function partsOf(request: PartsRequest, runs: readonly RunLine[]): Parts {
  const found = runs.map((run) => partsOfRun(request, run));
  return { parts: found.flatMap(({ parts }) => parts), skipped: found.flatMap(({ skipped }) => skipped) };
}

function partsOfRun({ registry, places, kind, extract }: PartsRequest, { runId, asOf, warehouse }: RunLine): Parts {
  const own = warehouse === 'duckdb' ? 'duckdb' : 'sqlite';
  const isKept = (kept: 'learned' | 'scored'): boolean => existsSync(keptFile(places, { runId, kind: own, kept }));
  const kept = [...(isKept('scored') ? (['fresh'] as const) : []), ...(isKept('learned') ? (['test', 'train'] as const) : [])];
  if (kept.length === 0) return { parts: [], skipped: [] };
  const skip = (why: string): Parts => ({ parts: [], skipped: [{ run: runId, why }] });
  if (own !== kind) return skip(`it was made by ${own}; --warehouse ${own} replays it`);
  const inputs = registry.runs.inputs(runId);
  const { split, lead } = inputs['config'] as Config;
  const scorer = scorerOf({ registry, places }, runId, inputs);
  const parts = kept.map((batch): Part => ({ runId, asOf, windows: windowsOf(asOf, split, lead), batch, modelRun: batch === 'fresh' ? scorer : runId }));
  const lost = parts.find(({ modelRun }) => !hasRecipe(places, { modelRun, extract }));
  const there = parts.filter(({ modelRun }) => hasRecipe(places, { modelRun, extract }));
  return lost === undefined ? { parts, skipped: [] } : { parts: there, skipped: [{ run: runId, why: `the SQL of its ${lost.batch} batch is gone with the model folder ${join(places.models, lost.modelRun)}` }] };
}

/** Whose model scored a run's fresh batch: as its own working files say, or else the record. */
function scorerOf({ registry, places }: Pick<PartsRequest, 'registry' | 'places'>, runId: string, inputs: Readonly<Record<string, unknown>>): string {
  const scoring = readJsonFile(join(workFolder(places, runId), 'scoring.json')) as ScoringResult | undefined;
  return scoring?.modelRun ?? (inputs['scorer'] as string | undefined) ?? registry.runs.publishedModel(runId) ?? runId;
}
