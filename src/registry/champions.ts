import type Database from 'better-sqlite3';

export type ChampionAction = 'published' | 'promoted' | 'rolled back' | 'pinned' | 'unpinned';

/** A change of champion, with effect for the nights after an as-of date. */
export interface ChampionEvent {
  readonly asOf: string;
  readonly modelRun: string;
  readonly action: ChampionAction;
  readonly why: string;
  /** `the night`, or who gave the command. */
  readonly byWhom: string;
  /** The last night of a pin. */
  readonly until: string | null;
}

export interface RecordedEvent extends ChampionEvent {
  readonly sequence: number;
  readonly recordedAt: string;
}

export interface Champion {
  readonly modelRun: string;
  /** Champion of the nights after this as-of date. */
  readonly since: string;
  /** The last night on which nothing may replace it; null where anything may. */
  readonly pinnedUntil: string | null;
}

/** Who is champion of which night: the events in the order of their dates, and of their recording within one. */
export class Champions {
  readonly #database: Database.Database;
  readonly #now: () => Date;

  constructor(database: Database.Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
  }

  record({ asOf, modelRun, action, why, byWhom, until }: ChampionEvent): void {
    this.#database
      .prepare('INSERT INTO champions (as_of, model_run, action, why, recorded_at, by_whom, until) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(asOf, modelRun, action, why, this.#now().toISOString(), byWhom, until);
  }

  /** All events, the oldest date first. */
  events(): readonly RecordedEvent[] {
    return this.#database
      .prepare<[], RecordedEvent>('SELECT sequence, as_of AS asOf, model_run AS modelRun, action, why, by_whom AS byWhom, until, recorded_at AS recordedAt FROM champions ORDER BY as_of, sequence')
      .all();
  }

  /** The model last published or promoted with effect before a date, or the one pinned for it; null where there is none. */
  championFor(asOf: string): Champion | null {
    return this.events().filter((event) => event.asOf < asOf).reduce(follow, null as Champion | null);
  }

  /** The champion of the night after a date. */
  after(asOf: string): Champion | null {
    return this.events().filter((event) => event.asOf <= asOf).reduce(follow, null as Champion | null);
  }

  /** The champion of the next night. */
  latest(): Champion | null {
    return this.events().reduce(follow, null as Champion | null);
  }
}

/** What an event makes of the champion before it. While a pin holds, what nights publish displaces nobody. */
export function follow(champion: Champion | null, { asOf, modelRun, action, until }: ChampionEvent): Champion | null {
  const isPinned = champion !== null && champion.pinnedUntil !== null && asOf <= champion.pinnedUntil;
  if (action === 'published' && isPinned) return champion;
  if (action === 'unpinned') return champion === null ? null : { ...champion, pinnedUntil: null };
  return { modelRun, since: asOf, pinnedUntil: action === 'pinned' ? until : null };
}
