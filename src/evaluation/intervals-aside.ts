import { NightshiftError, type ErrorDetails } from '../shared/errors.ts';
import { startWorker, workerFault } from '../shared/workers.ts';
import { type BootstrapOptions, type Interval, bootstrapIntervals } from './bootstrap.ts';
import type { MeasuredRows } from './slices.ts';

export type IntervalOptions = Omit<BootstrapOptions, 'metric' | 'clusters'> & { readonly metrics: readonly string[]; readonly resamples: number };

export interface IntervalRequest {
  readonly parts: readonly MeasuredRows[];
  readonly options: IntervalOptions;
}

/** By part, and by metric. */
export type Intervals = readonly ReadonlyMap<string, Interval>[];

export type IntervalReply = { readonly intervals: Intervals } | { readonly error: ErrorDetails };

const WHAT = 'The thread that works out the intervals of metrics ended before it was done';

/** Rows drawn in all from which on a thread of its own is worth its start. */
const WORTH_DRAWS = 3e6;

export function intervalsOfParts({ parts, options }: IntervalRequest): Intervals {
  return parts.map(({ data, clusters }) => bootstrapIntervals(data, { ...options, clusters }));
}

/** The intervals of each part's metrics, as `bootstrapIntervals` gives them; of many rows on a thread of its own, while the caller goes on. */
export async function intervalsAside(request: IntervalRequest): Promise<Intervals> {
  const draws = request.parts.reduce((sum, { data }) => sum + data.labels.length, 0) * request.options.resamples;
  return draws < WORTH_DRAWS ? intervalsOfParts(request) : onThread(request);
}

function onThread(request: IntervalRequest): Promise<Intervals> {
  const worker = startWorker('intervals', request);
  return new Promise<Intervals>((resolve, reject) => {
    const fail = (details: ErrorDetails): void => reject(new NightshiftError(details));
    worker.on('message', (reply: IntervalReply) => ('error' in reply ? fail(reply.error) : resolve(reply.intervals)));
    worker.on('error', (cause) => fail(workerFault(WHAT, cause)));
    worker.on('exit', (code) => fail({ code: 'worker-died', what: WHAT, found: `exit code ${code}`, fix: 'give the machine more memory' }));
  });
}
