import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { bytewise } from '../dataset/bytewise.ts';
import type { ArtefactRecord } from '../registry/records.ts';
import { sha256OfFile } from '../shared/hash.ts';
import { PAGE_FILE } from '../report/page/names.ts';
import { CARD_FILE } from './job/model-files.ts';
import { keptFolder } from './kept-batches.ts';
import type { Places } from './places.ts';

/** What is written at a run's end, and at any time again, from what is recorded. */
const AGAIN: ReadonlySet<string> = new Set([PAGE_FILE, CARD_FILE]);

/** Everything that a run has made: its model, its kept batches and, where it published them, its scores. */
export function artefactsOf(places: Places, { runId, scores }: { runId: string; scores: string | undefined }): readonly ArtefactRecord[] {
  const folders = [join(places.models, runId), keptFolder(places, runId)];
  const files = [...folders.flatMap(filesOf), ...(scores === undefined || !existsSync(scores) ? [] : [scores])];
  return files.map((file) => ({ path: relative(places.state, file).split(sep).join('/'), bytes: statSync(file).size, sha256: sha256OfFile(file) }));
}

function filesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !AGAIN.has(entry.name));
  return found.map((entry) => join(entry.parentPath, entry.name)).sort(bytewise);
}
