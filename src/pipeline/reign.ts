import { primaryMetric } from '../evaluation/metrics.ts';
import { type Champion, type RecordedEvent, follow } from '../registry/champions.ts';
import type { Record } from './record.ts';

/** A span of nights with one champion, and how it came to be. */
export interface Reign {
  readonly modelRun: string;
  /** Champion of the nights after this as-of date, up to and with `until`; null: to this day. */
  readonly after: string;
  readonly until: string | null;
  readonly action: RecordedEvent['action'];
  readonly byWhom: string;
  readonly why: string;
  readonly recordedAt: string;
  readonly pinnedUntil: string | null;
  readonly evidence: Evidence;
}

/** What its own test batch said of it, and of the champion that it was held against. */
export interface Evidence {
  readonly metric: string;
  readonly candidate: number | null;
  readonly champion: number | null;
}

/** Who was champion from when to when, the latest first; at most so many. */
export function reigns(record: Record, last: number): readonly Reign[] {
  const changes = changesOf(record.registry.champions.events());
  return changes
    .map(({ event, champion }, i) => ({ event, champion, until: changes[i + 1]?.event.asOf ?? null }))
    // A night published anew leaves its first champion no night.
    .filter(({ event, until }) => until !== event.asOf)
    .slice(-last)
    .reverse()
    .map(({ event, champion, until }) => ({ modelRun: champion.modelRun, after: event.asOf, until, action: event.action, byWhom: event.byWhom, why: event.why, recordedAt: event.recordedAt, pinnedUntil: champion.pinnedUntil, evidence: evidenceOf(record, champion.modelRun) }));
}

/** The events that changed something, with what they made. */
function changesOf(events: readonly RecordedEvent[]): readonly { readonly event: RecordedEvent; readonly champion: Champion }[] {
  const changes: { readonly event: RecordedEvent; readonly champion: Champion }[] = [];
  let before: Champion | null = null;
  for (const event of events) {
    const champion: Champion | null = follow(before, event);
    if (champion !== null && (champion.modelRun !== before?.modelRun || champion.pinnedUntil !== before.pinnedUntil)) changes.push({ event, champion });
    before = champion;
  }
  return changes;
}

function evidenceOf({ registry, config }: Record, runId: string): Evidence {
  const metric = config.metrics.primary ?? primaryMetric(config.task);
  const of = (model: string): number | null => registry.runs.metric(runId, { model, batch: 'test', metric })?.value ?? null;
  return { metric, candidate: of('candidate'), champion: of('champion') };
}
