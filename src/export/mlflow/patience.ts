import { setTimeout as sleepFor } from 'node:timers/promises';
import { NightshiftError } from '../../shared/errors.ts';

/** Trouble that may pass by itself: whoever asked may ask again after a while. */
export class Passing extends Error {
  readonly error: NightshiftError;
  /** What the server asked for, in seconds. */
  readonly after: number | undefined;

  constructor(error: NightshiftError, after?: number) {
    super(error.message);
    this.error = error;
    this.after = after;
  }
}

export interface Patience {
  /** Seconds before each further try. */
  readonly pauses: readonly number[];
  readonly sleep: (seconds: number) => Promise<void>;
  readonly tell: (text: string) => void;
}

/** No server makes us wait longer than this for one answer. */
const LONGEST_PAUSE = 60;

/** Pauses that double from half a second, for so many further tries. */
export function doubling(retries: number): readonly number[] {
  return Array.from({ length: retries }, (_, i) => Math.min(0.5 * 2 ** i, LONGEST_PAUSE));
}

export async function sleep(seconds: number): Promise<void> {
  await sleepFor(seconds * 1000);
}

/**
 * Does something that may meet `Passing` trouble, again after a pause, at most once a pause that there is. What it does begins by
 * reading how far it came: an answer that never arrived may be to a request that was carried out.
 */
export async function patiently<T>(operation: () => Promise<T>, { pauses, sleep, tell }: Patience): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await operation();
    } catch (thrown) {
      if (!(thrown instanceof Passing)) throw thrown;
      const pause = pauses[tried];
      if (pause === undefined) throw afterTries(thrown.error, tried + 1);
      const seconds = Math.min(Math.max(thrown.after ?? 0, pause), LONGEST_PAUSE);
      tell(`${thrown.error.details.what}; again in ${seconds} s`);
      await sleep(seconds);
    }
  }
}

function afterTries({ details }: NightshiftError, tries: number): NightshiftError {
  if (tries === 1) return new NightshiftError(details);
  return new NightshiftError({ ...details, found: `${details.found ?? 'no answer'} (${tries} times)` });
}
