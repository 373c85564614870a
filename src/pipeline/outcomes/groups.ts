import { dayOf } from '../../shared/days.ts';
import type { Group } from './measure.ts';
import type { NightScores } from './labelled-rows.ts';

/** So many nights with known labels, the last ones, say how a model or the service is doing now. */
export const RECENT_NIGHTS = 7;

/** Ages of models at the as-of date that they scored, in days, to and with the last. */
const AGES: readonly (readonly [name: string, until: number])[] = [['0–1 days', 1], ['2–7 days', 7], ['8–30 days', 30], ['over 30 days', Number.POSITIVE_INFINITY]];

/** Days from the as-of date of a model's run to that of the night that it scored. */
export function ageAt(modelRun: string, asOf: string): number {
  return dayOf(asOf) - dayOf(modelRun.slice(0, 10));
}

export function ofNights(nights: readonly NightScores[]): readonly Group[] {
  return nights.map((one) => ({ kind: 'night', name: one.night.asOf, nights: [one] }));
}

/** The last nights, whichever models scored them: with a model a night, one night alone would seldom have rows enough. */
export function ofRecent(nights: readonly NightScores[]): readonly Group[] {
  return nights.length === 0 ? [] : [{ kind: 'recent', name: 'last nights', nights: nights.slice(-RECENT_NIGHTS) }];
}

/** Of each model its last nights. */
export function ofModels(nights: readonly NightScores[], modelRuns: readonly string[]): readonly Group[] {
  return modelRuns.map((name) => ({ kind: 'model', name, nights: nights.filter(({ night }) => night.modelRun === name).slice(-RECENT_NIGHTS) }));
}

export function ofAges(nights: readonly NightScores[]): readonly Group[] {
  return AGES.map(([name, until], i): Group => ({ kind: 'age', name, nights: nights.filter(({ night: { modelRun, asOf } }) => ageAt(modelRun, asOf) <= until && ageAt(modelRun, asOf) > (AGES[i - 1]?.[1] ?? -1)) })).filter((group) => group.nights.length > 0);
}
