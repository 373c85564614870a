import { join } from 'node:path';
import type { Outcome } from '../../registry/outcomes.ts';
import { lastNights } from '../../report/outcomes-tables.ts';
import { readJsonFile } from '../../shared/files.ts';
import { type Places, workFolder } from '../places.ts';

/** What a publishing night leaves for its last line: how the last nights came true. */
export const OUTCOMES_RESULT = 'outcomes';

/** What a person should hear of the last nights, in the words that a night and `run.sh outcomes` share; null unless they fell below their promise. */
export function brokenText(recent: Pick<Outcome, 'nights' | 'verdict' | 'reason'> | null): string | null {
  if (recent?.verdict !== 'broken') return null;
  return `The last ${lastNights(recent)} whose labels are known fell below what the test batch promised, by more than noise: ${recent.reason}`;
}

/** How the last nights had come true when a run published; null where it did not, or no label was known. */
export function recentOutcome(places: Places, runId: string): Outcome | null {
  const result = readJsonFile(join(workFolder(places, runId), `${OUTCOMES_RESULT}.json`)) as { readonly recent: Outcome | null } | undefined;
  return result?.recent ?? null;
}
