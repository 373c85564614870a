/** A line of a step's log, as far as time goes. */
export interface TimedEvent {
  readonly event: string;
  readonly seconds: number;
}

/** Where a step's wall time went; the shares add up to it. */
export interface Shares {
  /** Queries of the scripts and the checks of sources and batches. */
  readonly sql: number;
  /** Fitting models, without the reading of their rows. */
  readonly training: number;
  /** The batch's own tests, Jest's start among them. */
  readonly tests: number;
  /** Everything else: the process's start and end, moving rows, metrics, scores, files, logs. */
  readonly overhead: number;
}

type Kind = 'sql' | 'training' | 'tests';

/** Splits a step's wall time by what its log says. What the log does not speak of is overhead, so that nothing hides. */
export function sharesOf(wallSeconds: number, events: readonly TimedEvent[]): Shares {
  const spent = { sql: 0, training: 0, tests: 0 };
  for (const { event, seconds } of events) {
    const kind = kindOf(event);
    if (kind !== undefined) spent[kind] += event.startsWith('read rows for ') ? -seconds : seconds;
  }
  return { ...spent, overhead: wallSeconds - spent.sql - spent.training - spent.tests };
}

/** What an event of a step's log is; undefined for what is overhead, or told by another event. */
function kindOf(event: string): Kind | undefined {
  if (/^steps\/\d+-test\/.*\.sql$/.test(event) || event === 'Jest' || event === 'replay') return 'tests';
  if (event.endsWith('.sql') || event.startsWith('source ') || event.startsWith('blind test ') || event === 'leak checks') return 'sql';
  return event.startsWith('fit ') || event.startsWith('read rows for ') ? 'training' : undefined;
}

export function sumOf(shares: readonly Shares[]): Shares {
  const total = (key: keyof Shares): number => shares.reduce((sum, one) => sum + one[key], 0);
  return { sql: total('sql'), training: total('training'), tests: total('tests'), overhead: total('overhead') };
}
