import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FittedModel } from '../../model/family.ts';
import { loadModel, modelHash } from '../../model/folder.ts';
import { MANIFEST_FILE } from '../../model/manifest.ts';
import type { ArtefactRecord } from '../../registry/records.ts';
import { NightshiftError } from '../../shared/errors.ts';
import type { Places } from '../places.ts';

/**
 * Loads the model of a run: `model-missing` where its folder is gone, `model-altered` where a file in it is not as it was saved, or
 * the whole folder is not the one that the record names.
 */
export async function loadRecorded(places: Places, runId: string, artefacts: readonly ArtefactRecord[]): Promise<FittedModel> {
  const folder = join(places.models, runId);
  if (!existsSync(folder)) throw new NightshiftError({ code: 'model-missing', what: `The model folder of run ${runId} is gone`, where: folder, found: 'no such folder', expected: 'the folder that its training saved', fix: 'restore it from a copy, or run the night again' });
  const recorded = artefacts.find(({ path }) => path === `models/${runId}/${MANIFEST_FILE}`);
  const found = modelHash(folder);
  if (recorded === undefined || recorded.sha256 === found) return loadModel(folder);
  throw new NightshiftError({ code: 'model-altered', what: `The model folder of run ${runId} is not the one that its record names`, where: join(folder, MANIFEST_FILE), found: `sha256 ${found}`, expected: `sha256 ${recorded.sha256}`, fix: 'restore it from a copy, or run the night again' });
}
