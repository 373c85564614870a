import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Contract } from '../dataset/contract.ts';
import { writeFileWhole } from '../shared/files.ts';
import type { TrainingSummary } from './family.ts';

/** What `model.json` of a model's folder says, whatever its family. */
export interface Description {
  readonly family: string;
  readonly contract: Contract;
  readonly summary: TrainingSummary;
}

export const DESCRIPTION_FILE = 'model.json';

export function writeDescription(folder: string, description: Description): void {
  writeFileWhole(path.join(folder, DESCRIPTION_FILE), `${JSON.stringify(description, null, 1)}\n`);
}

/** Reads `model.json` of a folder whose manifest holds. */
export function readDescription(folder: string): Description {
  return JSON.parse(readFileSync(path.join(folder, DESCRIPTION_FILE), 'utf8')) as Description;
}
