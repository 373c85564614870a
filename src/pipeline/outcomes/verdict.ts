import { tooFew } from '../../evaluation/enough.ts';
import { LEAST_PARTS } from '../../evaluation/mean-of-parts.ts';
import { metricNamed } from '../../evaluation/metrics.ts';
import { type Estimated, type Figure, errorOfInterval, holdPromise, studentQuantile } from '../../evaluation/promise.ts';
import type { Outcome } from '../../registry/outcomes.ts';
import { changeText, figureText } from '../../report/comparison-numbers.ts';
import type { Config } from '../../shared/config/schema.ts';
import type { Pool } from './pool.ts';

export interface Judged {
  readonly config: Config;
  readonly metric: string;
  readonly nights: number;
  /** The rows of all nights. */
  readonly pool: Pool;
  /** The mean over nights, with its error over nights and the interval that rows alone would give it. */
  readonly real: Estimated;
  readonly ofRows: Pick<Figure, 'low' | 'high'>;
  readonly promised: Figure;
}

/** What is said of a promise, and the interval of what became true. */
export interface Judgement extends Pick<Outcome, 'verdict' | 'reason'> {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Whether nights kept what the test batch promised. Rows of one night have its weather in common, so the error is that over nights, in
 * Student's distribution of so few, or that over rows (or entities, which nights may share) where it is larger.
 */
export function judgePromise({ config: { task, metrics: { level } }, metric, nights, pool, real, ofRows, promised }: Judged): Judgement {
  const { title, direction } = metricNamed(task, metric, 'metrics.primary');
  const figures = `${title} ${figureText(real.value)}, promised ${figureText(promised.value)}`;
  const unclear = (why: string): Judgement => ({ verdict: 'unclear', reason: `${figures}; ${why}`, ...(nights === 1 ? ofRows : { low: null, high: null }) });
  if (promised.value === null) return unclear('the record has no such metric of the test batch');
  const few = nights < LEAST_PARTS ? `${nights} of at least ${LEAST_PARTS} nights` : tooFew({ task, metric, labels: pool.data.labels, clusters: pool.clusters });
  if (few !== null) return unclear(`too few to tell: ${few}`);
  const overRows = errorOfInterval(ofRows, level);
  if (real.value === null || real.error === null || overRows === null) return unclear(`too few nights define it`);
  const critical = studentQuantile((1 + level) / 2, nights - 1);
  const error = Math.max(real.error, overRows);
  const kept = holdPromise({ real: { value: real.value, error }, promised: { value: promised.value, error: errorOfInterval(promised, level) }, critical, direction });
  const interval = { low: real.value - critical * error, high: real.value + critical * error };
  if (kept.low === null) return { ...unclear('the test batch gave it no interval'), ...interval };
  return { verdict: kept.verdict, reason: `${figures}: ${changeText(kept.value)} (${changeText(kept.low)} to ${changeText(kept.high)})`, ...interval };
}
