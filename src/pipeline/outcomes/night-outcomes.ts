import { NightshiftError, messageOf } from '../../shared/errors.ts';
import { dayOf } from '../../shared/days.ts';
import type { Outcome } from '../../registry/outcomes.ts';
import { lastNights } from '../../report/outcomes-tables.ts';
import { dayColumn } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { type Published, SCORES, readPublished } from '../published.ts';
import { OUTCOMES_RESULT } from './alarm.ts';
import { RECENT_NIGHTS, ofModels, ofNights, ofRecent } from './groups.ts';
import { keepOutcomes } from './keep.ts';
import { outcomeOf } from './measure.ts';
import { knownCondition, scoresOfNights } from './night-scores.ts';

/**
 * Holds the scores of the last nights against the labels that tonight's `features` know of them, and keeps what is new. Costs a query
 * or two, since the features are at hand. Whatever goes wrong is a warning: the night is published.
 */
export async function updateOutcomes(step: StepContext): Promise<void> {
  const start = performance.now();
  let recent: Outcome | null = null;
  try {
    recent = await recentOutcome(step);
    step.log({ event: 'outcomes', seconds: (performance.now() - start) / 1000, message: recent === null ? 'no label of an earlier night is known yet' : `last ${lastNights(recent)}: ${recent.reason}` });
  } catch (thrown) {
    // Without what was found, which may be a value of a sensitive column.
    const why = thrown instanceof NightshiftError ? thrown.details.what : messageOf(thrown);
    step.log({ event: 'outcomes', status: 'warn', message: `how earlier nights came true was not measured: ${why}`, show: true });
  }
  step.writeResult(OUTCOMES_RESULT, { recent });
}

async function recentOutcome(step: StepContext): Promise<Outcome | null> {
  step.require('features');
  const published = await candidatesOf(step);
  if (published.length === 0) return null;
  const nights = (await scoresOfNights(step, { scores: SCORES, features: 'features', nights: published })).filter(({ data }) => data.labels.length > 0);
  const last = nights.at(-1);
  if (last === undefined) return null;
  const groups = [...ofNights(nights), ...ofModels(nights, [last.night.modelRun]), ...ofRecent(nights)];
  const { config, run: { places, windows } } = step;
  return step.record((registry) => {
    const outcomes = groups.map((group) => outcomeOf({ registry, config, knownAsOf: windows.asOf }, group));
    keepOutcomes(registry, outcomes, { places, warehouse: config.warehouse });
    return outcomes.at(-1)!;
  });
}

/** The last published nights before tonight that `features` reaches back to and knows labels of. */
async function candidatesOf(step: StepContext): Promise<readonly Published[]> {
  const warehouse = await step.warehouse();
  const { time, split } = step.config;
  const { asOf, trainFromDay } = step.run.windows;
  const earlier = (await readPublished(warehouse)).filter((night) => night.asOf < asOf);
  if (time === undefined) return earlier.slice(-RECENT_NIGHTS);
  const { identifier } = warehouse.dialect;
  const day = identifier(dayColumn(time));
  const found = await warehouse.rows(`SELECT DISTINCT ${day} AS known_day FROM ${identifier('features')} WHERE ${await knownCondition(step)}`);
  const days = new Set(found.map((row) => Number(row['known_day'])));
  const isKnown = (from: number): boolean => Array.from({ length: split.fresh_days }, (_, i) => from + i).some((one) => days.has(one));
  return earlier.filter((night) => dayOf(night.asOf) >= trainFromDay && isKnown(dayOf(night.asOf))).slice(-RECENT_NIGHTS);
}
