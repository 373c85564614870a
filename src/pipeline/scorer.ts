import type { Champion } from '../registry/champions.ts';
import type { Config } from '../shared/config/schema.ts';
import { type Windows, dayOf } from '../shared/days.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';

/** A model that scores tonight, without a training. */
export interface Scorer {
  readonly modelRun: string;
  readonly why: string;
}

export interface ScorerRequest {
  readonly config: Config;
  readonly windows: Windows;
  readonly champion: Champion | null;
  /** `true`: the champion scores. A run id: that run's model does. */
  readonly scoreOnly: boolean | string;
}

/** Who scores tonight without a training: whoever was asked for, or a champion that is not yet so old that `train.every` asks for another. */
export function scorerOf({ config, windows, champion, scoreOnly }: ScorerRequest): Scorer | null {
  if (typeof scoreOnly === 'string') return { modelRun: scoreOnly, why: 'asked for' };
  if (scoreOnly && champion === null) throw noChampion(windows.asOf);
  if (champion === null) return null;
  if (scoreOnly) return { modelRun: champion.modelRun, why: 'asked for' };
  const { every } = config.train;
  const age = ageOf(champion.modelRun, windows);
  return every === undefined || age >= every ? null : { modelRun: champion.modelRun, why: `trained ${age} days ago; train.every is ${every} days` };
}

/** Days since a run's as-of date, which its id begins with. */
export function ageOf(runId: string, { asOfDay }: Windows): number {
  return asOfDay - dayOf(runId.slice(0, 10));
}

function noChampion(asOf: string): NightshiftError {
  return new NightshiftError({ code: 'no-champion', what: 'There is no champion that could score', where: '--score-only', found: `no model published before ${asOf}`, fix: 'run a night that trains first', exitCode: ExitCode.usage });
}
