import type { RowCounts } from '../../batchfile/read.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import type { Made } from './predict.ts';

/** The reason of a row for which the model's own SQL gives no features. */
export const UNMADE = 'no-features';

/** What became of a batch's rows: those that were scored and rejected are those that were read. */
export interface ScoreCounts {
  readonly read: number;
  readonly scored: number;
  readonly rejected: number;
  readonly byReason: Readonly<Record<string, number>>;
}

/** Counts of the file's rows, in which those without features are rejected, too. */
export function countsOf({ read, rejected, byReason }: RowCounts, { unmade: { size: unmade }, rows }: Made): ScoreCounts {
  return { read, scored: rows - unmade, rejected: rejected + unmade, byReason: unmade === 0 ? byReason : { ...byReason, [UNMADE]: unmade } };
}

/** Throws `too-many-rejects` above a share of the rows, from 0 to 1. */
export function requireFew({ read, rejected, byReason }: ScoreCounts, most: number): void {
  if (read === 0 || rejected / read <= most) return;
  const reasons = Object.entries(byReason).map(([reason, count]) => `${count} ${reason}`).join(', ');
  throw new NightshiftError({
    code: 'too-many-rejects',
    what: 'Too many rows of the batch break the contract, so nothing is delivered',
    where: 'score.limits.max_reject_share in pipeline.yaml',
    found: `${rejected} of ${read} rows: ${reasons}`,
    expected: `at most ${(most * 100).toFixed(1)}%`,
    fix: 'see the rejects, mend the batch, or allow more',
    exitCode: ExitCode.checksFailed,
  });
}
