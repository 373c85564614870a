import type { Value } from './values.ts';

/**
 * What a replay says of a value. `peeks`: it depends on what came after. `trained-otherwise`: a later run learned from another
 * value than the one that was scored. `rewritten`: what the sources say of the past has changed. `gone`: the row is no longer there.
 */
export type Verdict = 'equal' | 'peeks' | 'trained-otherwise' | 'rewritten' | 'gone';

export const VERDICTS = ['equal', 'peeks', 'trained-otherwise', 'rewritten', 'gone'] as const satisfies readonly Verdict[];

/** One value as it was kept and as it comes out again; undefined where nothing is there to be compared with. */
export interface Seen {
  readonly kept: Value | undefined;
  readonly open: Value | undefined;
  /** With what became known after the row's cutoff hidden. */
  readonly blind: Value | undefined;
  /** With what became known, or is dated, after the night hidden. */
  readonly atNight: Value | undefined;
  /** What a later run learned from. */
  readonly trained: Value | undefined;
}

/** The gravest that can be said, causes before symptoms: what sees the future also comes out otherwise, and is trained otherwise. */
export function verdictOf({ kept, open, blind, atNight, trained }: Seen): Exclude<Verdict, 'gone'> {
  if (blind !== undefined && !Object.is(open, blind)) return 'peeks';
  if (!Object.is(kept, open) && Object.is(kept, atNight)) return 'peeks';
  if (trained !== undefined && !Object.is(kept, trained)) return 'trained-otherwise';
  return Object.is(kept, open) ? 'equal' : 'rewritten';
}
