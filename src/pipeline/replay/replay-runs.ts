import { join } from 'node:path';
import type { RunLine } from '../../registry/records.ts';
import type { Registry } from '../../registry/registry.ts';
import { NightshiftError } from '../../shared/errors.ts';
import type { Talk } from '../context.ts';
import { keptFolder } from '../kept-batches.ts';
import { makerOf, makersOf } from '../plan.ts';
import type { Project } from '../prepare.ts';
import { type Parts, partsOf } from './parts.ts';
import { type Replay, replay } from './replay.ts';

/** Unless runs are named, so many of the last ones are replayed. */
export const MOST_RUNS = 10;

export interface RunsRequest {
  readonly project: Project;
  readonly registry: Registry;
  /** The only runs; where none are named, the last ones whose batches are kept. */
  readonly runIds: readonly string[] | undefined;
  readonly rows: number;
  readonly talk: Talk;
}

/** Replays rows of runs whose batches are kept. Throws `batches-gone` where nothing is kept, or nothing that can be replayed. */
export async function replayRuns({ project, registry, runIds, rows, talk }: RunsRequest): Promise<Replay & Pick<Parts, 'skipped'>> {
  const { config, places, plan } = project;
  const request = { registry, places, kind: config.warehouse, extract: makerOf(plan, 'features') ?? '' };
  const all = registry.runs.list();
  const found = partsOf(request, all);
  const wanted = runIds ?? lastOf(found, all);
  const parts = found.parts.filter((part) => wanted.includes(part.runId));
  const skipped = found.skipped.filter(({ run }) => runIds?.includes(run) !== false);
  if (parts.length === 0) throw nothingKept(runIds === undefined ? join(places.data, 'batches') : runIds.map((run) => keptFolder(places, run)).join(', '), skipped);
  return { ...(await replay({ places, makers: makersOf(plan), config, parts, later: found.parts, rows, talk })), skipped };
}

function lastOf({ parts }: Parts, all: readonly RunLine[]): readonly string[] {
  return all.map(({ runId }) => runId).filter((run) => parts.some((part) => part.runId === run)).slice(0, MOST_RUNS);
}

function nothingKept(where: string, [first]: Parts['skipped']): NightshiftError {
  return new NightshiftError({
    code: 'batches-gone',
    what: 'No batches are kept that could be replayed',
    where,
    found: first === undefined ? 'nothing kept' : `${first.run}: ${first.why}`,
    expected: 'what the run kept; retention: in pipeline.yaml says for how long',
    fix: 'name a later run: run.sh runs',
  });
}
